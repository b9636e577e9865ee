"""What browsers are sent: vendored code whole and listed, pages free of what the CSP bars."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

if TYPE_CHECKING:
    from collections.abc import Callable

WEB = Path(__file__).resolve().parents[2] / "casewell" / "web"
STATIC = WEB / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
# What pages link to.
TOPS = sorted(
    {top for page in TEMPLATES for top in re.findall(r"css/([\w-]+\.css)", page.read_text())}
)
FIRST_VISIT_BYTES = 300_000


def test_every_vendored_file_is_listed_with_version_and_licence() -> None:
    listed = json.loads((VENDOR / "VERSIONS.json").read_text())
    files = {name for package in listed for name in package["files"]}
    licences = {path.parent.name for path in VENDOR.glob("*/LICENSE")}

    found = {str(path.relative_to(STATIC)) for path in VENDOR.rglob("*.min.*")}
    assert found <= files
    assert all((STATIC / name).is_file() for name in files)
    assert licences == {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert all(package["version"] and package["licence"] for package in listed)


def test_no_vendored_file_points_at_a_map_that_is_not_there() -> None:
    for path in VENDOR.rglob("*.min.*"):
        assert "sourceMappingURL" not in path.read_text(), path.name


def test_no_page_or_style_or_script_of_ours_names_another_host() -> None:
    ours = [*TEMPLATES, *SHEETS, *(STATIC / "js").glob("*.js")]
    for path in ours:
        # What is written into an empty field as an example is not asked of anybody.
        text = re.sub(r'placeholder="[^"]*"', "", path.read_text())
        named = set(re.findall(r"(?:https?:)?//[a-z][\w.-]*\.[a-z]+", text))
        assert named == set(), path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_template_holds_no_inline_style_and_no_inline_script(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\shx-(on|vars)\b|\shx-vals=[\"']js:", text)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    for path in TEMPLATES:
        named = set(re.findall(r'{% icon "([\w-]+)"', path.read_text()))
        assert named <= sprite, f"{path.name}: {named - sprite}"


def test_every_sheet_of_ours_is_short_and_used() -> None:
    imported = "".join((STATIC / "css" / top).read_text() for top in TOPS)
    for path in SHEETS:
        assert len(path.read_text().splitlines()) <= 120, path.name
        assert path.name in imported or path.name in TOPS


def test_the_first_visit_to_the_calendar_stays_small() -> None:
    import django_htmx

    htmx = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    sent = [htmx, STATIC / "icons.svg", STATIC / "mark.svg", *SHEETS]
    sent += [*VENDOR.rglob("*.min.*"), *(STATIC / "js").glob("*.js")]

    assert sum(len(gzip.compress(path.read_bytes())) for path in sent) < FIRST_VISIT_BYTES


def imports_of(script: Path) -> set[str]:
    """The names of the scripts that a script imports."""
    return set(re.findall(r'^import [^;]*"\./([\w.-]+)";', script.read_text(), re.MULTILINE))


def all_imports_of(script: Path) -> set[str]:
    """Those it imports, and those that they import."""
    named = imports_of(script)
    return named.union(*(all_imports_of(script.parent / name) for name in named))


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Callable[[str], Path]:
    """Files as they are served, each found by its name in the sources."""
    storage = "casewell.config.static_files.HashedModules"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": storage}}
    call_command("collectstatic", interactive=False, verbosity=0)
    named = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    return lambda name: tmp_path / named[name]


def test_a_script_imports_its_neighbours_by_names_that_change_with_their_content(
    collected: Callable[[str], Path],
) -> None:
    for script in (STATIC / "js").glob("*.js"):
        imported = re.findall(r'from "\./([^"]+)"', collected(f"js/{script.name}").read_text())
        hashed = {collected(f"js/{name}").name for name in imports_of(script)}
        assert set(imported) == hashed, script.name


def test_a_style_sheet_is_served_with_all_that_it_imports_but_the_kit(
    collected: Callable[[str], Path],
) -> None:
    for sheet in SHEETS:
        served = collected(f"css/{sheet.name}").read_text()
        assert served.count("@import") == served.count('@import url("../vendor/'), sheet.name
    everywhere = collected("css/casewell.css").read_text()
    assert "@layer tokens {" in everywhere
    assert everywhere.index("@import") < everywhere.index("@layer tokens {")


def test_the_calendar_asks_for_all_its_scripts_at_once() -> None:
    page = (WEB / "templates" / "calendar" / "calendar.html").read_text()

    asked = re.findall(r"modulepreload\" href=\"{% static 'js/([\w.-]+)'", page)
    assert sorted(asked) == sorted(all_imports_of(STATIC / "js" / "calendar.js"))
