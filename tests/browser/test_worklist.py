"""The desk's weekly look through the cases, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenBrowser = Callable[..., Page]


def number_in(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def test_the_desk_looks_through_the_cases_and_the_forgotten_visits(
    open_browser: OpenBrowser,
) -> None:
    page = open_browser()

    # a reason is chosen; a report is marked as done beside the list, which then has one less
    page.goto("/demo/cases/worklist")
    chip = page.locator(".reasons a", has_text="Report due")
    due = number_in(chip.inner_text())
    chip.click()
    page.wait_for_url(re.compile("reason=report_due"))
    rows = page.locator(".worklist tbody tr")
    expect(rows.first).to_contain_text("Report due")
    rows.first.get_by_role("link", name="Mark as done").click()
    panel = page.locator("#panel")
    open_forms = panel.get_by_role("button", name="Done")
    expect(open_forms.first).to_be_visible()
    for _ in range(open_forms.count()):
        left = open_forms.count()
        open_forms.first.click()
        expect(open_forms).to_have_count(left - 1)
    expect(panel).to_contain_text("done")
    expect(chip).to_contain_text(str(due - 1))
    page.keyboard.press("Escape")

    # by a practitioner, without leaving the reason
    page.get_by_label("Practitioner").select_option(index=1)
    page.wait_for_url(re.compile(r"reason=report_due.*practitioner=\d"))

    # visits that were forgotten: one by its button, all the others of one page by ticks
    page.goto("/demo/cases")
    page.get_by_role("link", name="Visits without a case").click()
    page.wait_for_url(re.compile("appointments/uncased"))
    status = page.locator("main [role=status]").first
    before = number_in(status.inner_text().split("visit")[0])
    page.get_by_role("button", name=re.compile("^Link to ")).first.click()
    expect(page.locator("#toasts")).to_contain_text("1 visit linked.")
    expect(status).to_contain_text(f"{before - 1} visits")
    page.get_by_role("button", name="Not for a case").first.click()
    expect(status).to_contain_text(f"{before - 2} visits")
    page.get_by_label(re.compile("^All that one case fits")).check()
    page.get_by_role("button", name="Link the ticked").click()
    expect(page.locator("#toasts")).to_contain_text("linked.")

    # and what became of the cases of the last year
    page.goto("/demo/cases/report")
    expect(page.locator("svg[role=img]").first).to_be_visible()
