"""The desk's lists in a real browser: the morning on Today, the search by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

OpenBrowser = Callable[..., Page]
CURRENT_WITHIN_MS = 6000


def a_day_with_visits(page: Page) -> date:
    """The next weekday but one week ahead, on which the demo has visits that nobody has marked."""
    page.goto("/demo/today")
    day = date.fromisoformat(page.locator("h1 time").get_attribute("datetime") or "")
    return day + timedelta(days=7 + (7 - day.weekday()) % 7)


def test_the_morning_at_the_desk(open_browser: OpenBrowser) -> None:
    page, other = open_browser(), open_browser()
    day = a_day_with_visits(page)
    page.locator("#today-date").fill(str(day))
    page.wait_for_url(re.compile(rf"/today/{day}\?"))
    other.goto(page.url)

    # arrived, in one click; the other desk sees it by itself
    first = page.locator("[data-status=booked]").first
    row = first.get_attribute("id") or ""
    first.get_by_role("button", name="arrived").click()
    expect(page.locator(f"#{row}")).to_have_attribute("data-status", "arrived")
    expect(page.locator(".today-counts")).to_contain_text("1 arrived")
    expect(other.locator(f"#{row}")).to_have_attribute(
        "data-status", "arrived", timeout=CURRENT_WITHIN_MS
    )

    # with the keyboard: undone where the focus still is
    expect(page.locator(f"#{row.replace('arrival', 'mark')}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{row}")).to_have_attribute("data-status", "booked")

    # the only case that fits, in one click
    mend = page.get_by_role("button", name=re.compile("^Link to ")).first
    uncased = page.locator("tr", has=mend).first
    row = uncased.get_attribute("id") or ""
    mend.click()
    expect(page.locator(f"#{row} .arrivals__case a")).to_be_visible()
    expect(page.locator(f"#{row}")).not_to_contain_text("no case")

    # what needs a choice opens beside the list, and what is done there shows in it
    page.locator(f"#{row} th a").click()
    panel = page.locator("#panel")
    panel.get_by_role("radio", name="No case").check()
    panel.get_by_role("button", name="Save case").click()
    expect(page.locator(f"#{row}")).to_contain_text("no case")
    page.keyboard.press("Escape")

    # one practitioner's arrivals
    page.locator("summary", has_text="Practitioners").click()
    box = page.locator(".menu__sheet [name=practitioner]").first
    box.check()
    page.wait_for_url(re.compile(r"practitioner="))
    expect(page.locator("#today-who")).to_contain_text("1 of")
    page.locator("#today-moves [rel=next]").click()
    page.wait_for_url(re.compile(rf"/today/{day + timedelta(days=1)}\?.*practitioner="))


def test_everything_is_found_by_keyboard_from_any_page(open_browser: OpenBrowser) -> None:
    page = open_browser()
    page.goto("/demo/contacts")
    box, found = page.locator("#patient-search"), page.locator(".frame__search [role=listbox]")

    # a patient: the answer is in the row, Enter opens the page
    page.keyboard.press("/")
    page.keyboard.type("rossi ada")
    first = found.get_by_role("option").first
    expect(first).to_contain_text("Left knee (GP plan)")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(found.get_by_role("group", name="Patients")).to_be_visible()
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")

    # a case of hers, by both names; arrows go from kind to kind
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    box.fill("rossi left knee")
    expect(found.get_by_role("group", name="Cases")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/demo/cases/\d+"))
    expect(page.locator("h1")).to_contain_text("Left knee")

    # too many for the box: the rest has a page
    page.keyboard.press("/")
    page.keyboard.type("s")
    expect(found.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(found.get_by_role("option", name="All that is found")).to_have_attribute(
        "aria-selected", "true"
    )
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/demo/search\?q=s$"))
    expect(page.get_by_role("heading", name="Found for “s”")).to_be_visible()

    # nothing: says what can be searched, and Enter does not lose what was typed
    page.keyboard.press("/")
    page.keyboard.type("qqqq")
    expect(found).to_contain_text("Nothing found")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/demo/search\?q=qqqq$"))
    expect(page.locator("main")).to_contain_text("Nothing found")
