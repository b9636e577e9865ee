"""A reminder from settings to the patient's yes in the calendar; a recall until it is booked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Page, expect

from casewell.lib.postgres_roles import OWNER
from tests import database
from tests.browser.test_reminders import a_zone_with_morning_behind_it

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site

OpenBrowser = Callable[..., Page]
PASSWORD = "four plain words here"
ADA = "ada@bells.example"


@contextmanager
def rows(site: Site) -> Iterator[tuple[psycopg.Connection[Any], int]]:
    """The database, and the key of the practice, whose rows are seen."""
    with psycopg.connect(database.server().url(OWNER, site.database)) as owner:
        found = owner.execute("SELECT id FROM accounts_account WHERE slug = 'bells'")
        [(account,)] = found.fetchall()
        owner.execute(f"SET app.account_id = '{account}'")
        yield owner, account


def send(page: Page, path: str, **form: str) -> str:
    """The id of what a form made."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    sent: dict[str, Any] = {"csrfmiddlewaretoken": token, **form}
    answer = page.request.post(f"/bells/{path}", form=sent, max_redirects=0)
    assert answer.status == 302, answer.text()[:3000]
    return answer.headers["location"].rsplit("/", 1)[1]


@pytest.fixture
def bells(open_browser: OpenBrowser, site: Site) -> Page:
    """A practice of the story's own with a place, a practitioner and a type."""
    zone = a_zone_with_morning_behind_it()
    site.run("account", "create", "--name", "Bells", "--slug", "bells", "--time-zone", zone)
    whom = ["--email", "owner@bells.example", "--first-name", "Olga", "--last-name", "Nord"]
    where = ["--account", "bells", "--role", "administrator", "--password-stdin"]
    site.run("user", "create", *whom, *where, said=f"{PASSWORD}\n")
    page = open_browser("owner@bells.example", PASSWORD, shown="main")
    for path, fields in (
        ("businesses", {"Name": "Beach Road"}),
        ("appointment-types", {"Name": "Standard"}),
        ("practitioners", {"First name": "Amy", "Last name": "Shaw"}),
    ):
        page.goto(f"/bells/settings/{path}/new")
        for label, text in fields.items():
            page.get_by_label(label).first.fill(text)
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(lambda url: not url.endswith("/new"))
    return page


def in_days(site: Site, days: int) -> str:
    with rows(site) as (owner, _):
        [(zone,)] = owner.execute(
            "SELECT time_zone FROM accounts_account WHERE slug = 'bells'"
        ).fetchall()
    return str((datetime.now(ZoneInfo(zone)) + timedelta(days=days)).date())


def book_tomorrow(page: Page, site: Site) -> tuple[str, str]:
    """Ada, in the first of two sessions, booked nine days ago; her key and the booking's."""
    ada = send(page, "patients/new", first_name="Ada", last_name="Rossi", email=ADA)
    knee = send(
        page,
        f"patients/{ada}/cases/new",
        name="Knee, private words",
        limit_kind="sessions",
        max_sessions="1",
    )
    page.goto("/bells/bookings/new")
    chosen = {
        name: page.locator(f"#main [name={name}] option:not([value=''])").first.get_attribute(
            "value"
        )
        or ""
        for name in ("practitioner", "business", "appointment_type")
    }
    form = {"patient": ada, "case": knee, "date": in_days(site, 1), "time": "10:00"}
    booking = send(page, "bookings/new", **form, **chosen, minutes="30")
    with rows(site) as (owner, _):
        owner.execute("UPDATE appointments_attendee SET created_at = now() - interval '9 days'")
    return ada, booking


def look_for_visits(site: Site) -> None:
    """As the worker's own round puts it there every five minutes."""
    with rows(site) as (owner, account):
        owner.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "VALUES ('default', 'remind_visitors', %s)",
            [json.dumps({"account_id": account})],
        )


def test_a_reminder_goes_out_as_previewed_and_the_patients_yes_shows_in_the_calendar(
    bells: Page, site: Site, open_browser: OpenBrowser
) -> None:
    page = bells
    page.goto("/bells/settings/reminders")
    page.get_by_label("By e-mail").check()
    page.locator("#id_first_hours").fill("48")
    page.get_by_label("Nothing is sent from").fill("00:00")
    page.locator("#id_quiet_until").fill("00:00")
    text = "Hello {patient first name}: {time}\n{visit of case}. {last visit} {tme}\n{confirm link}"
    page.locator("#id_email_text").fill(text)
    look = page.locator("#letter-look")
    expect(look).to_contain_text("Hello Ada: 9:30 am")
    expect(look).to_contain_text("Visit 5 of 5. This is the last visit")
    expect(look).to_contain_text("No such field: {tme}")
    page.locator("#id_email_text").fill(text.replace(" {tme}", ""))
    expect(look).not_to_contain_text("No such field")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("The settings of reminders are saved.")

    ada, booking = book_tomorrow(page, site)
    look_for_visits(site)
    letter = site.letter_to(ADA).replace("\r\n", "\n")
    assert letter.startswith("Hello Ada: 10:00 am\nVisit 1 of 1. This is the last visit")
    assert "private words" not in letter
    [link] = re.findall(r"http\S+/visits/\S+(?<!/reminders)$", letter, re.MULTILINE)
    [stop] = re.findall(r"http\S+/reminders$", letter, re.MULTILINE)

    # a mail scanner opens the link, and the calendar does not change
    page.goto(f"/bells/calendar/{in_days(site, 1)}?view=day")
    tile = page.locator(".tile:visible", has_text="Rossi")
    expect(tile).to_be_visible()
    patient = open_browser("")
    patient.goto(link)
    expect(patient.locator("main")).to_contain_text("Your appointment is on")
    expect(tile.locator("[data-mark=confirmed]")).to_have_count(0)
    patient.get_by_role("button", name="I will come").click()
    expect(patient.locator("main")).to_contain_text("we know that you will come")
    expect(tile.locator("[data-mark=confirmed]")).to_have_count(1)

    # the panel says what was sent, and sends another
    page.goto(f"/bells/bookings/{booking}")
    expect(page.locator("main")).to_contain_text("Email sent, today")
    expect(page.locator("main")).to_contain_text("confirmed")
    page.get_by_role("button", name="Not confirmed").click()
    expect(page.get_by_role("button", name="Confirmed", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send a reminder").click()
    expect(page.locator("#toasts")).to_contain_text(f"A reminder is on its way to {ADA}")

    # no more of them
    patient.goto(stop)
    patient.get_by_role("button", name="No more reminders").click()
    expect(patient.locator("main")).to_contain_text("no more reminders from us")
    page.get_by_role("button", name="Send a reminder").click()
    expect(page.get_by_role("alert")).to_contain_text("wants no reminders")

    a_recall_is_done_by_booking(page, site, ada)


def a_recall_is_done_by_booking(page: Page, site: Site, ada: str) -> None:
    page.goto("/bells/settings/recall-types/new")
    page.get_by_label("Name").fill("Check-up")
    page.get_by_role("button", name="Save").click()
    page.goto(f"/bells/patients/{ada}")
    page.get_by_role("link", name="New recall").click()
    page.get_by_label(re.compile(r"^From")).fill(in_days(site, 0))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#recalls")).to_contain_text("due")
    page.goto("/bells/today")
    page.get_by_role("link", name="1 recall due").click()
    page.get_by_role("link", name="Book Ada Rossi").click()
    panel = page.locator("#panel")
    expect(panel.locator("#id_patient")).to_have_value(re.compile("Ada"))
    panel.get_by_role("button", name="Book", exact=False).first.click()
    expect(panel.locator("h1")).to_contain_text("Rossi")
    page.goto("/bells/recalls")
    expect(page.locator("main")).to_contain_text("Nobody to ask back today")
    page.goto("/bells/recalls?when=booked")
    page.get_by_role("button", name="Open the recall of Ada Rossi again").click()
    expect(page.locator("#toasts")).to_contain_text("is open again")
    page.goto("/bells/recalls")
    expect(page.locator("tbody tr")).to_have_count(1)
