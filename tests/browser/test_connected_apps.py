"""A patient is opened in another app, in a real browser: the example app, on its own origin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.stride import (
    AU,
    NZ,
    PATIENTS,
    PATTERN,
    SIGNED,
    approve,
    connect,
    desk_that_finds,
    launches,
    open_patient,
    opened,
    sign_in,
    visit_in_a_case,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Response, Route

    from tests.connected_app import ConnectedApp, StartApp
    from tests.served import Site


@pytest.fixture
def stride(site: Site, connected_app: StartApp) -> Iterator[ConnectedApp]:
    """The example app under two names, approved, and a button of the practice to the first."""
    app = connected_app(AU, NZ, issuer=site.address)
    approve(site, "Stride of the tests", PATTERN)
    connect(site, AU)
    yield app
    connect(site)


@pytest.fixture
def desk(site: Site, stride: ConnectedApp, playwright: Playwright) -> Iterator[Page]:
    """The receptionist's browser; on the page of a patient."""
    with desk_that_finds(stride, site, playwright) as page:
        yield page


def test_signed_out_there_the_patient_comes_after_the_login_and_a_second_one_at_once(
    site: Site, stride: ConnectedApp, desk: Page
) -> None:
    first = desk.url.rsplit("/", 1)[1]
    button = desk.get_by_role("button", name="Open in Stride AU")
    before = launches(site)

    tab = opened(desk, button.click)
    expect(tab).to_have_url(re.compile(rf"https://{AU}/login"))
    assert tab.evaluate("window.opener") is None
    sign_in(tab, stride)

    expect(tab.locator("body")).to_contain_text(first)
    assert tab.url.startswith(f"https://{AU}/")
    second = open_patient(desk, 1)
    again = opened(desk, lambda: desk.get_by_role("button", name="Open in").click())
    expect(again.locator("body")).to_contain_text(second)
    arrived = stride.lines("/patients ")
    assert len(arrived) >= 2
    assert all(line.endswith("from -") for line in arrived), arrived  # no Referer
    assert launches(site) == before + 2
    desk.goto(f"/southside/patients/{second}/history?of=apps")
    expect(desk.locator(".history__acts")).to_contain_text("opened the patient in “Stride AU”")


def test_several_apps_are_a_menu_that_keys_alone_can_use(
    site: Site, stride: ConnectedApp, desk: Page
) -> None:
    connect(site, AU, NZ)
    desk.reload()
    desk.wait_for_load_state()
    desk.locator("summary", has_text="Open in").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".open-in .menu__item").last).to_be_visible()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")

    tab = opened(desk, lambda: desk.keyboard.press("Enter"))

    expect(tab).to_have_url(re.compile(rf"https://{NZ}/login"))


def test_the_panel_of_an_appointment_and_a_case_open_the_patient_as_well(
    site: Site, stride: ConnectedApp, desk: Page
) -> None:
    booking, case = visit_in_a_case(site)
    desk.goto(f"/southside/cases/{case}")
    before = launches(site)
    opened(desk, lambda: desk.get_by_role("button", name="Open in Stride AU").click())
    desk.locator(f"main a[hx-target='#panel'][href*='/bookings/{booking}']").first.click()

    tab = opened(desk, lambda: desk.locator("#panel").get_by_role("button", name="Open in").click())

    expect(tab).to_have_url(re.compile(rf"https://{AU}/"))
    assert launches(site) == before + 2


def test_without_the_origin_in_the_pages_policy_the_browser_blocks_the_launch(
    site: Site, stride: ConnectedApp, desk: Page
) -> None:
    def with_an_older_policy(route: Route) -> None:
        answer: Any = route.fetch()
        headers = dict(answer.headers)
        name = "content-security-policy"
        assert f" https://{AU}" in headers[name]
        headers[name] = headers[name].replace(f" https://{AU}", "")
        route.fulfill(response=answer, headers=headers)

    desk.route(PATIENTS, with_an_older_policy)
    desk.reload()
    desk.wait_for_load_state()
    before = launches(site)
    with desk.expect_console_message(lambda message: "form-action" in message.text):
        desk.get_by_role("button", name="Open in").click()

    assert launches(site) == before + 1  # we answered, and the browser went nowhere
    assert stride.lines("/patients ") == []
    assert not [page for page in desk.context.pages if AU in page.url]


def test_a_page_that_was_open_before_the_app_came_leads_to_one_that_lets_it_pass(
    site: Site, stride: ConnectedApp, desk: Page
) -> None:
    connect(site)
    booking, case = visit_in_a_case(site)
    desk.goto(f"/southside/cases/{case}")
    connect(site, AU)
    desk.locator(f"main a[hx-target='#panel'][href*='/bookings/{booking}']").first.click()
    button = desk.locator("#panel").get_by_role("button", name="Open in Stride AU")

    choice = opened(desk, button.click)

    expect(choice.get_by_role("heading", level=1)).to_contain_text("in another app")
    choice.get_by_role("button", name="Stride AU").click()
    expect(choice).to_have_url(re.compile(rf"https://{AU}/login"))


def test_an_app_that_is_suspended_meanwhile_is_not_opened_and_the_tab_says_why(
    site: Site, stride: ConnectedApp, desk: Page
) -> None:
    site.run("apps", "suspend", "Stride of the tests", "--why", "asked for too much")
    before, answers = launches(site), []

    def note(answer: Response) -> None:
        answers.append(answer.status)

    desk.context.on("response", note)
    tab = opened(desk, lambda: desk.get_by_role("button", name="Open in").click())

    expect(tab.locator("body")).to_contain_text("“Stride of the tests” is suspended")
    assert 403 in answers
    assert launches(site) == before
    assert stride.lines("/patients ") == []
    desk.reload()
    expect(desk.get_by_role("button", name="Open in")).to_have_count(0)


def test_a_signed_launch_is_verified_there_and_opens_the_patient(
    site: Site, connected_app: StartApp, playwright: Playwright
) -> None:
    app = connected_app(SIGNED, issuer=site.address, signed_only=True)
    approve(site, "Stride, signed", f"{SIGNED}/patients", "--signed")
    connect(site, SIGNED)
    with desk_that_finds(app, site, playwright) as desk:
        patient = desk.url.rsplit("/", 1)[1]
        tab = opened(desk, lambda: desk.get_by_role("button", name="Open in").click())
        expect(tab).to_have_url(re.compile(rf"https://{SIGNED}/login"))
        sign_in(tab, app)
        expect(tab.locator("body")).to_contain_text(patient)
        expect(tab.locator("body")).to_contain_text("(signed)")
        desk.goto(f"/southside/patients/{patient}/history?of=apps")
        expect(desk.locator(".history__acts")).to_contain_text("Signed launch")
        assert "launch_token" not in desk.content()
    connect(site)
