"""A form whose session ended: what was typed comes back, to whom it belongs alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from casewell.lib.demo_password import DEMO_PASSWORD
from tests.browser.panel import open_panel

if TYPE_CHECKING:
    from collections.abc import Callable


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
