"""axe finds nothing on any page, wide in light and dark and narrow, and nothing overflows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

OpenBrowser = Callable[..., Page]
WIDTHS = (1440, 375)
PARTS = 3  # so that several workers share the walk
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # what the dark look can make worse
MORE_ROWS = "tbody tr:nth-child(n+11)"  # in the dark they are as those before them, and slow
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
    "waiting",
    "waiting/freed",
    "patients/new",
    "my-info",
    "help",
    "help/cases",
    "help/programmes",
    "help/letters",
    "contacts/new",
    "invoices",
    "takings",
    "claims",
    "recalls?when=all",
    "help/reminders",
)


def looks(width: int) -> dict[str, Any]:
    """A desktop's or a phone's window, light at first."""
    return {"color_scheme": "light", "viewport": {"width": width, "height": 812}}


def problems(page: Page) -> list[str]:
    """What axe says of the page, in a wide window light and dark; and whether it is wider than
    its window.
    """
    page.wait_for_load_state()
    expect(page.locator(".htmx-request")).to_have_count(0)
    said = violations(page)
    if page.viewport_size and page.viewport_size["width"] == min(WIDTHS):
        return said  # what is dark there is as dark in a wide window
    # Without motion, so that no colour is met half way to the next.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_selector("html[data-bs-theme=dark]")
    dark = page.evaluate(
        "([rows, rules]) => axe.run({exclude: [rows]}, {runOnly: rules})", [MORE_ROWS, OF_COLOURS]
    )
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("html[data-bs-theme=light]")
    return said + [f"{line} (dark)" for line in told(page, dark)]


def violations(page: Page) -> list[str]:
    """The same of the page as it is at this moment, in the look that it has."""
    said = told(page, Axe().run(page).response)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        said.append(f"{page.url} is wider than its window")
    return said


def told(page: Page, found: dict[str, Any]) -> list[str]:
    """A line for each rule that axe found violated."""
    return [
        f"{page.url} {v['id']}: {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in found["violations"]
    ]


def test_a_colour_that_is_lost_in_the_dark_alone_is_found(open_browser: OpenBrowser) -> None:
    page = open_browser(**looks(1440))
    page.goto("/demo/patients")
    assert problems(page) == []
    page.evaluate("document.querySelector('main h1').style.color = '#222'")
    [line] = problems(page)
    assert "color-contrast" in line
    assert line.endswith("(dark)")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("first", range(PARTS))
def test_axe_finds_nothing_on_any_page(open_browser: OpenBrowser, first: int, width: int) -> None:
    page = open_browser(**looks(width))
    said: list[str] = []
    for name in PAGES[first::PARTS]:
        page.goto(f"/demo/{name}")
        said += problems(page)
    assert said == []


def patient_of_many_things(page: Page) -> str:
    """The address of the page of a patient with cases, visits, invoices and letters."""
    page.goto("/demo/patients?q=rossi+ada")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/patients/\d+"))
    return page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_pages_of_money(open_browser: OpenBrowser, width: int) -> None:
    page = open_browser(**looks(width))
    patient = patient_of_many_things(page)
    page.goto(f"{patient}/invoices")
    said = problems(page)
    page.locator("main tr", has_text="$").locator("th a[href*='/invoices/']").first.click()
    page.wait_for_url(re.compile(r"/invoices/\d+$"))
    said += problems(page)
    page.goto("/demo/claims")
    page.locator("main tbody th a").first.click()
    page.wait_for_selector(".claim-form")
    said += problems(page)
    claim = page.url
    for name in ("Claims of the case", "Terminal sheets"):
        page.goto(claim)
        page.get_by_role("link", name=name).click()
        page.wait_for_url(re.compile(r"/(claims|terminal)$"))
        said += problems(page)
    page.goto(f"/demo/invoices/new?patient={patient.rsplit('/', 1)[1]}")
    said += problems(page)
    assert said == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_pages_of_a_patient(open_browser: OpenBrowser, width: int) -> None:
    page = open_browser(**looks(width))
    patient = patient_of_many_things(page)
    said = problems(page)
    page.goto(f"{patient}/history")
    said += problems(page)
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")
    said += problems(page)
    for below in ("edit", "communications", "letters"):
        page.goto(f"{patient}/{below}")
        said += problems(page)
    page.get_by_role("button", name="Progress report").click()
    page.wait_for_url(re.compile(r"/letters/\d+/edit$"))
    page.get_by_text("Fields to fill in").click()
    said += problems(page)
    page.goto(page.url.removesuffix("/edit"))
    said += problems(page)
    page.goto("/sign-in/?next=/demo/")
    said += problems(page)
    assert said == []


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_a_case_and_in_the_panel(
    open_browser: OpenBrowser, width: int
) -> None:
    page = open_browser(**looks(width))
    patient = patient_of_many_things(page)
    page.locator("main tbody a[href*='/cases/']").first.click()
    page.wait_for_url(re.compile(r"/cases/\d+"))
    said = problems(page)
    case = page.url.split("#")[0]
    for below in ("history", "edit"):
        page.goto(f"{case}/{below}")
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
    assert said == []


SETTINGS = (
    "settings",
    "settings/practice",
    "settings/cases",
    "settings/businesses/new",
    "settings/letter-templates",
    "settings/merges",
    "settings/letter-templates/new",
    "settings/reminders",
    "settings/recall-types/new",
    "settings/programmes",
    "settings/programmes/new",
    "settings/practitioners",
    "settings/practitioners/new",
    "settings/availability",
    "settings/appointment-types",
    "settings/unavailable-blocks",
    "settings/items/new",
    "settings/invoices",
    "settings/apps",
    "settings/apps?start=",
    "settings/webhooks",
    "settings/webhooks/new",
    "settings/users",
    "settings/roles",
)


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_settings(open_browser: OpenBrowser, width: int) -> None:
    page = open_browser("admin@demo.example", **looks(width))
    said: list[str] = []
    for name in SETTINGS:
        page.goto(f"/demo/{name}")
        said += problems(page)
    page.goto("/demo/settings/apps")
    page.get_by_role("link", name="Launches of").first.click()
    page.wait_for_url(re.compile(r"/launches$"))
    said += problems(page)
    page.goto("/demo/settings/appointment-types")
    page.locator("main tbody a").first.click()
    page.wait_for_url(re.compile(r"/appointment-types/\d+"))
    said += problems(page)
    for name in ("/account/", "/sign-up/invitation/used", "/password/change/"):
        page.goto(name)
        said += problems(page)
    assert said == []
