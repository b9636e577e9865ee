"""The receptionist's flow with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has the focus bears these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => {
              const at = document.activeElement;
              const labels = [...(at.labels ?? [])].map(label => label.textContent);
              return [at.getAttribute("aria-label"), at.textContent, ...labels].join(" ");
            }"""
        )
        if words in said:
            return
    raise AssertionError(f"nothing with “{words}” can be reached by Tab")


def test_a_visit_is_booked_marked_and_cancelled_without_a_mouse(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    panel = page.locator("#panel")
    page.keyboard.press("b")
    expect(panel.get_by_role("heading", name="Book an appointment")).to_be_visible()
    expect(panel.locator("#id_patient")).to_be_focused()
    page.keyboard.type("smith")
    page.wait_for_selector("#panel [role=option][data-value]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel #case-none")
    page.keyboard.press("Enter")
    expect(panel.locator("#booking-position")).to_be_visible()

    expect(panel.locator("h1")).to_be_focused()
    tab_to(page, "Arrived")
    page.keyboard.press("Enter")
    expect(panel.locator(".status-word").first).to_contain_text("arrived")

    expect(panel.locator("h1")).to_be_focused()
    tab_to(page, "Undo arrived")
    page.keyboard.press("Enter")
    expect(panel.locator(".status-word").first).to_contain_text("booked")

    expect(panel.locator("h1")).to_be_focused()
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    tab_to(page, "Cancel the appointment")
    page.keyboard.press("Enter")
    expect(panel.locator(".status-word").first).to_contain_text("cancelled")

    page.keyboard.press("Escape")
    expect(panel.locator("*")).to_have_count(0)
