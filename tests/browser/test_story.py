"""The receptionist's story, in a real browser: what issue by issue must go on to hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

OpenBrowser = Callable[..., Page]
CURRENT_WITHIN_MS = 5000


def day_of(page: Page) -> date:
    return date.fromisoformat(page.get_attribute("#day", "data-date") or "")


def go_to(page: Page, day: date) -> None:
    page.goto(f"/demo/calendar/{day}")
    page.wait_for_selector(".ec-event, [data-tile], .tile")


def a_quiet_day(page: Page) -> date:
    """A weekday far enough ahead that most of its times are free."""
    day = day_of(page) + timedelta(days=75)
    return day + timedelta(days=(7 - day.weekday()) % 7 or 7)


def book_panel(page: Page, day: date, clock: str) -> None:
    """The panel of a new appointment at that time, as a click on free time opens it."""
    page.keyboard.press("Escape")
    page.locator("#book").click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="Book an appointment")).to_be_visible()
    panel.locator("#id_date").fill(str(day))
    panel.locator("#id_time").fill(clock)


def choose_patient(page: Page, words: str) -> None:
    field = page.locator("#panel #id_patient")
    field.fill(words)
    page.wait_for_selector("#panel [role=option][data-value]")
    field.press("Enter")


def test_the_receptionist_books_counts_and_changes_a_case(open_browser: OpenBrowser) -> None:
    page = open_browser()
    panel = page.locator("#panel")
    monday = a_quiet_day(page)

    # a patient with one fitting case: preselected, and it says why
    book_panel(page, monday, "07:00")
    choose_patient(page, "rossi ada")
    knee = panel.get_by_role("radio", name=re.compile("Left knee"))
    expect(knee).to_be_checked()
    expect(panel).to_contain_text("the only open case with room on that date")
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.locator("#booking-position")).to_contain_text("4 of 10")

    # the tile shows its position
    go_to(page, monday)
    tile = page.locator("#day").get_by_text("Ada Rossi").first
    expect(tile).to_be_visible()
    expect(page.locator("#day")).to_contain_text("4/10")

    # patient page and case show the count, and the count opens the list with the whys
    page.locator("#patient-search").fill("rossi ada")
    page.wait_for_selector(".frame__search [role=option][data-value]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/patients/\d+"))
    patient_url = page.url
    expect(page.locator("main")).to_contain_text("4 of 10")
    page.get_by_role("link", name=re.compile("4 of 10 sessions")).click()
    page.wait_for_url(re.compile(r"/cases/\d+#counted"))
    case_url = page.url.split("#")[0]
    rows = page.locator("#counted tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.last).to_contain_text("yes")

    # book another keeps the case
    rows.last.get_by_role("link").click()
    panel.get_by_role("link", name="Book another").click()
    expect(panel.get_by_role("radio", name=re.compile("Left knee"))).to_be_checked()
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.locator("#booking-position")).to_contain_text("5 of 10")

    # "no case" and save: unlinked, the rest renumbered
    page.goto(case_url)
    page.locator("#counted tbody tr").first.get_by_role("link").click()
    panel.get_by_role("radio", name="No case").check()
    panel.get_by_role("button", name="Save case").click()
    expect(panel.locator("#booking-position")).to_contain_text("no case")
    page.goto(case_url)
    expect(page.locator("#case-usage")).to_contain_text("4 of 10")
    expect(page.locator("#counted tbody tr").first.locator("td").first).to_have_text("1")

    # cancel one: it does not count, unless the case includes cancelled ones
    page.locator("#counted tbody tr").last.get_by_role("link").click()
    panel.locator("summary", has_text="Cancel").click()
    panel.locator("#cancel-reason").select_option(label="Sick")
    panel.get_by_role("button", name="Cancel the appointment").click()
    expect(panel.locator("#booking-position")).to_contain_text("does not count")
    page.goto(case_url)
    expect(page.locator("#case-usage")).to_contain_text("3 of 10")
    expect(page.locator("#counted tbody tr").last).to_contain_text("leaves out cancelled")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Cancelled appointments count").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#case-usage")).to_contain_text("4 of 10")

    # a new case is made inside the panel
    page.goto(patient_url)
    page.get_by_role("link", name="Book appt.").click()
    panel.get_by_role("radio", name="New case").check()
    panel.locator("#id_case_new-name").fill("Right shoulder")
    panel.locator("#id_case_new-max_sessions").fill("6")
    panel.locator("#id_date").fill(str(monday + timedelta(days=1)))
    panel.locator("#id_time").fill("07:15")
    panel.get_by_role("button", name="Book", exact=True).click()
    expect(panel.locator("#booking-position")).to_contain_text("Right shoulder")
    expect(panel.locator("#booking-position")).to_contain_text("1 of 6")

    # move to another day: positions follow
    page.goto(case_url)
    second = page.locator("#counted tbody tr").nth(1)
    moved_from = second.inner_text()
    second.get_by_role("link").click()
    panel.locator("summary", has_text="Move").click()
    panel.locator("#id_date").fill(str(monday + timedelta(days=30)))
    panel.get_by_role("button", name="Move").click()
    expect(panel.locator("#booking-position")).to_contain_text("4 of 10")
    page.goto(case_url)
    expect(page.locator("#counted tbody tr").nth(1)).not_to_have_text(moved_from)


def test_two_receptionists_see_each_others_changes_and_two_practices_never_mix(
    open_browser: OpenBrowser,
) -> None:
    first = open_browser()
    second = open_browser(user="physio@demo.example")
    tuesday = a_quiet_day(first) + timedelta(days=1)
    go_to(first, tuesday)
    go_to(second, tuesday)

    book_panel(first, tuesday, "07:30")
    choose_patient(first, "smith")
    first.locator("#panel").get_by_role("button", name="Book", exact=True).click()
    expect(first.locator("#panel #booking-position")).to_be_visible()
    name = first.locator("#panel h1").inner_text().split(", ")

    tile = second.locator("#day").get_by_text(f"{name[1]} {name[0]}").first
    expect(tile).to_be_visible(timeout=CURRENT_WITHIN_MS)

    other = open_browser(user="reception@southside.example")
    answer = other.goto("/demo/")
    assert answer is not None
    assert answer.status == 404
    booking = first.locator("#panel form").first.get_attribute("action") or ""
    key = re.search(r"/bookings/(\d+)", booking)
    assert key is not None
    answer = other.goto(f"/southside/bookings/{key[1]}")
    assert answer is not None
    assert answer.status == 404


def test_wrong_input_says_what_is_wrong_at_the_field_and_keeps_the_rest(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    panel = page.locator("#panel")
    book_panel(page, a_quiet_day(page), "08:00")
    panel.locator("#id_notes").fill("Brings the scans")
    panel.get_by_role("button", name="Book", exact=True).click()

    expect(panel).to_contain_text("Choose a patient, or add a new one.")
    expect(panel.locator("#id_notes")).to_have_value("Brings the scans")


def test_a_double_click_books_once(open_browser: OpenBrowser) -> None:
    page = open_browser()
    day = a_quiet_day(page) + timedelta(days=2)
    book_panel(page, day, "07:45")
    panel = page.locator("#panel")
    panel.locator("summary", has_text="New patient").click()
    panel.get_by_label("First name").fill("Doppel")
    panel.get_by_label("Last name").fill("Klick")
    panel.get_by_role("button", name="Book", exact=True).dblclick()
    expect(panel.locator("#booking-position")).to_be_visible()

    page.goto("/demo/patients?q=klick")

    expect(page.locator("main tbody tr")).to_have_count(1)
