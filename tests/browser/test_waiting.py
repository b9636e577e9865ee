"""Somebody who wants to come earlier gets the time of somebody who cancels, by keys alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.panel import quiet_day
from tests.browser.test_keyboard import tab_to
from tests.browser.test_story import choose_patient

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


def booked(page: Page, day: date, clock: str, words: str) -> str:
    """The address of a new appointment, whose panel is open."""
    page.goto(f"/demo/calendar/{day}?view=day")
    page.wait_for_selector(".grid__sheet, .day-list__rows")
    page.keyboard.press("b")
    panel = page.locator("#panel")
    expect(panel.locator("#id_patient")).to_be_focused()
    choose_patient(page, words)
    panel.locator("#id_time").fill(clock)
    expect(panel.locator(".sheet__when")).to_contain_text(clock.lstrip("0"))
    panel.get_by_role("button", name="Book", exact=False).click()
    expect(panel.locator("#booking-position")).to_be_visible()
    form = panel.locator("form").first.get_attribute("action") or ""
    return form.rpartition("/")[0]


def test_a_cancelled_time_goes_to_who_waits_for_it_by_keys_and_back(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    panel, day = page.locator("#panel"), quiet_day(page, 26)
    freed = booked(page, day, "10:00", "nguyen")
    booked(page, day + timedelta(days=7), "11:00", "jones")
    name = panel.locator("h1").inner_text()

    # onto the list, from the appointment
    expect(panel.locator("h1")).to_be_focused()
    tab_to(page, "Wants an earlier time")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_contain_text("wants an earlier time")
    expect(page.locator("#panel:focus, #panel :focus")).to_have_count(1)
    tab_to(page, "Put on the waiting list")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_contain_text("waits")
    expect(page.locator("#toasts")).to_contain_text("is on the waiting list")
    page.keyboard.press("Escape")

    # somebody cancels, and who fits is shown at once
    page.goto(f"/demo/calendar/{day}?view=day")
    page.locator(f'#day .tile[data-booking="{freed.rpartition("/")[2]}"]').focus()
    page.keyboard.press("Enter")
    expect(panel.locator("#booking-position")).to_be_visible()
    expect(page.locator("#panel:focus, #panel :focus")).to_have_count(1)
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    tab_to(page, "Cancel the appointment")
    page.keyboard.press("Enter")
    expect(panel.locator(".fits__count")).to_contain_text("on the waiting list fit")
    tab_to(page, f"Move {name} here")
    page.keyboard.press("Enter")

    expect(panel.locator("h1")).to_have_text(name)
    expect(panel).to_contain_text("Given from the waiting list.")
    expect(panel.locator(".facts").first).to_contain_text(f"{day:%a} {day.day} {day:%b}")
    expect(page.locator("#day .tile").get_by_text("Jones").first).to_be_visible()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    later = day + timedelta(days=7)
    expect(panel.locator(".facts").first).to_contain_text(f"{later:%a} {later.day} {later:%b}")
    expect(panel).to_contain_text("Waits for an earlier time")

    # on a phone the same is on the list, for what was freed by whomever
    phone = open_browser(viewport={"width": 375, "height": 812}, has_touch=True)
    phone.goto("/demo/waiting")
    expect(phone.locator(".waiting-freed .fits__count")).to_contain_text("fit")
    expect(phone.locator(".waiting tbody")).to_contain_text("Jones")
    assert phone.evaluate("document.documentElement.scrollWidth") == 375
    # other stories free times too, which the same patient may be offered
    one = phone.locator(".waiting-freed .fits__one").filter(has_text=name)
    one.get_by_role("button", name=f"Move {name} here, 10:00 am").tap()
    expect(
        phone.locator("main, #panel").get_by_text("Given from the waiting list.")
    ).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 375
