"""The example app beside a practice: approved, on a button, and a browser that finds it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from casewell.lib.demo_password import DEMO_PASSWORD
from casewell.lib.postgres_roles import OWNER
from casewell.tenancy.ids import new_id
from tests import database
from tests.browser.conftest import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Playwright

    from tests.connected_app import ConnectedApp
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
