"""The booking panel in a real browser: few keys, few clicks, and nothing typed is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Dialog, Page, expect

from tests.browser.panel import open_panel, quiet_day
from tests.browser.test_waiting import booked

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_KEYS, MOST_CLICKS = 11, 4


class Hands:
    """A keyboard and a mouse that count."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = self.clicks = 0

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def click(self, selector: str) -> None:
        """A click where that is, whatever element is there to take it."""
        self.clicks += 1
        target = self.page.locator(selector).first
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_the_keyboard_books_in_few_presses_and_the_mouse_in_few_clicks(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    panel, hands = page.locator("#panel"), Hands(page)

    # from the keyboard alone: B, the name, and then
    open_panel(page)
    page.keyboard.type("rossi ada")
    hands.press("Enter")  # at once: the only one found is taken when the answer is there
    page.wait_for_selector("#panel #id_patient_value[value]:not([value=''])", state="attached")
    hands.press("Enter")  # at once again: it waits for the look at the patient's cases
    expect(panel.locator("#booking-position")).to_contain_text("Left knee")
    assert hands.keys <= MOST_KEYS, hands.keys
    # The other stories of this patient count from the demo's own visits.
    panel.get_by_role("radio", name="No case").check()
    panel.get_by_role("button", name="Save case").click()
    expect(panel.locator("#booking-position")).to_contain_text("no case")
    page.keyboard.press("Escape")
    expect(panel.locator("*")).to_have_count(0)

    # on another day: that is the day that is booked
    later = quiet_day(page, 20)
    page.goto(f"/demo/calendar/{later}")
    open_panel(page)
    expect(panel.locator("#id_date")).to_have_value(str(later))
    page.keyboard.press("Escape")

    # with the mouse: a free time, the patient, Book
    hands.click("#day-grid .day-cursor")
    expect(panel.locator("#id_patient")).to_be_focused()
    page.keyboard.type("smith")
    page.wait_for_selector("#panel [role=option][data-value]")
    hands.click("#panel [role=option][data-value]")
    expect(panel.locator(".patient-card")).to_be_visible()
    expect(panel.locator(".sheet__when")).to_contain_text("–")
    hands.click("#panel button:has-text('Book')")
    expect(panel.locator("#booking-position")).to_be_visible()
    assert hands.clicks <= MOST_CLICKS, hands.clicks

    # Enter sends from a select too, and not from the note
    page.keyboard.press("Escape")
    open_panel(page)
    panel.locator("#id_notes").press("Enter")
    panel.locator("#id_practitioner").press("Enter")
    expect(panel).to_contain_text("Choose a patient, or add a new one.")
    expect(panel.locator("#id_notes")).to_have_value("\n")


def test_typed_things_are_asked_about_before_they_are_lost(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    panel = page.locator("#panel")
    open_panel(page)
    page.keyboard.press("Escape")
    expect(panel.locator("*")).to_have_count(0)  # nothing typed: nothing asked

    open_panel(page)
    panel.locator("#id_notes").fill("Brings the scans")
    page.keyboard.press("Escape")
    keep = panel.get_by_role("button", name="Keep editing")
    expect(keep).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel.locator("#id_notes")).to_be_focused()
    expect(panel.locator("#id_notes")).to_have_value("Brings the scans")
    page.locator("#book").click()
    keep.click()
    expect(panel.locator("#id_notes")).to_have_value("Brings the scans")

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("location.assign('/demo/patients')")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(panel.locator("#id_notes")).to_have_value("Brings the scans")

    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel.locator("*")).to_have_count(0)


def test_a_new_patient_is_booked_faster_than_the_browser_tells_that_the_fold_is_open(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    panel = page.locator("#panel")
    open_panel(page)
    page.evaluate("addEventListener('toggle', (told) => told.stopPropagation(), { capture: true })")
    panel.locator("summary", has_text="New patient").click()
    panel.get_by_label("First name").fill("Speedy")
    panel.get_by_label("Last name").fill("Typist")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_contain_text("Typist, Speedy")


def test_a_new_patient_is_booked_once_and_a_stale_move_is_told_and_kept(
    open_browser: Callable[..., Page],
) -> None:
    page, other = open_browser(), open_browser(user="physio@demo.example")
    panel, day = page.locator("#panel"), quiet_day(page, 21)
    open_panel(page)
    page.keyboard.type("Zoë Inline")
    page.keyboard.press("Enter")  # nobody is found, so that is the new patient
    expect(panel.get_by_label("First name")).to_have_value("Zoë")
    panel.get_by_label("Last name").fill("<b>Inline</b>")
    panel.locator("#id_date").fill(str(day))
    expect(panel.locator("#id_date + .date-words")).to_have_text(f"{day:%a} {day.day} {day:%b %Y}")
    panel.get_by_role("button", name="Book", exact=False).dblclick()
    expect(panel.locator("h1")).to_contain_text("<b>Inline</b>, Zoë")
    page.goto(f"/demo/calendar/{day}")
    expect(page.locator("#day").get_by_text("Zoë <b>Inline</b>").first).to_be_visible()
    page.locator("#day").get_by_text("Zoë <b>Inline</b>").first.click()

    panel.locator("summary", has_text="Move").click()
    panel.locator("#id_time").fill("07:20")
    act = panel.locator("form").first.get_attribute("action") or ""
    other.goto(act.rpartition("/")[0])
    other.locator("summary", has_text="Note").click()
    other.locator("#note-notes").fill("Wants a ramp")
    other.get_by_role("button", name="Save note").click()
    expect(other.locator("main .facts")).to_contain_text("Wants a ramp")
    panel.get_by_role("button", name="Move").click()
    expect(panel).to_contain_text(re.compile("Somebody was faster: .+ – edited at"))
    expect(panel.locator("#id_time")).to_have_value("07:20")
    expect(panel.locator(".facts")).to_contain_text("Wants a ramp")
    panel.get_by_role("button", name="Move").click()
    expect(panel.locator(".facts")).to_contain_text("7:20")
    page.goto("/demo/patients?q=inline")
    expect(page.locator("main tbody tr")).to_have_count(1)


def test_after_a_cancellation_the_panel_stands_at_its_top_where_that_is_said(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.set_viewport_size({"width": 1280, "height": 420})
    panel = page.locator("#panel")
    booked(page, quiet_day(page, 31), "10:00", "nguyen")
    panel.locator("summary", has_text="Cancel").click()
    button = panel.get_by_role("button", name="Cancel the appointment")
    button.scroll_into_view_if_needed()
    assert panel.evaluate("it => it.scrollTop") > 0
    button.click()
    expect(panel).to_contain_text("Cancelled")
    expect(page.locator("#panel:focus, #panel :focus")).to_have_count(1)
    assert panel.evaluate("it => it.scrollTop") == 0
