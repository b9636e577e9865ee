"""The booking panel in a real browser, opened, and a day to book on."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect


def open_panel(page: Page) -> None:
    """Press B once the page has come alive."""
    page.wait_for_selector("#day-grid:not([hidden])")
    page.keyboard.press("b")
    expect(page.locator("#panel #id_patient")).to_be_focused()


def quiet_day(page: Page, weeks: int) -> date:
    """A Saturday far ahead, when nobody is booked."""
    day = date.fromisoformat(page.get_attribute("#day", "data-date") or "")
    return day + timedelta(days=(5 - day.weekday()) % 7 + 7 * weeks)
