"""Which time bookings leave behind, whoever moved or cancelled them, and who fits into it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from casewell.accounts.models import Business
from casewell.availability.models import AvailabilityBlock, DayOff
from casewell.availability.weeks import set_week
from casewell.waiting.fits import who_fits
from casewell.waiting.models import Urgency
from casewell.waiting.rooms import free_time, left_by_one, left_lately, time_at
from tests.waiting.world import LATER, wait, wait_with_visit
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.accounts.models import Practitioner
    from casewell.appointments.models import Attendee
    from casewell.waiting.fitting import Room
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
TWO = NOON + timedelta(hours=2)
TOMORROW = TWO + timedelta(days=1)
MINUTES = timedelta(minutes=45)


@pytest.fixture
def visit(northside: Practice) -> Attendee:
    """Ben's, at two o'clock."""
    return northside.attend(at=TWO, patient=northside.patient())


@pytest.fixture
def tom(northside: Practice) -> Practitioner:
    tom: Practitioner = northside.account.practitioners.create(first_name="Tom", last_name="Reid")
    tom.places.create(business=northside.business)
    return tom


def freed(practice: Practice) -> list[tuple[int, datetime, datetime]]:
    """Whose time was freed lately, from when until when."""
    rooms = free_time(practice.account, left_lately(practice.account)).rooms
    return [(r.practitioner, r.start.astimezone(UTC), r.end.astimezone(UTC)) for r in rooms]


def closing(day: datetime) -> datetime:
    """Six o'clock in Sydney on that day."""
    return day.replace(hour=7, minute=0)


def names(practice: Practice, rooms: list[Room]) -> list[str]:
    found = who_fits(practice.account, rooms)
    return [str(fit.entry.patient) for fits in found.values() for fit in fits]


def test_a_cancelled_visit_frees_the_time_up_to_the_next_booking(
    northside: Practice, visit: Attendee
) -> None:
    assert freed(northside) == []
    visit.cancel(30, by=northside.by)
    assert freed(northside) == [(northside.amy.pk, TWO, closing(TWO))]

    northside.attend(at=TWO + timedelta(hours=1))

    assert freed(northside) == [(northside.amy.pk, TWO, TWO + timedelta(hours=1))]


def test_a_moved_visit_frees_each_place_that_it_had(
    northside: Practice, visit: Attendee, tom: Practitioner
) -> None:
    visit.booking.move(by=northside.by, starts_at=TOMORROW, ends_at=TOMORROW + MINUTES)
    visit.booking.move(by=northside.by, practitioner=tom)

    assert freed(northside) == [
        (northside.amy.pk, TWO, closing(TWO)),
        (northside.amy.pk, TOMORROW, closing(TOMORROW)),
    ]
    assert len(free_time(northside.account, left_by_one(visit.booking)).rooms) == 2


def test_a_shortened_visit_frees_what_it_took_before(northside: Practice, visit: Attendee) -> None:
    visit.booking.move(by=northside.by, ends_at=TWO + timedelta(minutes=20))
    northside.attend(at=TWO + MINUTES)

    assert freed(northside) == [(northside.amy.pk, TWO + timedelta(minutes=20), TWO + MINUTES)]


def test_an_archived_visit_frees_its_time_unless_that_is_blocked(
    northside: Practice, visit: Attendee
) -> None:
    visit.booking.archive(by=northside.by)
    assert [start for _, start, _ in freed(northside)] == [TWO]

    northside.booking(TWO - timedelta(hours=1), appointment_type=None, ends_at=TWO + MINUTES).block(
        by=northside.by
    )

    assert freed(northside) == []


def test_time_of_who_is_off_that_day_is_not_free_until_that_is_undone(
    northside: Practice, visit: Attendee
) -> None:
    absence = northside.account.absences.model(
        account=northside.account,
        practitioner=northside.amy,
        from_date=TWO.date(),
        until_date=TWO.date(),
        action="cancel",
    )
    absence.settle([visit], by=northside.by)
    assert freed(northside) == []
    [afterwards] = time_at(northside.account, northside.business, northside.amy, TOMORROW).rooms
    assert afterwards.start == TOMORROW

    type(absence).objects.update(undone_at=NOON)

    assert [start for _, start, _ in freed(northside)] == [TWO]


def test_time_beside_the_practitioners_own_hours_is_not_free(
    northside: Practice, visit: Attendee
) -> None:
    amy, place = northside.amy, northside.business
    visit.cancel(30, by=northside.by)
    half_past = TWO + timedelta(minutes=30)

    # She is away from half past two for an hour, and from five; the doors close at six.
    hours = {"tuesday": [["08:00", "14:30"], ["15:30", "17:00"]]}
    set_week(amy, place, hours, by=northside.by)
    assert freed(northside) == [(amy.pk, TWO, half_past)]
    [pointed] = time_at(northside.account, place, amy, TWO).rooms
    assert pointed.end == half_past
    [beside] = time_at(northside.account, place, amy, half_past).rooms
    assert beside.end - beside.start == timedelta(hours=1)

    set_week(amy, place, {"tuesday": [["08:00", "12:00"]]}, by=northside.by)
    assert freed(northside) == []

    extra = AvailabilityBlock(practitioner=amy, business=place, starts_at=TWO, ends_at=half_past)
    extra.add(by=northside.by)
    assert freed(northside) == [(amy.pk, TWO, half_past)]


def test_time_of_a_day_off_is_not_free(northside: Practice, visit: Attendee) -> None:
    visit.cancel(30, by=northside.by)
    off = DayOff(practitioner=northside.amy, first_date=TWO.date(), last_date=TWO.date())
    off.add(by=northside.by)

    assert freed(northside) == []
    assert time_at(northside.account, northside.business, northside.amy, TWO).rooms == []
    [after] = time_at(northside.account, northside.business, northside.amy, TOMORROW).rooms
    assert after.start == TOMORROW


def test_free_time_takes_two_statements_however_many_places_are_left(
    northside: Practice, django_assert_num_queries: Any
) -> None:
    for n in range(1, 4):
        northside.attend(at=TWO + n * MINUTES).cancel(30, by=northside.by)
        places = left_lately(northside.account)
        with django_assert_num_queries(2):
            assert len(free_time(northside.account, places).rooms) == n


def test_what_is_over_archived_or_of_who_has_left_is_nobodys_time(
    northside: Practice, visit: Attendee
) -> None:
    visit.cancel(30, by=northside.by)
    northside.amy.active = False
    northside.amy.save()
    assert freed(northside) == []
    northside.amy.active = True
    northside.amy.save()

    with time_machine.travel(TWO + timedelta(minutes=11, seconds=7)):
        assert [start for _, start, _ in freed(northside)] == [TWO + timedelta(minutes=15)]
    with time_machine.travel(TWO + MINUTES):
        assert freed(northside) == []


def test_what_was_freed_before_yesterday_is_no_news(northside: Practice) -> None:
    day = datetime(2030, 1, 8, 3, 0, tzinfo=UTC)
    visit = northside.attend(at=day)
    visit.cancel(30, by=northside.by)
    assert [start for _, start, _ in freed(northside)] == [day]

    with time_machine.travel(day - timedelta(days=2)):
        assert freed(northside) == []
        assert [place.starts_at for place in left_by_one(visit.booking)] == [day]


def test_time_at_which_somebody_points_is_free_or_not(northside: Practice, visit: Attendee) -> None:
    account, place = northside.account, northside.business

    assert time_at(account, place, northside.amy, TWO + timedelta(minutes=10)).rooms == []
    [before] = time_at(account, place, northside.amy, TWO - timedelta(minutes=30)).rooms
    assert before.end == TWO
    [night] = time_at(account, place, northside.amy, NOON + timedelta(hours=9)).rooms
    assert night.end - night.start == timedelta(hours=1)


def test_the_most_urgent_come_first_and_then_who_has_waited_longest(northside: Practice) -> None:
    for name, urgency in [("Later", 3), ("Second", 2), ("Third", 2), ("First", 1)]:
        wait(northside, northside.patient(name, "X"), urgency=urgency)

    rooms = time_at(northside.account, northside.business, northside.amy, TWO).rooms

    assert names(northside, rooms) == ["First X", "Second X", "Third X", "Later X"]
    assert Urgency(1).label == "Urgent"


@pytest.mark.parametrize(
    ("wish", "fits"),
    [
        ({}, True),
        ({"weekdays": [1]}, True),
        ({"weekdays": [0, 2]}, False),
        ({"from_time": time(14), "until_time": time(15)}, True),
        ({"until_time": time(14, 30)}, False),
        ({"from_date": TOMORROW.date()}, False),
        ({"until_date": TWO.date()}, True),
        ({"until_date": (NOON - timedelta(days=1)).date()}, False),
    ],
)
def test_who_fits_is_who_can_come_then(
    northside: Practice, wish: dict[str, Any], *, fits: bool
) -> None:
    wait(northside, **wish)
    rooms = time_at(northside.account, northside.business, northside.amy, TWO).rooms

    assert names(northside, rooms) == ["Ada Rossi"] * fits


def test_a_practitioner_is_wanted_or_offers_the_type(
    northside: Practice, tom: Practitioner
) -> None:
    entry = wait(northside)
    rooms = time_at(northside.account, northside.business, northside.amy, TWO).rooms
    assert names(northside, rooms) == ["Ada Rossi"]

    northside.standard.practitioner_links.create(practitioner=tom)
    assert names(northside, rooms) == []
    entry.practitioner_links.create(practitioner=northside.amy)
    assert names(northside, rooms) == ["Ada Rossi"]
    elsewhere = Business.objects.create(business_name="Lane", time_zone="Australia/Sydney")
    entry.business_links.create(business=elsewhere)
    assert names(northside, rooms) == []


def test_only_earlier_times_are_for_who_has_a_visit_already(
    northside: Practice, tom: Practitioner
) -> None:
    wait_with_visit(northside, at=TOMORROW)
    account, place = northside.account, northside.business

    assert names(northside, time_at(account, place, northside.amy, TWO).rooms) == ["Ada Rossi"]
    after = time_at(account, place, northside.amy, TOMORROW + timedelta(hours=1)).rooms
    assert len(after) == 1
    assert names(northside, after) == []
    same = time_at(account, place, tom, TOMORROW).rooms
    assert len(same) == 1
    assert names(northside, same) == []


def test_nobody_is_at_two_places_at_once_but_the_visit_that_is_moved_is_no_hindrance(
    northside: Practice, tom: Practitioner
) -> None:
    wait(northside)
    northside.attend(at=TWO)
    own = wait_with_visit(northside, at=TWO + timedelta(minutes=30), patient=northside.patient())
    [room] = time_at(northside.account, northside.business, tom, TWO).rooms
    short = type(room)(room.practitioner, room.business, room.start, room.start + MINUTES)

    assert own.attendee is not None
    assert names(northside, [short]) == ["Ben Wu"]


def test_who_fits_takes_two_statements_however_many_wait(
    northside: Practice, django_assert_num_queries: Any
) -> None:
    rooms = time_at(northside.account, northside.business, northside.amy, TWO).rooms
    for n in range(3):
        wait_with_visit(northside, at=LATER + timedelta(hours=n), patient=northside.patient())
        with django_assert_num_queries(2):
            assert len(names(northside, rooms)) == n + 1
