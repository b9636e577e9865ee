"""The list of appointments: what is found, by day, by whom, what and where, state and case."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.appointments.models import AppointmentType
from tests.web.appointments_list import HOUR, LIST, found, person
from tests.web.pages import text_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("", ["Today"]),
        ("when=today", ["Today"]),
        ("when=yesterday", ["Yesterday"]),
        ("when=week", ["Yesterday", "Today", "Sunday"]),
        ("when=next_7", ["Today", "Sunday", "Monday"]),
        ("when=last_month", ["First", "Last"]),
        ("when=dates&start=2026-03-08", ["Sunday", "Monday", "Tenth"]),
        ("when=dates&until=2026-02-01", ["January", "First"]),
        ("when=dates&start=2026-03-08&until=2026-03-08", ["Sunday"]),
        ("when=today&start=2026-03-08", ["Today"]),
    ],
)
def test_a_span_of_days_is_that_of_the_clinics_own_calendar(
    northside: Practice, admin: Client, when: str, names: list[str]
) -> None:
    clocks = {
        "January": (1, 31, 23, 59),
        "First": (2, 1, 0, 0),
        "Last": (2, 28, 23, 59),
        "Yesterday": (3, 2, 0, 0),
        "Today": (3, 3, 0, 0),
        "Sunday": (3, 8, 23, 59),
        "Monday": (3, 9, 9, 0),
        "Tenth": (3, 10, 0, 0),
    }
    for name, clock in clocks.items():
        there = datetime(2026, *clock, tzinfo=northside.business.zone)
        northside.attend(at=there, patient=person(northside, name))

    assert found(admin, when) == names


def test_a_day_is_each_businesss_own(northside: Practice, admin: Client) -> None:
    auckland = Business.objects.create(
        account=northside.account, business_name="Ponsonby", time_zone="Pacific/Auckland"
    )
    for name, hours in (("Late", 10.5), ("Early", -12.5)):  # 22:30 and, the day before, 23:30
        visit = northside.attend(at=NOON + hours * HOUR, patient=person(northside, name))
        visit.booking.move(business=auckland, by=northside.by)
    northside.attend(at=NOON + 10.5 * HOUR, patient=person(northside, "Here"))

    assert found(admin, "when=today") == ["Early", "Here"]
    assert found(admin, f"when=today&business={auckland.pk}") == ["Early"]
    assert "Tue 3 Mar 2026 1:30 am Auckland time" in text_of(admin.get(LIST))


def test_a_visit_is_found_by_whom_what_and_where_it_is(northside: Practice, admin: Client) -> None:
    account = northside.account
    tom = Practitioner.objects.create(account=account, first_name="Tom", last_name="Reid")
    long = AppointmentType.objects.create(account=account, name="Long", duration_in_minutes=60)
    lane = Business.objects.create(
        account=account, business_name="Lane", time_zone="Australia/Sydney"
    )
    northside.attend(patient=person(northside, "Plain"))
    other = northside.attend(at=NOON + HOUR, patient=person(northside, "Other"))
    other.booking.move(practitioner=tom, business=lane, by=northside.by)
    other.booking.change_type(long, by=northside.by)

    for name, key in (("practitioner", tom.pk), ("type", long.pk), ("business", lane.pk)):
        assert found(admin, f"{name}={key}") == ["Other"]
    assert found(admin, f"practitioner={northside.amy.pk}") == ["Plain"]
    assert found(admin, f"practitioner={tom.pk}&business={northside.business.pk}") == []
    assert "Tom Reid · Lane · Long" in text_of(
        admin.get(f"{LIST}?practitioner={tom.pk}&business={lane.pk}&type={long.pk}")
    )


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("booked", ["Forgotten", "Coming"]),
        ("arrived", ["Here"]),
        ("did_not_arrive", ["Absent"]),
        ("cancelled", ["Cancelled"]),
        ("unmarked", ["Forgotten"]),
        ("", ["Forgotten", "Here", "Absent", "Cancelled", "Coming"]),
    ],
)
def test_a_visit_is_found_by_what_became_of_it(
    northside: Practice, admin: Client, state: str, names: list[str]
) -> None:
    visits: dict[str, dict[str, Any]] = {
        "Forgotten": {},
        "Here": {"arrived": True},
        "Absent": {"did_not_arrive": True},
        "Cancelled": {"cancelled_at": NOON, "did_not_arrive": True},
        "Archived": {"archived_at": NOON},
    }
    for name, fields in visits.items():
        northside.attend(at=NOON - HOUR, patient=person(northside, name), **fields)
    northside.attend(at=NOON + HOUR, patient=person(northside, "Coming"))

    assert found(admin, f"state={state}") == names
    if not state:
        counts = "5 appointments · 1 arrived · 1 did not arrive · 1 cancelled"
        assert counts in text_of(admin.get(LIST))


@pytest.mark.parametrize(
    ("case", "names"),
    [
        ("none", ["None"]),
        ("some", ["Open", "Full", "Expired", "Closed"]),
        ("open", ["Open", "Full"]),
        ("full", ["Full"]),
        ("expired", ["Expired"]),
        ("closed", ["Closed"]),
    ],
)
def test_a_visit_is_found_by_its_case(
    northside: Practice, admin: Client, case: str, names: list[str]
) -> None:
    cases: dict[str, dict[str, Any]] = {
        "Open": {},
        "Full": {"max_sessions": 1},
        "Expired": {"expiry_date": date(2026, 3, 2)},
        "Closed": {"closed_at": timezone.now()},
    }
    northside.attend(patient=person(northside, "None"))
    for name, fields in cases.items():
        patient = person(northside, name)
        northside.attend(northside.case(name, patient=patient, **fields))

    assert found(admin, f"case={case}") == names


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("when=dates&start=2026-03-04&until=2026-03-01", "The last day is before the first one."),
        ("when=dates&start=2026-02-31", "Enter a valid date."),
        ("when=dates&start=0002-01-01", "Choose a date from 1900 to 2199."),
        ("practitioner=7", "Select a valid choice."),
        ("state=gone", "Select a valid choice."),
        ("when=<script>", "Select a valid choice."),
    ],
)
def test_a_filter_that_makes_no_sense_says_so_and_lists_nothing(
    northside: Practice, admin: Client, query: str, sentence: str
) -> None:
    northside.attend()

    shown = admin.get(f"{LIST}?{query}")

    assert sentence in text_of(shown)
    assert b"<script>" not in shown.content.split(b"<main")[1]
    assert found(admin, query) == []
    assert admin.get(f"{LIST}.csv?{query}").status_code == 302
