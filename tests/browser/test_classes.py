"""A class as the desk lives with it: filled, full, one cancels, and who waits comes in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.panel import open_panel
from tests.browser.test_accessible import problems
from tests.browser.test_keyboard import tab_to
from tests.races.desk import Desk

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
DAY = date(2036, 3, 3)
NAMES = ("Ana", "Bea", "Cal", "Dov", "Eli", "Fay", "Gil", "Hal", "Ida")


def a_patient(desk: Desk, name: str) -> str:
    return desk.made("/demo/patients/new", {"first_name": name, "last_name": "Classmate"})


def a_case(desk: Desk, patient: str) -> str:
    form = {"name": "Ten classes", "limit_kind": "sessions", "max_sessions": "10"}
    return desk.made(f"/demo/patients/{patient}/cases/new", form)


def add_by_keys(page: Page, name: str) -> None:
    """From the page of the class: choose the patient, and Enter."""
    panel = page.locator("#panel")
    expect(page.locator("#panel:focus, #panel h1:focus")).to_be_visible()
    tab_to(page, "Add a patient" if name != NAMES[-1] else "Put on the waiting list")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_contain_text("Add a patient to Pilates class")
    expect(panel.locator("#id_patient")).to_be_focused()
    page.keyboard.type(f"classmate {name.lower()}")
    page.wait_for_selector("#panel [role=option][data-value]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel #case-none")
    page.keyboard.press("Enter")


def test_a_class_of_eight_fills_one_cancels_and_who_waits_comes_in(
    open_browser: OpenBrowser, site: Site
) -> None:
    with Desk(site.address) as desk:
        people = {name: a_patient(desk, name) for name in NAMES}
        cases = {name: a_case(desk, people[name]) for name in ("Ana", "Bea", "Hal")}
    page = open_browser()
    panel, toasts = page.locator("#panel"), page.locator("#toasts")
    open_panel(page)
    tab_to(page, "Class")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_have_text("Book a class")
    expect(panel.locator("#id_appointment_type option:checked")).to_have_text("Pilates class")
    panel.locator("#id_date").fill(str(DAY))
    panel.locator("#id_time").fill("10:00")
    assert problems(page) == []
    page.keyboard.press("Enter")
    expect(panel.locator("#class-places")).to_contain_text("0 of 8")
    key = re.search(r"/bookings/(\d+)/", panel.locator("#class-add").get_attribute("href") or "")
    assert key is not None

    with Desk(site.address) as desk:
        for name in NAMES[:7]:
            form = {"patient": people[name], "case": cases.get(name, "none")}
            desk.made(f"/demo/bookings/{key[1]}/joining", form)
    page.goto(f"/demo/calendar/{DAY}?view=day")
    tile = page.locator(".tile[data-kind=group]")
    expect(tile).to_have_attribute("aria-label", re.compile("7 of 8 places taken"))
    tile.focus()
    page.keyboard.press("Enter")
    expect(panel.locator("#class-places")).to_contain_text("7 of 8")

    # the eighth joins with the only case that fits, the ninth waits
    add_by_keys(page, "Hal")
    expect(panel.locator("#class-places")).to_contain_text("8 of 8 full")
    for name in ("Ana", "Bea", "Hal"):
        row = panel.locator(".roster__row", has_text=f"Classmate, {name}")
        expect(row).to_contain_text("Ten classes 1/10")
    add_by_keys(page, "Ida")
    expect(panel.locator("#class-places")).to_contain_text("1 waiting")
    assert problems(page) == []
    expect(tile.locator(".tile__case")).to_have_text("8/8")

    # one cancels
    expect(panel.locator("h1")).to_be_focused()
    tab_to(page, "Classmate, Cal")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_contain_text("Classmate, Cal")
    tab_to(page, "Cancel")
    page.keyboard.press("Enter")
    panel.locator("#cancel-reason").select_option(label="Sick")
    assert problems(page) == []
    tab_to(page, "Cancel their place")
    page.keyboard.press("Enter")
    expect(toasts).to_contain_text("Ida Classmate has come in from the waiting list.")
    panel.get_by_role("link", name="Everybody in this class").click()
    expect(panel.locator("#class-places")).to_contain_text("8 of 8 full")
    expect(panel.locator("#class-places")).not_to_contain_text("waiting")
    expect(panel.locator(".roster__row", has_text="Classmate, Ida")).to_be_visible()

    # on a phone the class is a line of the list
    phone = open_browser(viewport={"width": 375, "height": 700}, shown="#day-list:not([hidden])")
    phone.goto(f"/demo/calendar/{DAY}?view=day")
    who = page.locator("#panel .facts").inner_text()
    choice = phone.locator("#day-practitioner")
    expect(choice.locator("option").nth(1)).to_be_attached()  # the day has come
    names = choice.locator("option").all_text_contents()
    choice.select_option(label=next(name for name in names if name in who))
    line = phone.locator(".day-list__rows .tile[data-kind=group]")
    expect(line).to_contain_text("8/8")
    line.click()
    expect(phone.locator("#panel #class-places")).to_contain_text("8 of 8 full")
    row = phone.locator("#panel .roster__row", has_text="Classmate, Ana")
    row.get_by_role("button", name="Ana Classmate arrived").click()
    row = phone.locator("#panel .roster__row", has_text="Classmate, Ana")
    expect(row).to_contain_text("arrived")
    assert problems(phone) == []
