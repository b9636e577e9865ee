"""Cases as the desk lives with them: linked in bulk, full and no dead end, taken out and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.test_accessible import problems
from tests.races.desk import Desk, choices_of

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
MONDAY = date(2034, 1, 2)


def a_patient(desk: Desk, name: str) -> str:
    return desk.made("/demo/patients/new", {"first_name": name, "last_name": "Fullcase"})


def a_case(desk: Desk, patient: str, name: str, sessions: int) -> str:
    form = {"name": name, "limit_kind": "sessions", "max_sessions": str(sessions)}
    return desk.made(f"/demo/patients/{patient}/cases/new", form)


def visits(desk: Desk, patient: str, case: str, days: list[date], kind: str = "") -> list[str]:
    """Visits at ten on those days, of the type of that name; the ids of their bookings."""
    form = choices_of(desk, kind) | {
        "patient": patient,
        "case": case,
        "time": "10:00",
        "minutes": "15",
    }
    address = f"/{desk.slug}/bookings/new"
    return [desk.made(address, form | {"date": str(day)}) for day in days]


def test_twelve_appointments_of_two_years_back_go_into_a_new_case_in_one_go(
    open_browser: OpenBrowser, site: Site
) -> None:
    with Desk(site.address) as desk:
        patient = a_patient(desk, "Ola")
        years = [date(2024, 1, 8) + timedelta(weeks=8 * n) for n in range(12)]
        visits(desk, patient, "none", years)
        case = a_case(desk, patient, "Found letter", 10)
    page = open_browser()
    page.goto(f"/demo/cases/{case}")
    page.get_by_role("link", name="Add appointments").click()
    line = page.locator("#outlook")
    expect(line).to_contain_text("Now 0 of 10")
    page.get_by_role("button", name="Tick all 12", exact=True).click()
    expect(line).to_contain_text("This would make 12 of 10. These 12 pass the limit at number 11.")
    expect(page.get_by_text("It would be number 12, over the limit.")).to_be_visible()
    assert problems(page) == []

    # the ticks survive a filter: two of them are taken back on another view of the list
    page.locator("#id_start").fill(str(years[10]))
    expect(page.locator("input[name=visit]")).to_have_count(2)
    for box in page.locator("input[name=visit]").all():
        expect(box).to_be_checked()
        box.uncheck()
    expect(line).to_have_text("This would make 10 of 10.")
    page.locator("#id_start").fill("")
    expect(page.locator("input[name=visit]:checked")).to_have_count(10)
    page.get_by_role("button", name="Save").click()

    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.locator("#case-usage")).to_contain_text("10 of 10")
    expect(page.locator("#counted tbody tr")).to_have_count(10)


def test_an_extra_visit_in_a_full_dva_case_releases_the_last_which_is_named_before(
    open_browser: OpenBrowser, site: Site
) -> None:
    with Desk(site.address) as desk:
        patient = a_patient(desk, "Dora")
        case = a_case(desk, patient, "DVA cycle", 12)
        weeks = [MONDAY + timedelta(weeks=n) for n in range(12)]
        visits(desk, patient, case, weeks)
    page = open_browser()
    panel = page.locator("#panel")
    page.goto(f"/demo/cases/{case}")
    page.get_by_role("link", name="Book appt.").click()
    panel.locator("#id_date").fill(str(MONDAY + timedelta(days=2)))
    panel.locator("#id_time").fill("11:00")
    panel.locator("#id_notes").fill("Fell on Tuesday")
    expect(panel.locator("#case-ahead")).to_contain_text("It would be number 13, over the limit.")
    panel.get_by_role("button", name="Book", exact=True).click()

    dialogue = panel.locator(".full-case")
    expect(dialogue).to_be_focused()
    expect(dialogue).to_contain_text("“DVA cycle” is full: 12 of 12")
    expect(dialogue).to_contain_text(
        re.compile(r"Mon 20 Mar 2034, 10:00.* stays booked and leaves")
    )
    expect(panel.locator("#id_notes")).to_have_value("Fell on Tuesday")
    assert problems(page) == []
    dialogue.get_by_role("radio", name=re.compile("Let its last appointment make room")).check()
    dialogue.get_by_role("button", name="Go on").click()

    expect(panel.locator("#booking-position")).to_contain_text("2 of 12")
    expect(page.locator("#toasts")).to_contain_text("stays booked and has left “DVA cycle”.")
    page.goto(f"/demo/patients/{patient}?coming=all")
    last = page.locator("main tr", has_text="20 Mar 2034")
    expect(last).to_contain_text("no case")


def test_an_appointment_is_taken_out_of_its_case_from_the_calendar_and_put_back(
    open_browser: OpenBrowser, site: Site
) -> None:
    with Desk(site.address) as desk:
        patient = a_patient(desk, "Uma")
        case = a_case(desk, patient, "Shoulder", 3)
        [key] = visits(desk, patient, case, [MONDAY + timedelta(days=1)])
    page = open_browser()
    panel = page.locator("#panel")
    page.goto(f"/demo/calendar/{MONDAY + timedelta(days=1)}")
    page.locator("#day").get_by_text("Uma Fullcase").first.click()
    expect(panel.locator("#booking-position")).to_contain_text("1 of 3")
    panel.get_by_role("button", name="Take out of the case").click()
    expect(panel.locator("#booking-position")).to_contain_text("no case")
    expect(panel).to_contain_text("Taken out of “Shoulder”.")
    panel.get_by_role("button", name="Undo", exact=True).click()
    expect(panel.locator("#booking-position")).to_contain_text("1 of 3")

    panel.get_by_role("link", name="Several at once").click()
    expect(panel.get_by_role("heading", name=re.compile("Link several"))).to_be_visible()
    assert problems(page) == []
    page.goto(f"/demo/cases/{case}")
    page.get_by_role("link", name="Start the next case").click()
    assert problems(page) == []
    page.get_by_role("button", name="Start it").click()
    page.wait_for_url(re.compile(rf"/cases/(?!{case})\d+$"))
    expect(page.locator("#toasts")).to_contain_text("is started with 1 of the visits to come.")
    page.goto(f"/demo/bookings/{key}")
    expect(page.locator("#booking-position")).to_contain_text("1 of 3")
