"""A morning's reminders: switched on in settings, sent by the worker, over SMTP, once each."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Page, expect

from casewell.lib.postgres_roles import OWNER
from tests import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site

OpenBrowser = Callable[..., Page]
PASSWORD = "four plain words here"
ZONES = (
    "Pacific/Auckland",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Honolulu",
)
DESK, AMY, ADA = "desk@morning.example", "amy@morning.example", "ada@home.example"
SECONDS = 30


def a_zone_with_morning_behind_it() -> str:
    """Where it is between eight and ten at night, so that no test meets midnight."""
    now = datetime.now(UTC)
    return next(zone for zone in ZONES if 8 <= now.astimezone(ZoneInfo(zone)).hour < 22)


@dataclass
class Morning:
    """A practice of the story's own, as its administrator sees it."""

    site: Site
    page: Page
    zone: str

    def send(self, path: str, **form: str) -> str:
        """The id of what a form made."""
        token = self.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        sent: dict[str, Any] = {"csrfmiddlewaretoken": token, **form}
        answer = self.page.request.post(f"/morning/{path}", form=sent, max_redirects=0)
        assert answer.status == 302, answer.text()[:3000]
        return answer.headers["location"].rsplit("/", 1)[1]

    def in_days(self, days: int) -> str:
        return str((datetime.now(ZoneInfo(self.zone)) + timedelta(days=days)).date())

    def book(self, patient: str, case: str, days: int) -> None:
        form = {"patient": patient, "case": case, "date": self.in_days(days), "time": "10:00"}
        self.send("bookings/new", **form, **self.choices, minutes="30")

    @property
    def choices(self) -> dict[str, str]:
        with self.rows() as (owner, _account):
            return {
                name: str(owner.execute(f"SELECT id FROM {table}").fetchall()[0][0])
                for name, table in (
                    ("practitioner", "accounts_practitioner"),
                    ("business", "accounts_business"),
                    ("appointment_type", "appointments_appointmenttype"),
                )
            }

    @contextmanager
    def rows(self) -> Iterator[tuple[psycopg.Connection[Any], int]]:
        """The database, and the key of the practice, whose rows are seen."""
        with psycopg.connect(database.server().url(OWNER, self.site.database)) as owner:
            found = owner.execute("SELECT id FROM accounts_account WHERE slug = 'morning'")
            [(account,)] = found.fetchall()
            owner.execute(f"SET app.account_id = '{account}'")
            yield owner, account

    def dawns(self) -> int:
        """It is the next day for the practice: once its job is done, how many were told by then."""
        with self.rows() as (owner, account):
            owner.execute("UPDATE accounts_account SET reminded_on = NULL WHERE slug = 'morning'")
            owner.execute(  # as the worker's own round puts it there each morning
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
                "VALUES ('default', 'remind_practice', %s)",
                [json.dumps({"account_id": account})],
            )
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with self.rows() as (owner, _):
                told = owner.execute(
                    "SELECT (SELECT count(*) FROM cases_casereminder WHERE account_id = a.id) "
                    "FROM accounts_account a WHERE slug = 'morning' AND reminded_on IS NOT NULL"
                ).fetchall()
            if told:
                return int(told[0][0])
            time.sleep(0.2)
        pytest.fail("the worker did not remind")

    def letters(self, number: int) -> list[str]:
        """What was written to anybody of the practice, once `number` letters have come."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            ours = [mail for mail in self.site.post.received if mail["To"] in (DESK, AMY, ADA)]
            if len(ours) >= number:
                assert len(ours) == number
                return [f"{mail['To']}: {mail['Subject']}" for mail in ours]
            time.sleep(0.2)
        pytest.fail(f"fewer than {number} letters came")


@pytest.fixture
def morning(open_browser: OpenBrowser, site: Site) -> Morning:
    """A practice with a place, a practitioner who signs in, and a type."""
    zone = a_zone_with_morning_behind_it()
    site.run("account", "create", "--name", "Morning", "--slug", "morning", "--time-zone", zone)
    for email, role, last_name in (
        ("owner@morning.example", "administrator", "Nord"),
        (AMY, "practitioner", "Shaw"),
    ):
        whom = ["--email", email, "--first-name", role.capitalize(), "--last-name", last_name]
        where = ["--account", "morning", "--role", role, "--password-stdin"]
        site.run("user", "create", *whom, *where, said=f"{PASSWORD}\n")
    page = open_browser("owner@morning.example", PASSWORD, shown="main")
    one = Morning(site, page, zone)
    page.goto("/morning/settings/businesses/new")
    page.get_by_label("Name").first.fill("Beach Road")
    page.get_by_role("button", name="Save").click()
    page.goto("/morning/settings/appointment-types/new")
    page.get_by_label("Name").first.fill("Standard")
    page.get_by_role("button", name="Save").click()
    page.goto("/morning/settings/practitioners/new")
    page.get_by_label("First name").fill("Amy")
    page.get_by_label("Last name").fill("Shaw")
    page.get_by_label("Signs in as").select_option(label="Practitioner Shaw")
    page.get_by_role("button", name="Save").click()
    return one


def switch_on(page: Page) -> None:
    page.goto("/morning/settings/cases")
    page.get_by_label("The desk, at this e-mail address").fill(DESK)
    page.get_by_label("The practitioner of the next or last visit, by e-mail").check()
    page.get_by_label("The patient, by e-mail").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("The settings of cases are saved.")


def test_what_nears_its_end_is_written_once_to_the_desk_the_practitioner_and_the_patient(
    morning: Morning, site: Site
) -> None:
    page = morning.page
    switch_on(page)
    ada = morning.send("patients/new", first_name="Ada", last_name="Rossi", email=ADA)
    ben = morning.send("patients/new", first_name="Ben", last_name="Wu")
    knee = morning.send(
        f"patients/{ada}/cases/new",
        name="Knee, private words",
        limit_kind="sessions",
        max_sessions="3",
        referral="on",
        referral_type="medicare",
    )
    hip = morning.send(
        f"patients/{ben}/cases/new", name="Hip", limit_kind="none", expiry_date=morning.in_days(5)
    )
    morning.book(ada, knee, 1)

    assert morning.dawns() == 4  # the desk of both, practitioner and patient of the knee
    assert sorted(morning.letters(3)) == [
        f"{ADA}: Your sessions at Morning",
        f"{AMY}: 1 case needs a look",
        f"{DESK}: 2 cases need a look",
    ]
    to_desk, to_amy, to_ada = (
        site.letter_to(whom).replace("\r\n", "\n") for whom in (DESK, AMY, ADA)
    )
    own = f"- Rossi, Ada: 1 of 3 sessions\n  {site.address}/morning/cases/{knee}\n"
    assert own in to_desk
    assert own in to_amy
    assert re.search(rf"- Wu, Ben: 0 sessions, expires .+\n  \S+/morning/cases/{hip}\n", to_desk)
    assert "Wu, Ben" not in to_amy
    assert "You have used or booked visit 1 of 3 of your Medicare referral." in to_ada
    assert "http" not in to_ada
    assert "private words" not in to_ada

    # the letter leads to the case and to the worklist, and the log says what was sent
    for link in re.findall(r"http\S+", to_amy):
        page.goto(link)
        expect(page.locator("main")).to_contain_text("Rossi, Ada")
    page.goto("/morning/cases/reminders")
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(4)
    for words in ("Knee", "Two or fewer left", "Patient", "sent today"):
        expect(rows.filter(has_text=ADA)).to_contain_text(words)

    # the next morning nothing is new; when the case is full, that is, once
    assert morning.dawns() == 4
    for days in (2, 3):
        morning.book(ada, knee, days)
    assert morning.dawns() == 7
    assert len(morning.letters(6)) == 6
    assert "All 3 visits of your Medicare referral are used or booked." in site.letter_to(ADA)
    assert morning.dawns() == 7
    morning.letters(6)
