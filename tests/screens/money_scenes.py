"""Scenes of money and letters: invoices, payments, claims, terminal sheets, and their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.screens.scene import ADMIN, Scene, at, first, found

if TYPE_CHECKING:
    from playwright.sync_api import Page

INVOICE = "main tbody a[href*='/invoices/']"
CLAIM = "main tbody th a[href*='/claims/']"


def writing_an_invoice(page: Page) -> None:
    page.goto("/demo/appointments?when=last_month&invoice=none")
    page.locator("main tbody a[href*='/invoices/new']").first.click()
    page.wait_for_selector("#invoice-lines")


def terminal(page: Page) -> None:
    page.goto("/demo/claims")
    page.goto(page.locator(CLAIM).first.get_attribute("href") or "")
    page.get_by_role("link", name="Terminal sheets").click()
    page.wait_for_selector(".terminal-sheet")


def writing_a_letter(page: Page) -> None:
    found("rossi+ada", "/letters")(page)
    page.get_by_role("button", name="Progress report").click()
    page.wait_for_selector("#letter-look .paper")


MONEY = [
    Scene("invoices", "Invoices", at("/demo/invoices")),
    Scene("invoice", "An invoice", first("/demo/invoices?state=part-paid", INVOICE), ADMIN, True),
    Scene("invoice-draft", "An invoice as it is written", writing_an_invoice, whole=True),
    Scene("invoice-pay", "Payments", first("/demo/invoices?state=open", INVOICE, "/payments")),
    Scene("patient-invoices", "A patient's invoices", found("rossi+ada", "/invoices"), ADMIN, True),
    Scene("statement", "A statement", found("rossi+ada", "/statement"), whole=True),
    Scene("takings", "Takings", at("/demo/takings"), ADMIN, True),
    Scene("claims", "Claims", at("/demo/claims")),
    Scene("claim", "A claim", first("/demo/claims?state=draft", CLAIM), whole=True),
    Scene(
        "claim-paid", "A claim that is paid", first("/demo/claims?state=paid", CLAIM), whole=True
    ),
    Scene("terminal", "Terminal sheets", terminal, whole=True),
    Scene("letters", "Writing to a patient", found("rossi+ada", "/letters")),
    Scene("letter-edit", "A letter as it is written", writing_a_letter, whole=True),
    Scene("settings-invoices", "How invoices are written", at("/demo/settings/invoices"), ADMIN),
    Scene("settings-items", "What is charged", at("/demo/settings/items"), ADMIN),
    Scene("letter-templates", "Letter templates", at("/demo/settings/letter-templates"), ADMIN),
    Scene(
        "letter-template",
        "A letter template",
        first("/demo/settings/letter-templates", "main tbody a"),
        ADMIN,
        True,
    ),
    Scene(
        "letterhead",
        "A letterhead",
        first("/demo/settings/businesses", "main tbody a", "/letterhead"),
        ADMIN,
        True,
    ),
]
