"""A member makes a key to the API and revokes it, with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import WIDTHS, looks, problems, violations
from tests.browser.test_keyboard import tab_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

LONG = "The practice's own website, " + "W" * 72


def make(page: Page, name: str) -> str:
    """A new key by the form of My info, as it is shown."""
    tab_to(page, "Name *")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The new key")).to_be_visible()
    expect(page.get_by_label("The new key", exact=True)).to_be_focused()
    return page.get_by_label("The new key", exact=True).input_value()


def test_a_key_is_made_copied_and_revoked_without_a_mouse(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser("physio@demo.example", permissions=["clipboard-read", "clipboard-write"])
    tab_to(page, "Your account")
    page.keyboard.press("Enter")
    tab_to(page, "My info")
    page.keyboard.press("Enter")
    page.wait_for_url("**/demo/my-info")

    text = make(page, "Reports")
    tab_to(page, "Copy the new key")
    page.keyboard.press("Enter")
    expect(page.locator("[data-copied]")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text

    for again in (page.reload, page.go_back, page.go_forward):
        again()
        page.wait_for_load_state()
        assert text not in page.content()

    page.goto("/demo/my-info")
    tab_to(page, "Revoke “Reports”")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Revoke the key “Reports”?")).to_be_visible()
    expect(panel).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Revoke “Reports”")).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_focused()
    tab_to(page, "Revoke the key")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").last).to_contain_text("it opens nothing any more")
    expect(page.get_by_role("link", name="Revoke “Reports”")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_key_with_a_long_name_is_shown_and_asked_about_without_a_fault(
    open_browser: Callable[..., Page], width: int
) -> None:
    page = open_browser("admin@demo.example", **looks(width))
    page.goto("/demo/my-info")
    make(page, LONG)
    said = problems(page)
    page.goto("/demo/settings/users")
    said += problems(page)
    page.get_by_role("link", name=f"Revoke “{LONG}”").first.click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Revoke the key")).to_be_visible()
    said += violations(page)
    panel.get_by_role("button", name="Revoke the key").click()
    page.wait_for_url("**/settings/users")
    assert said == []
