"""A series in a real browser: over the end of summer time, past its case's limit, moved in part."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.test_accessible import problems
from tests.races.desk import Desk

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
FIRST = "2030-03-04"  # a Monday; clocks are put back on 7 April


def in_words(day: int, month: str) -> re.Pattern[str]:
    return re.compile(rf"Mon {day} {month} 2030, 9:00")


def test_twelve_weeks_stay_at_nine_pass_a_case_of_ten_and_are_moved_and_cancelled_in_part(
    open_browser: OpenBrowser, site: Site
) -> None:
    with Desk(site.address) as desk:
        name = {"first_name": "Serena", "last_name": "Weekly"}
        patient = desk.made("/demo/patients/new", name)
        limited = {"name": "Hip plan", "limit_kind": "sessions", "max_sessions": "10"}
        case = desk.made(f"/demo/patients/{patient}/cases/new", limited)
    page = open_browser()
    panel = page.locator("#panel")
    page.goto(f"/demo/cases/{case}")
    page.get_by_role("link", name="Book appt.").click()
    panel.locator("#id_date").fill(FIRST)
    panel.locator("#id_time").fill("09:00")

    # by keys: weekly, twelve times
    expect(panel.locator("#id_repeat_times")).to_be_hidden()
    panel.locator("#id_repeat").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(panel.locator("#id_repeat")).to_have_value("weekly")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(panel.locator("#id_repeat_times")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    dates = panel.locator(".repeat-dates__list > li")
    expect(dates).to_have_count(12)
    expect(dates.nth(4)).to_contain_text(in_words(1, "Apr"))
    expect(dates.nth(5)).to_contain_text(in_words(8, "Apr"))
    expect(dates.nth(10)).to_contain_text("It would be number 11, over the limit.")
    expect(dates.nth(11)).to_contain_text("It would be number 12, over the limit.")
    expect(panel.locator("#case-ahead")).to_contain_text("These 12 pass the limit at number 11.")
    assert problems(page) == []

    panel.locator("#id_beyond").select_option("without")
    expect(panel.locator(".repeat-dates__sum")).to_contain_text("2 without the case.")
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel).to_contain_text("1st of 12, weekly")
    expect(panel.locator("#booking-position")).to_contain_text("1 of 10")
    assert problems(page) == []

    # the fourth and what follows go a day on
    panel.get_by_text("All dates").click()
    panel.locator(".series-dates .visit-line").nth(3).click()
    expect(panel).to_contain_text("4th of 12, weekly")
    move = panel.locator("details", has=page.get_by_text("Move", exact=True))
    move.locator("summary").focus()
    page.keyboard.press("Enter")
    move.locator("#id_date").fill("2030-03-26")
    move.get_by_label("This and following").focus()
    page.keyboard.press("Space")
    move.get_by_role("button", name="Move").click()
    expect(page.locator("#toasts")).to_contain_text("9 appointments are moved")
    expect(panel).to_contain_text("1st of 9, weekly")
    expect(panel).to_contain_text(re.compile("Tue 26 Mar 2030, 9:00"))

    # the third of those that stayed is cancelled, and it alone
    page.goto(f"/demo/cases/{case}")
    page.get_by_role("link", name=re.compile("18 Mar 2030")).first.click()
    cancel = page.locator("details", has=page.get_by_text("Cancel", exact=True))
    cancel.locator("summary").click()
    cancel.get_by_label("Reason").select_option(label="Sick")
    expect(cancel.get_by_label("This one only")).to_be_checked()
    cancel.get_by_role("button", name="Cancel the appointment").click()
    expect(page.locator("[data-sheet]")).to_contain_text("Cancelled: Sick.")
    page.goto(f"/demo/cases/{case}")
    expect(page.locator("#case-usage")).to_contain_text("9 of 10")

    # in the calendar one is moved by keys, then those that follow it
    page.goto("/demo/calendar/2030-04-02?view=day")
    tile = page.locator("#day .tile:visible", has_text="Serena")
    expect(tile).to_have_attribute("aria-label", re.compile("9:00 am.*repeats"))
    tile.focus()
    page.keyboard.press("Alt+ArrowDown")
    said = page.locator("[data-move]")
    said.get_by_role("button", name="The 7 that follow too").click()
    expect(said).to_contain_text("and 7 more of the series")
    page.goto("/demo/calendar/2030-05-21?view=day")
    last = page.locator("#day .tile:visible", has_text="Serena")
    expect(last).to_have_attribute("aria-label", re.compile("9:[0-5][05] am"))
    expect(last).not_to_have_attribute("aria-label", re.compile("9:00 am to"))
