"""axe finds nothing on any page, light and dark, wide and narrow, and nothing overflows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

OpenBrowser = Callable[..., Page]
VARIANTS = [("light", 1440), ("dark", 1440), ("light", 375), ("dark", 375)]
PAGES = (
    "",
    "today",
    "appointments?when=week",
    "search?q=smith",
    "patients",
    "contacts",
    "cases",
    "cases?fact=full",
    "cases/worklist",
    "cases/report",
    "cases/reminders",
    "appointments/uncased",
    "patients/new",
    "help",
    "help/cases",
    "help/programmes",
    "contacts/new",
)


def problems(page: Page) -> list[str]:
    """What axe says of the page, and whether it is wider than its window."""
    page.wait_for_load_state("networkidle")
    return violations(page)


def violations(page: Page) -> list[str]:
    """The same of the page as it is at this moment."""
    found = Axe().run(page)
    said = [
        f"{page.url} {v['id']}: {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in found.response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        said.append(f"{page.url} is wider than its window")
    return said


@pytest.mark.parametrize(("scheme", "width"), VARIANTS)
def test_axe_finds_nothing_on_any_page(open_browser: OpenBrowser, scheme: str, width: int) -> None:
    page = open_browser(color_scheme=scheme, viewport={"width": width, "height": 812})
    said: list[str] = []
    for name in PAGES:
        page.goto(f"/demo/{name}")
        said += problems(page)
    page.goto("/demo/patients?q=rossi+ada")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/patients/\d+"))
    said += problems(page)
    patient = page.url
    page.goto(f"{patient}/history")
    said += problems(page)
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    said += problems(page)
    page.goto(patient)
    page.locator("main tbody a[href*='/cases/']").first.click()
    page.wait_for_url(re.compile(r"/cases/\d+"))
    said += problems(page)
    case = page.url.split("#")[0]
    for below in ("history", "edit"):
        page.goto(f"{case}/{below}")
        said += problems(page)
    page.goto(f"{patient}/edit")
    said += problems(page)
    page.goto(patient)
    page.get_by_role("link", name="Book appt.").click()
    page.wait_for_selector("#panel #booking-look input[type=radio]")
    said += problems(page)
    page.goto(patient)
    page.locator("main tbody a[href*='/bookings/']").first.click()
    page.wait_for_selector("#panel #booking-position")
    said += problems(page)
    page.locator("#panel").get_by_role("link", name="History").click()
    page.wait_for_selector("#panel .history")
    said += problems(page)
    page.goto("/sign-in/?next=/demo/")
    said += problems(page)
    assert said == []


SETTINGS = (
    "settings",
    "settings/practice",
    "settings/cases",
    "settings/businesses/new",
    "settings/programmes",
    "settings/programmes/new",
    "settings/practitioners",
    "settings/practitioners/new",
    "settings/appointment-types",
    "settings/unavailable-blocks",
    "settings/apps",
    "settings/apps?start=",
    "settings/users",
    "settings/roles",
)


@pytest.mark.parametrize(("scheme", "width"), VARIANTS)
def test_axe_finds_nothing_on_settings(open_browser: OpenBrowser, scheme: str, width: int) -> None:
    admin = "admin@demo.example"
    page = open_browser(admin, color_scheme=scheme, viewport={"width": width, "height": 812})
    said: list[str] = []
    for name in SETTINGS:
        page.goto(f"/demo/{name}")
        said += problems(page)
    page.goto("/demo/settings/appointment-types")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/appointment-types/\d+"))
    said += problems(page)
    for name in ("/account/", "/sign-up/invitation/used", "/password/change/"):
        page.goto(name)
        said += problems(page)
    assert said == []
