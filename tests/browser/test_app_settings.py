"""A manager connects apps with the keyboard alone: two rows, one of them wrong, mended, moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.test_accessible import violations
from tests.browser.test_keyboard import tab_to

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
PATTERN = "*.moveplans.com/patients"


def type_into(page: Page, label: str, words: str) -> None:
    """Go to the field with this label by Tab, and type."""
    tab_to(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def test_apps_are_added_mended_moved_and_saved_by_keys(
    open_browser: OpenBrowser, site: Site
) -> None:
    said = ["--vendor", "Moveplans", "--contact", "hello@moveplans.com", "--pattern", PATTERN]
    site.run("apps", "approve", "--name", "Moveplans", *said)
    page = open_browser("admin@empty.example", shown="main")
    page.goto("/empty/settings/apps")
    expect(page.get_by_text("No app is connected yet")).to_be_visible()

    tab_to(page, "Add an app")
    page.keyboard.press("Enter")
    expect(page.get_by_label("App name")).to_be_focused()
    expect(page.get_by_text("No app is connected yet")).to_be_hidden()
    page.keyboard.type("Outcomes")
    type_into(page, "App URL", "https://au.moveplans.com/patient")
    tab_to(page, "or from the approved list")
    page.keyboard.type("Moveplans")
    tab_to(page, "Add this")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your part of the address")).to_be_focused()
    page.keyboard.type("nz")
    page.keyboard.press("Enter")  # which saves, as in other forms

    wrong = page.get_by_label("App URL")
    expect(wrong).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet.")
    expect(page.get_by_label("Your part of the address")).to_have_value("nz")
    assert violations(page) == []
    page.keyboard.press("End")
    page.keyboard.type("s")

    tab_to(page, "Move Outcomes down")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move Outcomes up")).to_be_focused()
    expect(page.locator("#app-order")).to_have_text("Outcomes is 2 of 2 now.")
    tab_to(page, "For everybody")
    page.keyboard.press("Enter")
    tab_to(page, "Practitioner")
    page.keyboard.press("Space")
    tab_to(page, "Save")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").last).to_contain_text("The connected apps are saved.")
    addresses = page.get_by_label("App URL")
    expect(addresses).to_have_count(2)
    expect(addresses.nth(0)).to_have_value("https://nz.moveplans.com/patients")
    expect(addresses.nth(1)).to_have_value("https://au.moveplans.com/patients")
    expect(page.locator(".app-row").nth(1)).to_contain_text("For Practitioner")
    assert violations(page) == []

    tab_to(page, "Remove Outcomes")
    page.keyboard.press("Space")
    expect(page.get_by_text("It was never opened for a patient.").last).to_be_visible()
    page.set_viewport_size({"width": 375, "height": 812})
    assert violations(page) == []
