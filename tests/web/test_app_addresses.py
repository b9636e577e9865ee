"""Which addresses the clinic's form takes, what begins a row, and what becomes of it later."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings

from casewell.connections.models import COMMAND_LINE
from tests.connections.world import URL, approved, button
from tests.web.app_rows import HERE, added, as_drawn, drawn, names, together
from tests.world import words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

# The button that adds a row from the list, as browsers without scripts send it.
FROM_THE_LIST = {"add": "listed", "start": "https://*.example.com/patients"}
VECTORS = json.loads(Path("tests/vectors/patient_app_urls.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["id"] for vector in VECTORS])
def test_the_form_takes_exactly_the_addresses_that_the_vectors_say(
    northside: Practice, admin: Client, vector: dict[str, Any]
) -> None:
    # A pattern that cannot be approved admits nothing.
    try:
        approved(vector["pattern"])
    except ValidationError:
        assert not vector["expect"]

    answer = admin.post(HERE, added(url=vector["url"]))

    assert (answer.status_code == 302) is vector["expect"]
    kept = northside.account.connected_apps.first()
    assert bool(kept) is vector["expect"]
    if kept:
        launch = kept.launch(northside.patient("New", "One", pk=1), by=northside.by)
        assert launch.address == vector["launch_url_for_patient_1"]


def test_a_row_of_the_approved_list_is_filled_in_and_a_wildcard_asks_for_its_label(
    northside: Practice, admin: Client
) -> None:
    approved()
    approved("https://scans.example.com/open", name="Scans")
    exact = admin.get(f"{HERE}/row?start=https://scans.example.com/open").content.decode()
    wild = admin.post(HERE, FROM_THE_LIST)

    assert 'value="https://scans.example.com/open"' in exact
    assert 'value="Scans"' in exact
    assert "https://</span>" in wild.content.decode()
    assert ".example.com/patients</span>" in wild.content.decode()
    sent = drawn(wild)
    [key] = sent["row"]
    for label, sentence in (
        ("", "Give what the vendor has told you for it"),
        ("a.b", "no dots"),
        ("-a", "begin or end with a dash"),
        ("xn--a", "no valid international name"),
    ):
        refused = admin.post(HERE, sent | {f"{key}-label": label})
        assert refused.status_code == 422
        assert sentence in words_in(refused.content.decode())
        assert ".example.com/patients</span>" in refused.content.decode()

    assert admin.post(HERE, sent | {f"{key}-label": "AU"}).status_code == 302
    assert northside.account.connected_apps.get().url == URL


def test_a_row_that_began_with_an_entry_that_is_suspended_meanwhile_is_refused(
    northside: Practice, admin: Client
) -> None:
    app = approved()
    sent = drawn(admin.post(HERE, FROM_THE_LIST))
    app.suspend(by=COMMAND_LINE)

    answer = admin.post(HERE, sent | {f"{sent['row'][0]}-label": "au"})

    assert answer.status_code == 422
    assert names(northside) == []
    assert "Exercises" not in admin.get(HERE).content.decode()


def test_a_suspended_app_says_so_and_stops_no_other_row(northside: Practice, admin: Client) -> None:
    suspended = approved()
    approved("https://scans.example.com/open", name="Scans")
    button(northside)
    lost = button(northside, "Lost", url="https://lost.example.com/open")
    suspended.suspend(by=COMMAND_LINE)

    page = words_in(admin.get(HERE).content.decode())
    new = added(name="Scans", url="https://scans.example.com/open")
    answer = admin.post(HERE, together(as_drawn(admin) | {f"{lost.pk}-name": "Last"}, new))

    assert "“Exercises” is suspended" in page
    assert "Its address is no longer approved, so nobody has the button." in page
    assert answer.status_code == 302
    assert names(northside) == ["Exercises", "Last", "Scans"]
    assert admin.post(HERE, added(name="Again")).status_code == 422


def test_an_international_name_is_shown_with_what_it_reads_as(
    northside: Practice, admin: Client
) -> None:
    approved()
    button(northside, url="https://xn--mnchen-3ya.example.com/patients")

    page = admin.get(HERE).content.decode()

    assert "https://xn--mnchen-3ya.example.com/patients" in page
    assert "reads as münchen.example.com" in words_in(page)


def test_the_page_says_whom_to_ask_for_an_approval(admin: Client) -> None:
    with override_settings(HELP_CONTACT="ops@casewell.example"):
        page = admin.get(HERE).content.decode()

    assert 'href="mailto:ops@casewell.example"' in page
    assert 'href="/integrators/propose"' in page
    assert "No app is connected yet" in page
    assert "approved list" not in words_in(page)  # there is nothing on it


def test_the_approved_list_marks_what_is_added_already_and_offers_the_rest_first(
    northside: Practice, admin: Client
) -> None:
    approved()
    approved("https://scans.example.com/open", name="Scans")
    approved("https://a.example.com/open", name="Aardvark")
    scans = button(northside, "Ours", url="https://scans.example.com/open")
    button(northside, url=URL)

    def offered() -> list[tuple[str, bool]]:
        page = admin.get(HERE).content.decode()
        found = re.findall(r'<option value="https[^"]*"( disabled)?>([^<]*)</option>', page)
        return [(words, bool(is_off)) for is_off, words in found]

    assert offered() == [
        ("Aardvark · https://a.example.com/open", False),
        ("Exercises · https://*.example.com/patients", False),
        ("Scans · https://scans.example.com/open · added", True),
    ]
    scans.archive(by=northside.by)
    assert ("Scans · https://scans.example.com/open", False) in offered()


def test_where_all_of_the_approved_list_is_added_it_says_so(
    northside: Practice, admin: Client
) -> None:
    assert "approved list" not in words_in(admin.get(HERE).content.decode())
    approved("https://scans.example.com/open", name="Scans")
    button(northside, url="https://scans.example.com/open")

    page = words_in(admin.get(HERE).content.decode())
    assert "All apps of the approved list are added." in page
    assert "Add this" not in page
