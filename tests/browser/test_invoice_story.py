"""At the desk, by keys alone: a visit invoiced, the fund's part, the gap by card, printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.test_print import put_on_paper

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

INVOICE = re.compile(r"/demo/invoices/\d+$")


def press(page: Page, what: Locator, *keys: str) -> None:
    """Put the focus there, as Tab does, and press the keys."""
    what.focus()
    for key in keys:
        page.keyboard.press(key)


def test_a_visit_is_invoiced_part_paid_by_the_fund_and_the_gap_by_card(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser()
    page.goto("/demo/patients")
    press(page, page.locator("main tbody a").first, "Enter")
    page.wait_for_selector("#past")
    press(
        page, page.locator("#past").get_by_role("link", name="Invoice", exact=True).first, "Enter"
    )

    page.wait_for_selector("#invoice-lines")
    total = page.locator("#invoice-totals .invoice-totals__all dd")
    press(page, page.get_by_label("Quantity, line 1"), "Control+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Quantity, line 1")).to_be_focused()
    press(page, page.get_by_label("Price, line 1"), "Control+a")
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    expect(total).to_have_text("$100.00")
    press(page, page.get_by_label("Add an item"))
    page.keyboard.type("Taxi home")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What, line 2")).to_have_value("Taxi home")
    expect(page.get_by_label("Price, line 1")).to_have_value("50")
    press(page, page.get_by_role("button", name="Remove line 2"), "Enter")
    expect(page.get_by_label("What, line 2")).to_have_count(0)
    press(page, page.get_by_role("button", name="Issue and pay"), "Enter")

    page.wait_for_selector("#payments")
    press(page, page.get_by_label("How, payment 1"))
    page.keyboard.type("Health")
    press(page, page.get_by_label("Amount, payment 1"), "Control+a")
    page.keyboard.type("61.80")
    page.keyboard.press("Enter")  # counts, and receives nothing
    expect(page.locator("#payment-sum")).to_contain_text("$61.80 in all")
    press(page, page.get_by_label("How, payment 2"))
    page.keyboard.type("EFTPOS")
    page.keyboard.press("Tab")
    expect(page.locator("#payment-sum")).to_contain_text("$100.00 in all")
    press(page, page.get_by_role("button", name="Receive"), "Enter")

    page.wait_for_url(INVOICE)
    expect(page.locator("h1 + .status-word")).to_have_text("paid")
    for words in ("$61.80", "$38.20", "EFTPOS"):
        expect(page.locator("#main")).to_contain_text(words)
    put_on_paper(page, 718, 1000)
    for gone in (".frame__nav", ".page-head__actions .btn"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.get_by_text("What it is of")).to_be_visible()
