"""A practitioner's hours in a real browser: set, seen in the calendar, and booked within."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
# A Wednesday on which no other story books; Vogel works at the second business.
WEDNESDAY = "2027-06-16"


def of_vogel(page: Page) -> str:
    """The address of Hannah Vogel's availability."""
    page.goto("/demo/settings/availability")
    link = page.get_by_role("link", name="Hannah Vogel")
    return link.get_attribute("href") or ""


@pytest.mark.parametrize("width", [1440, 375])
def test_hours_are_set_seen_and_booked_within_by_keyboard(
    open_browser: OpenBrowser, site: Site, width: int
) -> None:
    page = open_browser("reception@demo.example", viewport={"width": width, "height": 900})
    page.goto(of_vogel(page))
    expect(page.get_by_role("heading", name="Availability of Hannah Vogel")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # a day off, and on it other hours than usual
    page.get_by_label("What differs").select_option("other")
    page.get_by_label("Where", exact=True).select_option(label="Hillside Norwood")
    page.locator("#id_date").fill(WEDNESDAY)
    page.get_by_label("Hours from").fill("14:00")
    page.get_by_label("Hours to").fill("15:30")
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.get_by_role("status").last).to_contain_text("are changed for those days")
    vogel = page.url.split("/practitioners/")[1].split("/")[0]

    # the calendar is open in those hours alone
    shown = page.evaluate(
        """async ([day, who]) => {
            const business = [...document.querySelectorAll("h2[id^=at-]")][0].id.slice(3);
            const query = `view=day&business=${business}`;
            const answer = await fetch(`/demo/calendar/${day}/bookings?${query}`);
            const { resources } = await answer.json();
            return [resources.find(({ id }) => id === who).open[day], business];
        }""",
        [WEDNESDAY, vogel],
    )
    spans, norwood = shown
    assert spans == [["14:00", "15:30"]]

    # outside them the panel says so
    query = f"practitioner={vogel}&business={norwood}&minutes=30"
    page.goto(f"/demo/bookings/new?start={WEDNESDAY}T09:00&{query}")
    strip = page.locator("#booking-look .strip").first
    expect(strip).to_contain_text("Hannah Vogel is not at Hillside Norwood then.")

    # and a free time is chosen by keys
    button = page.locator("#free-times-button")
    button.focus()
    page.keyboard.press("Enter")
    first = page.locator("[data-free-time]").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#id_time")).to_have_value("14:30")
    expect(page.locator("#id_time")).to_be_focused()
    expect(page.locator("#booking-look .sheet__when")).to_contain_text("2:30 – 3:00 pm")
    expect(page.locator("#booking-look .strip[data-level=warning]")).to_have_count(0)

    # taken back, the usual week holds
    page.goto(f"/demo/settings/practitioners/{vogel}/availability")
    remove = page.get_by_role("button", name=re.compile("Remove: .+ 16 Jun 2027"))
    for left in (1, 0):
        remove.first.click()
        expect(remove).to_have_count(left)
