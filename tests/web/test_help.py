"""Help: each guide is a page, its links lead somewhere, and pages open it at the right part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings

from casewell.cases.models import Programme, shipped_programmes
from casewell.web import guides
from casewell.web.guides import FOLDER, GUIDES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import Practice

HOME = "/northside/help"
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def test_every_guide_is_a_page_and_every_file_a_guide(admin: Client) -> None:
    home = admin.get(HOME).content.decode()

    assert set(FOLDER.glob("*.md")) <= {guide.file for guide in GUIDES}
    for guide in GUIDES:
        page = admin.get(f"{HOME}/{guide.name}").content.decode()
        assert f'href="{HOME}/{guide.name}"' in home
        assert page.count("<h1") == 1
        assert "<h2" in page


def test_each_link_between_guides_leads_to_a_part_that_is_there(admin: Client) -> None:
    pages = {
        f"{HOME}/{one.name}": admin.get(f"{HOME}/{one.name}").content.decode() for one in GUIDES
    }
    links = {
        link for page in pages.values() for link in re.findall(rf'href="({HOME}/[^"]+)"', page)
    }
    assert any("#" in link for link in links)

    for link in links:
        address, _, anchor = link.partition("#")
        assert address in pages, link
        assert not anchor or f'id="{anchor}"' in pages[address], link


def test_pages_open_the_help_at_the_part_that_explains_them(
    northside: Practice, admin: Client
) -> None:
    dva = Programme.adopt(northside.account, "au-dva-cycle", by=northside.by)
    case = northside.case(programme=dva)
    pages = ("cases", f"cases/{case.pk}", f"cases/{case.pk}/edit", "settings/programmes", "today")
    links: set[str] = set()
    for path in pages:
        found = re.findall(
            rf'href="({HOME}/[^"]+)"', admin.get(f"/northside/{path}").content.decode()
        )
        assert found, path
        links.update(found)

    for link in links:
        address, _, anchor = link.partition("#")
        page = admin.get(address)
        assert page.status_code == 200
        assert not anchor or f'id="{anchor}"' in page.content.decode(), link


def test_each_shipped_programme_is_explained(admin: Client) -> None:
    page = admin.get(f"{HOME}/programmes").content.decode()

    for shipped in shipped_programmes().values():
        name = shipped["name"].replace("'", "&#x27;")
        assert f">{name}</h2>" in page or f">{shipped['name']}</h2>" in page
        for doubt in shipped.get("unconfirmed", []):
            assert doubt.replace("'", "&#x27;") in page or doubt in page


def test_a_picture_is_shown_where_it_was_taken_and_else_left_out(
    admin: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guides, "PICTURES", tmp_path)
    before = admin.get(f"{HOME}/today").content.decode()
    (tmp_path / "today-desktop-light.webp").write_bytes(b"RIFF")

    assert "/static/guides/today-desktop-light.webp" not in before
    with override_settings(STORAGES=PLAIN):
        after = admin.get(f"{HOME}/today").content.decode()
    assert "/static/guides/today-desktop-light.webp" in after


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("help@clinic.example", '<a href="mailto:help@clinic.example">help@clinic.example</a>'),
        ("03 9000 0000", '<a href="tel:0390000000">03 9000 0000</a>'),
        ("https://help.example", '<a href="https://help.example">'),
        ("Ask Jo <at> the desk", "Ask Jo &lt;at&gt; the desk"),
        ("", "has set no contact"),
    ],
)
def test_whom_to_ask_is_the_operators_word(admin: Client, contact: str, shown: str) -> None:
    with override_settings(HELP_CONTACT=contact):
        assert shown in admin.get(HOME).content.decode()
