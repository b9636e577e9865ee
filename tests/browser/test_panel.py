"""The booking panel in a real browser: few keys, few clicks, nothing typed is lost; a sick day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Dialog, Page, expect

from casewell.lib.demo_password import DEMO_PASSWORD

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


def open_panel(page: Page) -> None:
    """Press B once the page has come alive."""
    page.wait_for_selector("#day-grid:not([hidden])")
    page.keyboard.press("b")
    expect(page.locator("#panel #id_patient")).to_be_focused()


def quiet_day(page: Page, weeks: int) -> date:
    """A Saturday far ahead, when nobody is booked."""
    day = date.fromisoformat(page.get_attribute("#day", "data-date") or "")
    return day + timedelta(days=(5 - day.weekday()) % 7 + 7 * weeks)


def sign_out(page: Page) -> None:
    page.context.clear_cookies(name=re.compile("session"))


def kept_in(page: Page) -> str | None:
    """What the tab keeps of a form."""
    kept: str | None = page.evaluate("sessionStorage.getItem('kept-form')")
    return kept


def sign_in(page: Page, user: str = "reception@demo.example") -> None:
    page.get_by_label("Email").fill(user)
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()


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


def test_a_session_that_ends_in_mid_form_loses_nothing(open_browser: Callable[..., Page]) -> None:
    page = open_browser()
    panel = page.locator("#panel")
    open_panel(page)
    panel.locator("summary", has_text="New patient").click()
    panel.get_by_label("First name").fill("Ferdinand")
    panel.get_by_label("Last name").fill("Kept")
    sign_out(page)
    panel.get_by_role("button", name="Book", exact=False).click()
    expect(panel).to_contain_text("You have been signed out. What you typed is still here.")
    expect(panel.get_by_label("First name")).to_have_value("Ferdinand")
    with page.expect_popup() as opened:
        panel.get_by_role("link", name="Sign in again").click()
    sign_in(opened.value)
    opened.value.wait_for_selector("#day")
    opened.value.close()
    panel.get_by_role("button", name="Send again").click()
    expect(panel.locator("h1")).to_contain_text("Kept, Ferdinand")

    # a page of its own: through the sign-in and back
    page.goto("/demo/patients?q=kept")
    page.locator("main tbody a").first.click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Occupation").fill("Beekeeper")
    page.locator("#id_referring_doctor").press_sequentially("le")
    page.wait_for_selector("main [role=option][data-value]")
    page.locator("main [role=option][data-value]").first.click()
    doctor = page.locator("#id_referring_doctor").input_value()
    sign_out(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("comes back when you have signed in")
    sign_in(page)
    expect(page.locator("main")).to_contain_text("What you typed is back")
    expect(page.get_by_label("Occupation")).to_have_value("Beekeeper")
    expect(page.locator("#id_referring_doctor")).to_have_value(doctor)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/patients/\d+$"))
    expect(page.locator("main")).to_contain_text("Beekeeper")
    expect(page.locator("main")).to_contain_text(doctor.split(" — ")[0])
    assert kept_in(page) is None

    # for somebody else who signs in there, nothing is left
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Occupation").fill("Secret agent")
    sign_out(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("comes back when you have signed in")
    assert "Secret agent" in str(kept_in(page))
    sign_in(page, "admin@demo.example")
    expect(page.get_by_label("Occupation")).to_have_value("Beekeeper")
    assert kept_in(page) is None


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
