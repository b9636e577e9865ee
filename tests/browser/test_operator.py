"""An app from its proposal to its end, by the keyboard alone; and axe on the pages outside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessible import WIDTHS, looks, problems
from tests.browser.test_keyboard import tab_to
from tests.browser.test_settings import PASSWORD, follow

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
OPERATOR = "olga@installation.example"
TYPED = {
    "App name": "Gait lab",
    "Vendor": "Steps Pty Ltd",
    "Contact email": "hello@steps.example",
    "Addresses": "*.steps.example.com/patients",
}


@pytest.fixture(scope="module")
def operator(site: Site) -> str:
    whom = ["--email", OPERATOR, "--first-name", "Olga", "--last-name", "Perez"]
    site.run("user", "create", *whom, "--operator", "--password-stdin", said=f"{PASSWORD}\n")
    return OPERATOR


def test_an_app_is_proposed_approved_and_suspended_without_a_mouse(
    open_browser: OpenBrowser, operator: str
) -> None:
    visitor = open_browser("")
    visitor.goto("/integrators")
    follow(visitor, "Propose your app")
    for label, words in TYPED.items():
        tab_to(visitor, label)
        visitor.keyboard.type(words)
    follow(visitor, "Propose it")
    expect(visitor.get_by_text("Your app is proposed.")).to_be_visible()

    page = open_browser(operator, PASSWORD, shown="main")
    follow(page, "Connected apps of the installation")
    tab_to(page, "Tick Gait lab")  # with others, to decline them at once
    follow(page, "Gait lab")
    state = page.locator(".page-head .status-word")
    expect(state).to_have_text("proposed")
    tab_to(page, "Note, kept with the decision")
    page.keyboard.type("Seen them")
    follow(page, "Approve")
    expect(state).to_have_text("approved")
    expect(page.get_by_text("Olga Perez approved it: Seen them")).to_be_visible()

    tab_to(page, "Reason")
    page.keyboard.type("They left")
    follow(page, "Suspend")
    expect(state).to_have_text("suspended")
    expect(page.get_by_text("Olga Perez suspended it: They left")).to_be_visible()
    follow(page, "Approve")
    expect(state).to_have_text("approved")


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_outside_the_practices(
    open_browser: OpenBrowser, operator: str, width: int
) -> None:
    page = open_browser(operator, PASSWORD, shown="main", **looks(width))
    said: list[str] = []
    tried = "pattern=*.example.com/p&signed=yes"
    for name in (
        "operator/apps",
        "operator/apps?q=nobody&pattern=*.com/p",
        "operator/apps/new",
        "integrators",
        f"integrators?{tried}&fault=hs256",
        "integrators/guide",
        "integrators/propose",
        "integrators/propose/thanks",
    ):
        page.goto(f"/{name}")
        said += problems(page)
    page.goto(f"/integrators?{tried}")
    token = page.locator("pre.sent").first.text_content() or ""
    found = re.search(r"launch_token=(\S+)", token)
    assert found
    page.get_by_label("A token, or the whole address").fill(found[1])
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("A right test token of this page.")).to_be_visible()
    said += problems(page)
    page.goto("/operator/apps")
    page.locator("main tbody th a").first.click()
    page.wait_for_url(re.compile(r"/apps/\d+"))
    said += problems(page)
    page.goto(f"{page.url}/edit")
    said += problems(page)
    assert said == []
