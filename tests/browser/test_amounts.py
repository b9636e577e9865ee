"""A case that is limited by an amount, as the desk lives with it from invoice to credit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.test_accessible import problems
from tests.browser.test_full_case import a_patient, visits
from tests.races.desk import Desk

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
LIMIT = {"name": "Authorisation", "limit_kind": "amount", "max_invoiceable_amount": "200"}
DAYS = [date(2023, 3, 7), date(2023, 3, 14)]  # when no other test has somebody at ten


def invoice(page: Page, booking: str, slug: str = "demo") -> None:
    """From a visit's panel to its draft, with its one line: two clicks from issued."""
    page.goto(f"/{slug}/bookings/{booking}")
    page.get_by_role("link", name="Invoice", exact=True).click()
    page.get_by_role("button", name="Issue", exact=True).click()


def test_an_amount_warns_is_passed_deliberately_and_given_back_by_a_credit(
    open_browser: OpenBrowser, site: Site
) -> None:
    with Desk(site.address, "admin@demo.example") as desk:
        patient = a_patient(desk, "Amity")
        case = desk.made(f"/demo/patients/{patient}/cases/new", LIMIT)
        first, second = visits(desk, patient, case, DAYS, kind="Initial consultation")
    page = open_browser("admin@demo.example")
    standing = page.locator("#case-usage")

    invoice(page, first)
    expect(page.locator("h1")).to_contain_text("Invoice")
    page.goto(f"/demo/bookings/{second}")
    expect(page.locator("#booking-position")).to_contain_text("$118.00 of $200.00 invoiced")
    page.get_by_role("link", name="Book another").click()
    panel = page.locator("#panel")
    expect(panel.get_by_role("radio", name=re.compile("Authorisation"))).to_be_checked()
    expect(panel.locator("#case-ahead")).to_contain_text(
        "Invoiced, it would bring the case to $236.00 of $200.00."
    )

    invoice(page, second)
    expect(page.locator(".error-summary")).to_contain_text(
        "This brings “Authorisation” to $236.00 of $200.00."
    )
    page.get_by_role("button", name="Issue all the same").click()
    expect(page.locator("h1")).to_contain_text("Invoice")
    page.goto(f"/demo/cases/{case}")
    expect(standing).to_contain_text("$236.00 of $200.00 invoiced · over by $36.00")
    expect(standing).to_contain_text("More is invoiced than the amount allows.")
    expect(page.locator("h1 + .status-word")).to_have_text("open · amount used up")
    assert problems(page) == []

    page.locator("#invoices tbody a[href*='/invoices/']").first.click()  # the latest
    page.get_by_role("link", name="Credit", exact=True).click()
    page.get_by_label(re.compile("Initial consultation")).fill("1")
    page.get_by_role("button", name="Credit", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Credit")
    page.goto(f"/demo/cases/{case}")
    expect(standing).to_contain_text("$118.00 of $200.00 invoiced · $82.00 left")
    expect(page.locator("#invoices tbody tr")).to_have_count(3)
    expect(page.locator("#invoices tfoot")).to_contain_text("$118.00")
