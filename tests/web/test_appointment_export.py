"""The list of appointments as CSV: what is in it, who may take it out, and how much."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.appointments.models import CancellationReason
from casewell.audit.models import Change
from casewell.tenancy.scope import account_scope
from casewell.web.views import appointment_export
from tests.web.appointments_list import HOUR, LIST
from tests.world import NOON, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_csv_holds_the_whole_list_with_the_columns_that_are_shown(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointment_export, "AT_ONCE", 2)
    knee = northside.case(max_sessions=3)
    for hours in (0, 1, 2):
        northside.attend(knee, at=NOON + hours * HOUR)
    northside.attend(at=NOON + 3 * HOUR, cancelled_at=NOON)

    answer = admin.get(f"{LIST}.csv?state=booked&sort=-when")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "appointments-2026-03-03.csv" in answer.headers["Content-Disposition"]
    zone = "Australia/Sydney"
    who = ["Rossi, Ada", "Amy Shaw", "Standard", "booked", "Left knee"]
    assert rows_of(answer) == [
        ["Date", "Start", "Time zone", "Patient", "With", "Type", "State", "Case", "Position"],
        ["2026-03-03", "14:00", zone, *who, "3 of 3"],
        ["2026-03-03", "13:00", zone, *who, "2 of 3"],
        ["2026-03-03", "12:00", zone, *who, "1 of 3"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_is_a_formula(northside: Practice, admin: Client, start: str) -> None:
    northside.attend(northside.case(f"{start}HYPERLINK(1)", patient=northside.patient()))

    line = rows_of(admin.get(f"{LIST}.csv"))[1]

    assert line[7] == f"'{start}HYPERLINK(1)"


def test_who_takes_a_list_out_is_written_down_with_what_it_was(
    northside: Practice, admin: Client
) -> None:
    northside.attend()

    admin.get(f"{LIST}.csv?practitioner={northside.amy.pk}&state=booked")

    exported = Change.objects.get(verb="exported")
    assert exported.user_id == northside.member.user_id
    assert (exported.target_type, exported.target_id) == ("appointments.attendee", 0)
    assert exported.changes == {
        "rows": [None, 1],
        "filter": [None, "Tue 3 Mar 2026 · Amy Shaw · booked"],
        "columns": [None, ["practitioner", "type", "status", "case", "position"]],
    }


def test_who_may_not_take_lists_out_is_not_offered_it_and_is_refused(
    northside: Practice, admin: Client
) -> None:
    assert b"appointments.csv" in admin.get(LIST).content
    northside.account.admit(northside.member.user, role=Role.RECEPTIONIST)

    assert b"appointments.csv" not in admin.get(LIST).content
    assert admin.get(f"{LIST}.csv").status_code == 403
    assert not Change.objects.filter(verb="exported").exists()


def test_more_than_a_spreadsheet_should_hold_is_not_taken_out(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointment_export, "MOST", 1)
    northside.attend()
    assert admin.get(f"{LIST}.csv").status_code == 200
    northside.attend(at=NOON + HOUR)

    answer = admin.get(f"{LIST}.csv?state=booked", follow=True)

    assert "Choose fewer days" in answer.content.decode()
    assert answer.redirect_chain == [(f"{LIST}?state=booked", 302)]


def test_the_csv_is_read_in_a_scope_of_its_own(elsewhere: Practice) -> None:
    with account_scope(elsewhere.account):
        elsewhere.attend()
    elsewhere.account.admit(elsewhere.member.user, role=Role.ADMINISTRATOR)

    rows = rows_of(signed_in(elsewhere.member).get("/elsewhere/appointments.csv"))

    assert [row[3] for row in rows] == ["Patient", "Rossi, Ada"]


def test_every_column_tells_its_own(northside: Practice, admin: Client) -> None:
    patient = northside.patient(
        email="ben@wu.example", phone_numbers=[{"number": "0400 1", "phone_type": "Home"}]
    )
    knee = northside.case(patient=patient, contact=northside.doctor(), expiry_date=date(2026, 4, 1))
    visit = northside.attend(knee, confirmed_at=NOON)
    visit.booking.set_notes("Brings scans", by=northside.by)
    visit.cancel(CancellationReason.SICK, by=northside.by)
    keys = [
        "business",
        "minutes",
        "expiry",
        "referrer",
        "phone",
        "email",
        "confirmed",
        "reason",
        "note",
        "booked",
    ]
    admin.get(f"{LIST}?{'&'.join(f'column={key}' for key in keys)}")

    [_, cells] = rows_of(admin.get(f"{LIST}.csv"))

    moment = "3 Mar 2026, 12:00 pm"
    assert cells[4:] == [
        "Hill Street",
        "45",
        "1 Apr 2026",
        "Dr Jane Lee",
        "0400 1",
        "ben@wu.example",
        moment,
        "Sick",
        "Brings scans",
        moment,
    ]
