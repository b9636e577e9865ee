"""Every shortcut that `?` lists does what it says, and single keys can be switched off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

FOCUSED = "document.activeElement.matches"
# What each key of the calendar's list leads to, pressed one after the other.
ANOTHER_DAY, TODAY = "#day:not([data-date='{today}'])", "#day[data-date='{today}']"
IN_THE_CALENDAR = {
    "W": "#day[data-view=week]",
    "D": "#day[data-view=day]",
    "N": ANOTHER_DAY,
    "P": TODAY,
    "Shift+→": ANOTHER_DAY,
    "Shift+←": TODAY,
    "N ": ANOTHER_DAY,
    "T": TODAY,
    "J": "#day-when[open]",
    "+": "#day-said:has-text('10 minutes a line')",
    "-": "#day-said:has-text('15 minutes a line')",
    "L": "#day-as-list[aria-pressed=true]",
}
ARROWS = {"→": "ArrowRight", "←": "ArrowLeft", "↑": "ArrowUp", "↓": "ArrowDown"}
WALKING = ("↓", "↑", "→", "←", "PageDown", "PageUp", "End", "Home")
# Picking up, moving by a line, undoing: test_moving.py presses these.
PRESSED_ELSEWHERE = {"M", "Esc", "Alt", "U", "Ctrl", "Z"}


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def listed(page: Page) -> list[dict[str, Any]]:
    """The rows of the overlay that hold for every page."""
    rows: list[dict[str, Any]] = page.eval_on_selector_all(
        "#shortcuts [data-keys]", "rows => rows.map(row => ({...row.dataset}))"
    )
    return rows


def does_what_it_says(page: Page, row: dict[str, Any]) -> None:
    """Press a shortcut on a page that has nothing of its own to do with it."""
    page.goto("/demo/contacts")
    press(page, {"Esc": "Escape"}.get(row["keys"], row["keys"]))
    if "url" in row:
        page.wait_for_url(f"**{row['url']}")
    elif "focus" in row:
        expect(page.locator(f"#{row['focus']}")).to_be_focused()
    elif row.get("press") == "book":
        expect(page.get_by_role("heading", name="Book an appointment")).to_be_visible()
        press(page, "Escape")
        expect(page.locator("#panel > *")).to_have_count(0)
    else:
        assert row["keys"] in {"?", "Esc"}


def walks_through_the_day(page: Page) -> None:
    """The arrows and their like leave the focus on a time or on a visit."""
    page.locator(".day-cursor").focus()
    for key in WALKING:
        press(page, ARROWS.get(key, key))
        assert page.evaluate(f"{FOCUSED}('.day-cursor, .tile')"), key
    press(page, "Home")
    press(page, "Enter")
    expect(page.locator("#panel h1")).to_be_visible()
    press(page, "Escape")


def opened_from_the_menu(page: Page, dialog: Locator) -> Locator:
    page.get_by_label("Your account").click()
    page.get_by_role("button", name="Keyboard shortcuts").last.click()
    expect(dialog).to_be_visible()
    return dialog.get_by_role("switch")


def test_each_listed_shortcut_works_and_single_keys_can_be_switched_off(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    dialog, panel = page.locator("#shortcuts"), page.locator("#panel")
    today = page.get_attribute("#day", "data-date")

    # over an open panel: one Esc closes one thing
    press(page, "b")
    expect(panel.locator("h1")).to_be_visible()
    panel.locator("h1").focus()
    press(page, "?")
    expect(dialog).to_be_visible()
    press(page, "b Escape")
    expect(dialog).to_be_hidden()
    expect(panel.locator("h1")).to_be_focused()
    press(page, "Escape")

    # the calendar's own, all that are listed
    text = dialog.locator("section").nth(1).locator("kbd").all_text_contents()
    known = {part for key in IN_THE_CALENDAR for part in re.split(r"(?<=t)\+", key.strip())}
    assert set(text) == known | set(WALKING) | {"Enter"} | PRESSED_ELSEWHERE
    page.wait_for_selector(".tile")
    walks_through_the_day(page)
    for key, holds in IN_THE_CALENDAR.items():
        press(page, re.sub("[→←]", lambda arrow: ARROWS[arrow[0]], key))
        page.wait_for_selector(holds.format(today=today), state="attached")
        if key == "J":
            press(page, "Escape")

    # everywhere's
    rows = listed(page)
    assert {"/", "b", "g c", "g t", "g p", "?"} <= {row["keys"] for row in rows}
    for row in rows:
        does_what_it_says(page, row)

    # in a field they are letters
    page.goto("/demo/contacts")
    press(page, "/")
    page.keyboard.type("?b")
    expect(page.locator("#patient-search")).to_have_value("?b")
    expect(dialog).to_be_hidden()

    # switched off, for good in this browser, and on again
    switch = opened_from_the_menu(page, dialog)
    switch.uncheck()
    press(page, "Escape")
    expect(page.get_by_label("Your account")).to_be_focused()
    page.goto("/demo/")
    page.wait_for_selector("#day[data-date]")
    press(page, "b w ? g p")
    expect(page.locator("#day")).to_have_attribute("data-view", "day")
    expect(panel.locator("*")).to_have_count(0)
    expect(dialog).to_be_hidden()
    opened_from_the_menu(page, dialog).check()
    press(page, "Escape b")
    expect(panel.locator("h1")).to_be_visible()
