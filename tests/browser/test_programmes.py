"""Stories of funders' rules: a Medicare plan over two disciplines, an insurer's approvals."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenBrowser = Callable[..., Page]
MEDICARE = "Medicare GP chronic condition management plan"


def patient_of_ones_own(page: Page, last_name: str) -> str:
    """A new patient's page."""
    page.goto("/demo/patients/new")
    page.locator("#id_first_name").fill("Mia")
    page.locator("#id_last_name").fill(last_name)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/patients/\d+$"))
    return page.url


def case_under(page: Page, patient: str, programme: str, **fields: str) -> str:
    """A new case that its programme has filled in; its page."""
    page.goto(f"{patient}/cases/new")
    page.locator("#id_programme").select_option(label=programme)
    expect(page.locator("#id_name")).to_have_value(programme)
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/cases/\d+$"))
    return page.url


def booked(page: Page, case: str, day: str, hour: int, warned: str = "") -> None:
    """A visit on that day, in that case; before it is saved, just that is warned about."""
    page.goto(case)
    page.locator(".page-head").get_by_role("link", name="Book appt.").click()
    panel = page.locator("#panel")
    panel.locator("[name=date]").first.fill(day)
    panel.locator("[name=time]").first.fill(f"{hour:02}:00")
    expect(panel.locator(".sheet__when")).to_contain_text(f"{hour - 12}:00")
    ahead = panel.locator("#case-ahead .strip")
    if warned:
        expect(ahead).to_contain_text(warned)
    else:
        expect(ahead).to_have_count(0)
    panel.get_by_role("button", name=re.compile("^Book")).last.click()
    expect(panel.get_by_role("button", name="Arrived", exact=True)).to_be_visible()


def test_a_medicare_plan_fills_its_case_and_shares_its_years_over_two_disciplines(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    mia = patient_of_ones_own(page, "Medicare")
    physio = case_under(page, mia, MEDICARE, name="Physio plan", discipline="Physiotherapy")
    expect(page.locator("#case-usage")).to_contain_text("starts at first visit")
    expect(page.locator("#case-usage")).to_contain_text("0 of 5 in")
    podiatry = case_under(page, mia, MEDICARE, name="Podiatry plan", discipline="Podiatry")

    year = int(page.evaluate("new Date().getFullYear()")) + 1
    for number in range(5):
        booked(page, (physio, podiatry)[number % 2], f"{year}-03-0{number + 1}", 21)
    page.goto(physio)
    expect(page.locator("#case-usage")).to_contain_text(f"5 of 5 in {year}, none left")
    booked(page, podiatry, f"{year}-12-30", 21, warned=f"It would make 6 of 5 in {year}")
    page.goto(physio)
    expect(page.locator("#case-usage")).to_contain_text(f"6 of 5 in {year}, over the cap")
    booked(page, podiatry, f"{year + 1}-01-04", 21)
    page.goto(podiatry)
    expect(page.locator("#case-usage")).to_contain_text(f"1 of 5 in {year + 1}")

    # the help opens where the duties are explained
    page.get_by_role("link", name="Help: duties").click()
    expect(page).to_have_url(re.compile(r"/help/cases#duties$"))
    expect(page.locator("#duties")).to_be_in_viewport()


def test_an_insurer_grants_six_then_four_of_the_eight_that_were_asked_for(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()
    mia = patient_of_ones_own(page, "Insured")
    case_under(page, mia, "Insurer's authorisation", name="Shoulder", claim_number="C-77")
    for number, asked, granted in (("A-1", "6", "6"), ("A-2", "8", "4")):
        page.get_by_text("Add an approval").click()
        form = page.locator("#approvals form").filter(has_text="Approval number")
        form.get_by_label("Approval number").fill(number)
        form.get_by_label("Sessions asked for").fill(asked)
        form.get_by_label("Sessions granted").fill(granted)
        form.get_by_role("button", name="Add the approval").click()
        expect(page.locator("#approvals")).to_contain_text(number)

    expect(page.locator("#approvals")).to_contain_text("4 of 8 asked")
    expect(page.locator("#case-usage")).to_contain_text("0 of 10")
    page.wait_for_load_state()  # when it scrolls to the approvals, under the mouse
    page.locator("#approvals").get_by_role("button", name="Withdraw").last.click()
    expect(page.locator("#case-usage")).to_contain_text("0 of 6")
    page.wait_for_load_state()
    page.get_by_text("1 withdrawn").click()
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("#case-usage")).to_contain_text("0 of 10")
