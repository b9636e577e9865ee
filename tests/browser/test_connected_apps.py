"""A patient is opened in another app, in a real browser: the example app, on its own origin."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from playwright.sync_api import Page, Playwright, expect

from casewell.lib.demo_password import DEMO_PASSWORD
from casewell.lib.postgres_roles import OWNER
from casewell.tenancy.ids import new_id
from tests import database
from tests.browser.conftest import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Response, Route

    from tests.connected_app import ConnectedApp, StartApp
    from tests.served import Site

AU, NZ, SIGNED = "au.example.com", "nz.example.com", "signed.example.net"
PATTERN = "*.example.com/patients"
PATIENTS = re.compile(r"/southside/patients/\d+$")


@contextmanager
def owner_of(site: Site) -> Iterator[tuple[psycopg.Connection[Any], int]]:
    """The database as its owner, inside the practice, with the practice's id."""
    with psycopg.connect(database.server().url(OWNER, site.database)) as owner:
        [[account]] = owner.execute("SELECT id FROM accounts_account WHERE slug = 'southside'")
        owner.execute(f"SET app.account_id = '{account}'")
        yield owner, account


def connect(site: Site, *hosts: str) -> None:
    """Have the practice's buttons be these, and no others."""
    with owner_of(site) as (owner, account):
        owner.execute("UPDATE connections_connectedapp SET archived_at = now()")
        for position, host in enumerate(hosts):
            name = f"Stride {host[:2].upper()}"
            owner.execute(
                "INSERT INTO connections_connectedapp (id, account_id, name, url, position, roles,"
                " switched_off, created_at, updated_at)"
                " VALUES (%s, %s, %s, %s, %s, '[]', false, now(), now())",
                [new_id(), account, name, f"https://{host}/patients", position],
            )


def launches(site: Site) -> int:
    with owner_of(site) as (owner, _):
        [[found]] = owner.execute("SELECT count(*) FROM connections_applaunch").fetchall()
        return int(found)


def visit_in_a_case(site: Site) -> tuple[int, int]:
    """The ids of a booking and of the case of its visit, the latest one."""
    with owner_of(site) as (owner, account):
        found = owner.execute(
            "SELECT booking_id, case_id FROM appointments_attendee WHERE account_id = %s"
            " AND case_id IS NOT NULL AND archived_at IS NULL ORDER BY id DESC LIMIT 1",
            [account],
        )
        [[booking, case]] = found.fetchall()
        return booking, case


@pytest.fixture
def stride(site: Site, connected_app: StartApp) -> Iterator[ConnectedApp]:
    """The example app under two names, approved, and a button of the practice to the first."""
    app = connected_app(AU, NZ, issuer=site.address)
    approve(site, "Stride of the tests", PATTERN)
    connect(site, AU)
    yield app
    connect(site)


def approve(site: Site, name: str, pattern: str, *options: str) -> None:
    """Have that entry on the list, and approved."""
    with owner_of(site) as (owner, _):
        known = owner.execute("SELECT state FROM connections_approvedapp WHERE name = %s", [name])
        found = known.fetchone()
    entry = ["--vendor", "Stride", "--contact", "a@example.com", "--pattern", pattern]
    if found is None:
        site.run("apps", "approve", "--name", name, *entry, *options)
    elif found != ("approved",):
        site.run("apps", "approve", name)


@pytest.fixture
def desk(site: Site, stride: ConnectedApp, playwright: Playwright) -> Iterator[Page]:
    """The receptionist's browser; on the page of a patient."""
    with desk_that_finds(stride, site, playwright) as page:
        yield page


@contextmanager
def desk_that_finds(app: ConnectedApp, site: Site, playwright: Playwright) -> Iterator[Page]:
    """A browser, signed in, on the page of a patient; it knows where the app's names are."""
    with chromium(playwright, *app.flags) as browser:
        # The app's certificate is the test's own.
        context = browser.new_context(base_url=site.address, ignore_https_errors=True)
        page = context.new_page()
        page.goto("/")
        page.get_by_label("Email").fill("reception@southside.example")
        page.get_by_label("Password").fill(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/southside/"))
        open_patient(page, 0)
        yield page
        context.close()


def open_patient(page: Page, number: int) -> str:
    """The page of one of the practice's patients; the id."""
    page.goto("/southside/patients")
    page.locator("table.list tbody th a").nth(number).click()
    page.wait_for_url(PATIENTS)
    return page.url.rsplit("/", 1)[1]


def opened(page: Page, act: Callable[[], None]) -> Page:
    """The tab that an act opens."""
    with page.context.expect_page() as tab:
        act()
    tab.value.wait_for_load_state()
    return tab.value


def sign_in(tab: Page, stride: ConnectedApp) -> None:
    tab.locator("[type=email]").fill(stride.people[0])
    tab.locator("[type=password]").fill(stride.password)
    tab.keyboard.press("Enter")


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
