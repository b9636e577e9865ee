"""Somebody who was entered twice: found, compared, merged and parted again, with the keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessible import WIDTHS, looks, problems
from tests.browser.test_keyboard import tab_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

PATIENT = re.compile(r"/patients/\d+$")
BORN = "1958-04-17"


def added(page: Page, first_name: str, last_name: str) -> str:
    """The address of a new patient, born on that day."""
    page.goto("/demo/patients/new")
    page.locator("#id_first_name").fill(first_name)
    page.locator("#id_last_name").fill(last_name)
    page.locator("#id_date_of_birth").fill(BORN)
    page.locator("main .record-form button[type=submit]").last.click()
    page.wait_for_url(PATIENT)
    return page.url


def alerted(page: Page, words: str) -> None:
    page.locator(".patient-head__add summary").click()
    page.locator("#new-alert").fill(words)
    page.get_by_role("button", name="Add the alert").click()
    expect(page.locator(".patient-head__alerts")).to_contain_text(words)


@pytest.mark.parametrize("width", WIDTHS)
def test_two_who_are_one_are_merged_and_parted_with_the_keyboard(
    open_browser: Callable[..., Page], width: int
) -> None:
    options: dict[str, Any] = looks(width)
    if width == min(WIDTHS):
        options["shown"] = "main"
    page = open_browser("admin@demo.example", **options)
    name = f"Twiceborn{width}"
    kept, gone = added(page, "Maria", name), added(page, "María", name)
    alerted(page, "Latex")

    page.goto(kept)
    tab_to(page, "Merge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Perhaps the same person")).to_contain_text(
        "same name and birth date"
    )
    said = problems(page)
    tab_to(page, f"Compare with {name}")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"with=\d+$"))
    expect(page.get_by_role("row", name=re.compile("Medical alerts"))).to_contain_text("1")
    said += problems(page)
    tab_to(page, "Merge into")
    page.keyboard.press("Enter")

    page.wait_for_url(kept)
    expect(page.locator(".patient-head__alerts")).to_contain_text("Latex")
    expect(page.locator("main .strip")).to_contain_text("was merged into this patient")
    said += problems(page)
    page.goto(gone)
    expect(page).to_have_url(kept)
    expect(page.locator("#toasts")).to_contain_text("was merged into Maria")
    page.goto("/demo/settings/merges")
    expect(page.get_by_role("row", name=re.compile(name)).first).to_contain_text("Undo")
    said += problems(page)

    page.goto(kept)
    tab_to(page, "Undo the merge of")
    page.keyboard.press("Enter")
    page.wait_for_url(gone)
    expect(page.locator("main h1")).to_contain_text("María")
    expect(page.locator(".patient-head__alerts")).to_contain_text("Latex")
    page.goto(kept)
    expect(page.locator(".patient-head__alerts")).to_have_count(0)
    assert said == []
