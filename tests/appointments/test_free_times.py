"""Free times: the hours less what is booked, wherever; one statement for however many."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import Practitioner
from casewell.appointments.free_times import free_times, gaps_in, offering
from casewell.appointments.models import Booking, CancellationReason
from casewell.availability.weeks import set_week
from casewell.lib.zones import at
from tests.world import NOON

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.world import Practice

TUESDAY = NOON.date()
LONG_AGO = NOON - timedelta(days=30)
QUARTERS = timedelta(minutes=45)


def clocks(
    practice: Practice, first: date = TUESDAY, last: date = TUESDAY, **asked: Any
) -> list[str]:
    """When a visit of 45 minutes fits, on the clocks of the business."""
    places = practice.account.practitioner_businesses.all()
    gaps = gaps_in(places, first, last, since=asked.get("since", LONG_AGO))
    return [f"{one.starts_at:%H:%M}" for one in free_times(gaps, QUARTERS)]


@pytest.fixture
def mornings(northside: Practice) -> Practice:
    """Amy is there on Tuesdays from 9 to 12."""
    week = {"tuesday": [["09:00", "12:00"]]}
    set_week(northside.amy, northside.business, week, by=northside.by)
    return northside


def test_visits_fit_one_right_after_the_other_from_the_beginning_of_each_gap(
    mornings: Practice,
) -> None:
    assert clocks(mornings) == ["09:00", "09:45", "10:30", "11:15"]

    ten = at(TUESDAY, NOON.time().replace(hour=9, minute=50), mornings.business.zone)
    mornings.booking(ten, ends_at=ten + timedelta(minutes=20)).book(mornings.ada, by=mornings.by)

    assert clocks(mornings) == ["09:00", "10:10", "10:55"]


def test_what_is_booked_elsewhere_and_blocks_take_the_time_and_what_is_cancelled_does_not(
    mornings: Practice,
) -> None:
    shore = mornings.account.businesses.create(business_name="Shore", time_zone="Australia/Perth")
    nine = NOON - timedelta(hours=3)
    mornings.booking(nine, business=shore).book(mornings.ada, by=mornings.by)
    block = mornings.booking(nine + QUARTERS, kind=Booking.Kind.BLOCK, appointment_type=None)
    block.block(by=mornings.by)
    mornings.attend(at=nine + 2 * QUARTERS).cancel(CancellationReason.SICK, by=mornings.by)

    assert clocks(mornings) == ["10:30", "11:15"]


def test_nothing_is_free_before_now(mornings: Practice) -> None:
    assert clocks(mornings, since=NOON - timedelta(minutes=80)) == ["10:40"]


def test_a_start_of_several_names_them_all_in_order(northside: Practice) -> None:
    tom = Practitioner.objects.create(first_name="Tom", last_name="Reid")
    northside.account.practitioner_businesses.create(practitioner=tom, business=northside.business)
    week = {"tuesday": [["09:00", "10:00"]]}
    for one in (northside.amy, tom):
        set_week(one, northside.business, week, by=northside.by)
    places = northside.account.practitioner_businesses.order_by("practitioner__last_name")

    [found] = free_times(gaps_in(places, TUESDAY, TUESDAY, since=LONG_AGO), QUARTERS)

    assert (found.practitioners, found.others) == ([tom, northside.amy], 1)
    assert f"{found.starts_at:%H:%M}" == "09:00"


def test_anybody_is_whoever_offers_the_type_or_all_where_nobody_is_said_to(
    northside: Practice,
) -> None:
    tom = Practitioner.objects.create(first_name="Tom", last_name="Reid")
    northside.account.practitioner_businesses.create(practitioner=tom, business=northside.business)
    places = northside.account.practitioner_businesses.all()
    assert offering(places, northside.standard).count() == 2

    northside.standard.practitioner_links.create(practitioner=tom)

    assert [place.practitioner for place in offering(places, northside.standard)] == [tom]


def test_on_the_night_when_clocks_go_back_both_hours_are_free(northside: Practice) -> None:
    week = {"sunday": [["01:00", "04:00"]]}
    set_week(northside.amy, northside.business, week, by=northside.by)
    night = date(2026, 4, 5)

    places = northside.account.practitioner_businesses.all()
    found = free_times(gaps_in(places, night, night, since=LONG_AGO), timedelta(hours=1))

    assert [(f"{one.starts_at:%H:%M}", one.starts_at.fold) for one in found] == [
        ("01:00", 0),
        ("02:00", 0),
        ("02:00", 1),
        ("03:00", 0),
    ]


@pytest.mark.parametrize("practitioners", [1, 3])
def test_a_month_of_any_number_of_practitioners_is_one_statement(
    northside: Practice,
    practitioners: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(practitioners):
        one = Practitioner.objects.create(first_name="Tom", last_name=f"Reid {number}")
        northside.account.practitioner_businesses.create(
            practitioner=one, business=northside.business
        )
        set_week(one, northside.business, {"tuesday": [["09:00", "12:00"]]}, by=northside.by)
        start = datetime.combine(TUESDAY, NOON.time(), tzinfo=NOON.tzinfo)
        northside.booking(start, practitioner=one).book(northside.patient(), by=northside.by)
    places = northside.account.practitioner_businesses.all()

    with django_assert_num_queries(1):
        found = gaps_in(places, TUESDAY, TUESDAY + timedelta(days=30), since=LONG_AGO)

    assert len(found) == practitioners + 1
