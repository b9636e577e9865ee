"""How what lies beside the calendar is opened: bookings, classes, free times, what was freed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.screens.scene import DAY

if TYPE_CHECKING:
    from playwright.sync_api import Page


def booking_a_visit(page: Page) -> None:
    page.goto(f"/demo/calendar/{DAY}?view=day")
    page.wait_for_selector(".tile")
    page.locator("#book").click()
    page.wait_for_selector("#panel #id_patient")
    page.locator("#panel #id_patient").fill("rossi ada")
    page.wait_for_selector("#panel [role=option][data-value]")
    page.locator("#panel #id_patient").press("Enter")
    page.wait_for_selector("#panel #case-none")


def a_series(page: Page) -> None:
    booking_a_visit(page)
    page.locator("#panel #id_repeat").select_option("weekly")
    page.wait_for_selector("#panel .repeat-dates__list")
    page.locator("#panel .repeat").scroll_into_view_if_needed()


def free_times_while_booking(page: Page) -> None:
    booking_a_visit(page)
    page.locator("#panel #free-times-button").click()
    page.wait_for_selector("#panel [data-free-time]")


def open_tile(page: Page, day: date, kind: str, number: int = 0, *, words: str = "") -> None:
    """Open a booking of a day; on a phone, of the first practitioner who has so many of them."""
    page.goto(f"/demo/calendar/{day}?view=day")
    page.wait_for_selector(".tile:visible, .day-list__rows:visible")
    tiles = page.locator(f".tile[data-kind={kind}]:visible", has_text=words)
    choice = page.locator("#day-practitioner:visible option")
    for place in range(choice.count()):
        page.locator("#day-practitioner").select_option(index=place)
        if tiles.count() > number:
            break
    tiles.nth(number).click()
    page.mouse.move(0, 0)  # not over what is in the panel by now


def opened_booking(page: Page) -> None:
    open_tile(page, date.fromisoformat(DAY), "individual", 3)
    page.wait_for_selector("#panel #booking-position")


def opened_class(page: Page) -> None:
    """The full class of the demo: the Saturday after its first day."""
    today = date.fromisoformat(DAY)
    open_tile(page, today + timedelta(days=(4 - today.weekday()) % 7 + 1), "group")
    page.wait_for_selector("#panel #class-places")


def cancelled(page: Page) -> None:
    """An appointment of the afternoon, cancelled: somebody who waits for Tom Reid fits."""
    open_tile(page, date.fromisoformat(DAY), "individual", words="Mia Campbell")
    panel = page.locator("#panel")
    panel.locator("summary", has_text="Cancel").click()
    panel.get_by_role("button", name="Cancel the appointment").click()
    page.wait_for_selector("#panel .fits__count")


def uncancelled(page: Page) -> None:
    page.locator("#panel").get_by_role("button", name="Undo the cancellation").click()
    page.wait_for_selector("#panel [data-pick-up]")


def freed(page: Page) -> None:
    """The times that were freed, after one was; its appointment stays open in another tab."""
    cancelled(page.context.new_page())
    page.goto("/demo/waiting/freed")
    page.wait_for_selector(".fits__count")


def unfreed(page: Page) -> None:
    other = page.context.pages[-1]
    uncancelled(other)
    other.close()


def picked_up(page: Page) -> None:
    """A booking in hand, and the calendar three weeks on."""
    opened_booking(page)
    page.locator("#panel").get_by_text("Pick up").click()
    page.goto("/demo/calendar/2027-03-23?view=day")
    page.wait_for_selector(".tile")
