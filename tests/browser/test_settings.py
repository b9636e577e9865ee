"""The administrator's stories: a colleague is invited, a new practice is set up."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.browser.test_keyboard import tab_to

if TYPE_CHECKING:
    from tests.served import Site

OpenBrowser = Callable[..., Page]
PASSWORD = "four plain words here"
NIA = "nia@clinic.example"


def invited(admin: Page, site: Site) -> str:
    """The link of an invitation as a receptionist, out of the letter."""
    admin.goto("/demo/settings/users")
    admin.get_by_label("Email").fill(NIA)
    admin.locator("#id_role").select_option("receptionist")
    admin.get_by_role("button", name="Invite").click()
    expect(admin.get_by_role("status").last).to_contain_text(f"on its way to {NIA}")
    link = re.search(r"http\S+/sign-up/invitation/\S+", site.letter_to(NIA))
    assert link is not None
    return link[0]


def test_who_is_invited_signs_up_and_sees_what_the_role_may_at_each_moment(
    open_browser: OpenBrowser, site: Site
) -> None:
    admin, nia = open_browser("admin@demo.example"), open_browser("")
    link = invited(admin, site)

    nia.goto(link)
    for name, typed in (("first_name", "Nia"), ("last_name", "Cole"), ("password", PASSWORD)):
        nia.locator(f"#id_{name}").fill(typed)
    nia.get_by_label("The same again").fill(PASSWORD)
    nia.get_by_role("button", name="Join").click()
    nia.wait_for_selector("#day[data-date]")

    # a receptionist books and sees patients, and changes no settings
    sections = nia.get_by_role("navigation", name="Sections")
    expect(sections.get_by_role("link", name="Patients")).to_be_visible()
    expect(nia.locator("#book")).to_be_visible()
    expect(sections.get_by_role("link", name="Settings")).to_have_count(0)
    refused = nia.goto("/demo/settings")
    assert refused is not None
    assert refused.status == 403

    admin.goto("/demo/settings/users")
    admin.get_by_label("Role of Nia Cole", exact=True).select_option("power receptionist")
    admin.get_by_role("button", name="Save the role of Nia Cole").click()
    expect(admin.get_by_role("status").last).to_contain_text("Nia Cole is Power receptionist now")
    nia.goto("/demo/")
    sections.get_by_role("link", name="Settings").click()
    expect(nia.get_by_role("heading", name="Settings")).to_be_visible()
    expect(nia.locator("main").get_by_role("link", name="Users")).to_have_count(0)

    admin.get_by_role("button", name="Switch Nia Cole off").click()
    expect(admin.get_by_role("status").last).to_contain_text("can no longer come in")
    nia.goto("/demo/patients")
    expect(nia.get_by_role("heading", name="Sign in")).to_be_visible()
    nia.goto(link)
    expect(nia.get_by_role("heading", name="can no longer be used")).to_be_visible()


def follow(page: Page, words: str) -> None:
    """Go to the link or button with these words by Tab, and press Enter on it."""
    tab_to(page, words)
    with page.expect_navigation(wait_until="networkidle"):
        page.keyboard.press("Enter")


def test_an_empty_practice_is_set_up_by_its_steps_to_its_first_booking_without_a_mouse(
    open_browser: OpenBrowser, site: Site
) -> None:
    zone = "Australia/Perth"
    site.run("account", "create", "--name", "Fresh Start", "--slug", "fresh", "--time-zone", zone)
    whom = ["--email", "owner@fresh.example", "--first-name", "Ola", "--last-name", "Nord"]
    where = ["--account", "fresh", "--role", "administrator", "--password-stdin"]
    site.run("user", "create", *whom, *where, said=f"{PASSWORD}\n")
    page = open_browser("owner@fresh.example", PASSWORD, shown="main")

    follow(page, "Add a business")
    tab_to(page, "Name")
    page.keyboard.type("Beach Road")
    page.keyboard.press("Enter")
    expect(page.locator(".first-steps li[data-done]")).to_have_count(1)

    follow(page, "Add a practitioner")
    tab_to(page, "First name")
    page.keyboard.type("Tom")
    page.keyboard.press("Tab")
    page.keyboard.type("Reid")
    page.keyboard.press("Enter")
    expect(page.locator(".first-steps li[data-done]")).to_have_count(2)

    follow(page, "Add an appointment type")
    tab_to(page, "Name")
    page.keyboard.type("Initial")
    page.keyboard.press("Enter")
    expect(page.locator(".first-steps li[data-done]")).to_have_count(3)

    follow(page, "Book the first appointment")
    page.wait_for_selector("#day[data-date]")
    page.keyboard.press("b")
    panel = page.locator("#panel")
    expect(panel.locator("#id_patient")).to_be_focused()
    tab_to(page, "New patient")
    page.keyboard.press("Enter")
    tab_to(page, "First name")
    page.keyboard.type("Ada")
    page.keyboard.press("Tab")
    page.keyboard.type("Rossi")
    page.keyboard.press("Enter")
    expect(panel.locator("h1")).to_contain_text("Ada")
    page.goto("/fresh/settings")
    expect(page.get_by_text("Before the first booking")).to_have_count(0)
