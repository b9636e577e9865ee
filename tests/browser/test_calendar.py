"""The calendar in a browser: weeks, keys, clocks, phones, a colleague's change, its weight."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.test_story import a_quiet_day

OpenBrowser = Callable[..., Page]
FIRST_VISIT_BYTES, NEXT_VISIT_BYTES = 300_000, 30_000
FOCUSED = "document.activeElement.getAttribute('aria-label')"


def shown(page: Page, day: date, query: str = "view=day") -> None:
    page.goto(f"/demo/calendar/{day}?{query}")
    page.wait_for_selector(".tile, .day-cursor, .day-list__free", state="attached")


def a_busy_day(page: Page) -> date:
    """A Monday of next week or the week after."""
    return a_quiet_day(page) - timedelta(days=70)


def bytes_of(page: Page, path: str) -> int:
    """What comes over the wire until the calendar's first tiles show."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    came: list[int] = []
    session.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.goto(path)
    page.wait_for_selector(".tile")
    page.wait_for_load_state("networkidle")
    session.detach()
    assert came
    return sum(came)


def test_a_week_is_walked_through_by_keys_and_a_visit_is_booked_from_it(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    monday = a_quiet_day(page)
    shown(page, monday)
    page.keyboard.press("w")
    expect(page.locator(".grid__head")).to_have_count(7)

    # several people share the week, each day's columns side by side
    page.locator("#day-practitioners summary").click()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".grid__head [data-go]")).not_to_have_count(7)
    people = page.locator("#day-practitioners [name=practitioner]").count()
    expect(page.locator(".grid__head")).to_have_count(7 * people)
    page.get_by_role("link", name=re.compile(r" alone$")).first.click()
    expect(page.locator(".grid__head")).to_have_count(7)

    # a day further is a column further, and the last line of the day is free to book
    page.locator(".day-cursor").focus()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    here = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(FOCUSED) == here
    assert " 5:" in here
    page.keyboard.press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Book an app")).to_be_visible()
    assert page.locator("#panel #id_time").input_value().startswith("17:")
    page.keyboard.press("Escape")

    # another date, by the practice's own picker
    page.keyboard.press("j")
    expect(page.locator("[data-months] [aria-pressed=true]")).to_be_focused()
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    # the head is drawn anew, and who chose by keys is still where they were
    expect(page.locator("#day")).not_to_have_attribute("data-date", str(monday))
    expect(page.locator("#day-when summary")).to_be_focused()


def test_two_businesses_show_each_by_its_own_clock(open_browser: OpenBrowser) -> None:
    page = open_browser()
    shown(page, a_quiet_day(page))
    zones = page.locator("#day-businesses legend")
    assert zones.count() > 1
    for place in range(zones.count()):
        name = zones.nth(place).text_content() or ""
        page.locator("#day-businesses summary").click()
        page.locator("#day-businesses fieldset").nth(place).get_by_role("checkbox").first.check()
        expect(page.locator(".grid__corner")).to_have_text(name)
        page.keyboard.press("Escape")


def test_on_a_phone_days_and_weeks_are_lists(open_browser: OpenBrowser) -> None:
    page = open_browser(viewport={"width": 375, "height": 812})
    shown(page, a_busy_day(page))
    expect(page.locator("#day-grid")).to_be_hidden()
    expect(page.locator(".day-list__free").first).to_be_visible()
    expect(page.locator(".day-list__rows .tile__word").first).to_be_visible()

    page.get_by_role("link", name="Week", exact=True).click()
    expect(page.locator(".day-list__day")).to_have_count(7)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.locator(".day-list__free").first.click()
    expect(page.locator("#panel").get_by_role("heading", name="Book an app")).to_be_visible()


def test_the_calendar_says_when_it_is_not_current_and_heals(open_browser: OpenBrowser) -> None:
    page = open_browser()
    shown(page, a_quiet_day(page))
    stale = page.locator("#day-stale")

    page.context.set_offline(True)
    expect(stale).to_contain_text("Not up to date since")
    page.context.set_offline(False)
    expect(stale).to_be_hidden(timeout=10_000)


def test_the_calendar_is_light_on_the_wire(open_browser: OpenBrowser) -> None:
    page = open_browser()
    path = f"/demo/calendar/{a_busy_day(page)}?view=day"
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    session.detach()

    first, following = bytes_of(page, path), bytes_of(page, path)

    assert NEXT_VISIT_BYTES < first < FIRST_VISIT_BYTES
    assert 0 < following < NEXT_VISIT_BYTES
