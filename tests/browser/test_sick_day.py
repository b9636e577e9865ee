"""A sick day in a real browser: handed over, called through, undone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_sick_day_is_handed_over_called_through_and_undone(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(user="physio@demo.example")
    day = date.fromisoformat(page.get_attribute("#day", "data-date") or "")
    monday = day + timedelta(days=(7 - day.weekday()) % 7 or 7)
    page.goto(f"/demo/calendar/{monday}")
    page.get_by_role("link", name="A practitioner is off").click()
    expect(page.get_by_label("Off from")).to_have_value(str(monday))
    page.get_by_role("button", name="Show the visits").click()
    ticks = page.locator("#away-list input[type=checkbox]")
    expect(ticks.first).to_be_checked()
    ticks.first.uncheck()
    count = ticks.count()

    page.get_by_label("Move them to another practitioner").check()
    who = page.locator("#id_other_practitioner")
    off = page.locator("#away-practitioner option:checked").inner_text()
    other = next(n for n in who.locator("option").all_inner_texts()[1:] if n != off)
    who.select_option(label=other)
    expect(page.locator("#away-list tbody tr").nth(1)).to_contain_text(other)
    expect(ticks.first).not_to_be_checked()
    go = page.get_by_role("button", name="Cancel or move the ticked visits")
    go.click()
    if "/call-lists/" not in page.url:
        expect(page.locator("main")).to_contain_text("Send it again to book them twice.")
        go.click()
    page.wait_for_url(re.compile(r"/call-lists/\d+"))

    expect(page.locator("#calls-done")).to_have_text(f"0 of {count - 1} called.")
    row = page.locator(".call-list tbody tr").first
    expect(row).to_contain_text(other)
    row.get_by_role("textbox").fill("will come")
    row.get_by_role("button", name="was called").click()
    expect(page.locator("#calls-done")).to_have_text(f"1 of {count - 1} called.")
    expect(row).to_contain_text("will come")
    row.get_by_role("link", name="Book again").click()
    expect(page.locator("#panel h1")).to_have_text("Book an appointment")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo all").click()
    expect(page.locator("main")).to_contain_text("This was undone")
    expect(row).to_contain_text("as before")
