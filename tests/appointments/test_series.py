"""Series: booked at once, in their case, on the clock; and what is done to some or all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.accounts.models import LimitAction, Practitioner
from casewell.appointments.models import (
    Attendee,
    Booking,
    BookingConflict,
    CancellationReason,
    Series,
    reach,
)
from casewell.appointments.models.reach import Reach
from casewell.appointments.models.repeating import book_series, occurrences
from casewell.audit.models import Change
from casewell.cases.models import CaseFull, PatientCase
from casewell.lib.recurrence import Frequency, Rule
from casewell.tenancy.scope import account_scope
from tests.invoices.till import Till
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
SYDNEY = ZoneInfo("Australia/Sydney")
WEEKLY = Frequency.WEEKLY
TOMORROW = NOON + timedelta(days=1)


def weekly(
    practice: Practice,
    times: int = 12,
    case: PatientCase | None = None,
    at: datetime = TOMORROW,
    **fields: Any,
) -> list[Booking]:
    """Ada's appointments at noon on Wednesdays, from tomorrow on, unless it is said otherwise."""
    rule = Rule(WEEKLY, times=times)
    bookings = occurrences(practice.booking(at, **fields), rule)
    patient = None if "kind" in fields else practice.ada
    book_series(bookings, rule, patient, case, by=practice.by)
    return bookings


def again(bookings: list[Booking]) -> list[Booking]:
    """The same as they are stored, in the order in which they were made."""
    return list(Booking.objects.filter(pk__in=[one.pk for one in bookings]).order_by("id"))


def clocks(bookings: list[Booking]) -> list[str]:
    return [f"{one.starts_at.astimezone(SYDNEY):%d %b %H:%M}" for one in again(bookings)]


def held(one: Booking) -> Booking:
    return Booking.objects.select_related("account", "business", "practitioner").get(pk=one.pk)


def test_a_series_is_booked_on_the_clock_over_the_end_of_summer_time(northside: Practice) -> None:
    bookings = weekly(northside, 6, at=datetime(2026, 3, 15, 22, 0, tzinfo=UTC))

    assert clocks(bookings) == [
        "16 Mar 09:00",
        "23 Mar 09:00",
        "30 Mar 09:00",
        "06 Apr 09:00",
        "13 Apr 09:00",
        "20 Apr 09:00",
    ]
    [series] = Series.objects.all()
    assert (series.pk, str(series), series.number_of_repeats) == (bookings[0].pk, "weekly", 5)
    assert {one.series_id for one in again(bookings)} == {series.pk}
    assert {one.minutes for one in again(bookings)} == {45}


def test_each_date_leaves_its_change_row_and_all_take_the_same_few_statements(
    northside: Practice,
) -> None:
    counts = []
    for times in (3, 12):
        knee = northside.case(max_sessions=20)
        with CaptureQueriesContext(connection) as captured:
            bookings = weekly(northside, times, knee)
        counts.append(sum("SAVEPOINT" not in q["sql"] for q in captured.captured_queries))
        verbs = Change.objects.filter(target_id__in=[one.pk for one in bookings], verb="booked")
        assert verbs.count() == times

    assert counts == [9, 9]


def test_a_series_enters_its_case_and_those_outside_do_not(northside: Practice) -> None:
    knee = northside.case(max_sessions=10)
    rule = Rule(WEEKLY, times=12)
    bookings = occurrences(northside.booking(TOMORROW), rule)
    outside = {bookings[10].pk, bookings[11].pk}

    book_series(bookings, rule, northside.ada, knee, outside=outside, by=northside.by)

    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "10 of 10"
    alone = Attendee.objects.filter(case=None).values_list("booking", flat=True)
    assert set(alone) == outside


def test_a_series_that_does_not_fit_its_case_is_not_booked_at_all(northside: Practice) -> None:
    knee = northside.case(max_sessions=10)

    with pytest.raises(CaseFull):
        weekly(northside, 12, knee)

    assert not Booking.objects.exists()
    assert not Series.objects.exists()


def test_one_taken_date_keeps_a_series_of_a_strict_practice_from_being_booked(
    northside: Practice,
) -> None:
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    northside.attend(at=TOMORROW + timedelta(days=7), patient=northside.patient())

    with pytest.raises(BookingConflict, match=r"Wed 11 Mar 2026: Amy Shaw has Ben Wu"):
        weekly(northside, 3)

    assert Booking.objects.count() == 1


def test_one_date_alone_is_no_series(northside: Practice) -> None:
    [one] = weekly(northside, 1)

    assert held(one).series_id is None
    assert not Series.objects.exists()


def test_blocks_and_groups_repeat_too(northside: Practice) -> None:
    lunch = weekly(northside, 3, kind=Booking.Kind.BLOCK, appointment_type=None)
    pilates = weekly(northside, 2, kind=Booking.Kind.GROUP, max_attendees=8)

    assert [one.kind for one in again(lunch)] == ["block"] * 3
    assert [one.max_attendees for one in again(pilates)] == [8, 8]
    assert not Attendee.objects.exists()


def test_what_repeats_may_be_there_already(northside: Practice) -> None:
    knee = northside.case(max_sessions=3)
    first = northside.attend(knee, TOMORROW).booking
    rule = Rule(WEEKLY, times=3)

    book_series(occurrences(first, rule), rule, northside.ada, knee, by=northside.by)

    assert Booking.objects.filter(series=first.pk).count() == 3
    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "3 of 3"
    assert Change.objects.of(first).first().verb == "repeated"  # type: ignore[union-attr]


def test_one_alone_is_moved_and_stays_in_its_series(northside: Practice) -> None:
    bookings = weekly(northside, 3)
    one = held(bookings[1])

    reach.move(one, Reach.ONE, by=northside.by, **to(one, timedelta(days=1)))

    assert clocks(bookings) == ["04 Mar 12:00", "12 Mar 12:00", "18 Mar 12:00"]
    assert Series.objects.count() == 1


def to(one: Booking, by: timedelta) -> dict[str, Any]:
    return {"starts_at": one.starts_at + by, "ends_at": one.ends_at + by}


def test_this_and_following_go_a_day_on_and_are_a_series_of_their_own(northside: Practice) -> None:
    bookings = weekly(northside, 8)
    third = held(bookings[2])

    moved = reach.move(third, Reach.FOLLOWING, by=northside.by, **to(third, timedelta(days=1)))

    assert len(moved) == 6
    assert clocks(bookings) == [
        "04 Mar 12:00",
        "11 Mar 12:00",
        "19 Mar 12:00",
        "26 Mar 12:00",
        "02 Apr 12:00",
        "09 Apr 12:00",  # clocks were put back between
        "16 Apr 12:00",
        "23 Apr 12:00",
    ]
    former, latter = Series.objects.order_by("id")
    assert [former.number_of_repeats, latter.number_of_repeats] == [1, 5]
    assert [former.pk, latter.pk] == [bookings[0].pk, third.pk]
    assert [one.series_id for one in again(bookings)] == [former.pk] * 2 + [latter.pk] * 6


@pytest.mark.parametrize("days", [7, -7])
def test_a_whole_series_moves_by_a_week_where_bookings_are_kept_apart(
    northside: Practice, days: int
) -> None:
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    bookings = weekly(northside, 4, at=TOMORROW + timedelta(days=14))
    first = held(bookings[0])

    reach.move(first, Reach.ALL, by=northside.by, **to(first, timedelta(days=days)))

    start = date(2026, 3, 18) + timedelta(days=days)
    expected = [f"{start + timedelta(weeks=n):%d %b} 12:00" for n in range(4)]
    assert clocks(bookings) == expected
    assert Series.objects.count() == 1


def test_others_take_the_practitioner_and_the_length_along_only_where_these_changed(
    northside: Practice,
) -> None:
    tom = Practitioner.objects.create(account=northside.account, first_name="Tom", last_name="Reid")
    bookings = weekly(northside, 3)
    second = held(bookings[1])
    second.move(by=northside.by, ends_at=second.starts_at + timedelta(minutes=60))
    first = held(bookings[0])

    reach.move(
        first,
        Reach.ALL,
        by=northside.by,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        business=first.business,
        practitioner=tom,
    )

    assert [one.practitioner_id for one in again(bookings)] == [tom.pk] * 3
    assert [one.minutes for one in again(bookings)] == [45, 60, 45]


def test_all_leaves_alone_what_is_past_cancelled_or_invoiced(northside: Practice) -> None:
    bookings = weekly(northside, 5, at=NOON - timedelta(days=7))
    billed, gone = (Attendee.objects.get(booking=bookings[n]) for n in (2, 3))
    Till.of(northside).invoice_of("90", visit=billed)
    gone.cancel(CancellationReason.SICK, by=northside.by)
    last = held(bookings[4])

    changed = reach.throughout(
        last, Reach.ALL, lambda one: one.set_notes("Bring shoes", by=northside.by)
    )

    assert [one.pk for one in changed] == [last.pk]
    assert [one.notes for one in again(bookings)] == [""] * 4 + ["Bring shoes"]
    past = held(bookings[0])
    reached = reach.throughout(past, Reach.ALL, lambda one: one.set_notes("Was", by=northside.by))
    assert [one.pk for one in reached] == [past.pk, last.pk]


def test_what_is_refused_for_one_is_done_to_none(northside: Practice) -> None:
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    bookings = weekly(northside, 3)
    northside.attend(at=TOMORROW + timedelta(days=15), patient=northside.patient())
    first = held(bookings[0])

    with pytest.raises(BookingConflict):
        reach.move(first, Reach.ALL, by=northside.by, **to(first, timedelta(days=1)))

    assert clocks(bookings) == ["04 Mar 12:00", "11 Mar 12:00", "18 Mar 12:00"]


def test_a_cancelled_rest_gives_its_sessions_back(northside: Practice) -> None:
    knee = northside.case(max_sessions=5)
    bookings = weekly(northside, 5, knee)
    third = Attendee.objects.select_related("booking").get(booking=bookings[2])

    gone = reach.cancel(
        third, Reach.FOLLOWING, CancellationReason.AWAY, "Moves house", by=northside.by
    )

    assert [one.pk for one in gone] == [one.pk for one in bookings[2:]]
    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "2 of 5"
    rest = Attendee.objects.filter(booking__in=bookings[2:])
    assert {(one.cancellation_reason, one.cancellation_note) for one in rest} == {
        (CancellationReason.AWAY, "Moves house")
    }
    assert Booking.objects.live().filter(series=bookings[0].pk).count() == 2


def test_the_others_follow_where_one_was_moved_already(northside: Practice) -> None:
    bookings = weekly(northside, 4)
    second = held(bookings[1])
    former = second.elsewhere()
    # past the next one: what follows is told by where it was
    second.move(by=northside.by, **to(second, timedelta(days=8)))

    assert reach.following(second, former.starts_at) == 2
    reach.follow(second, former, Reach.FOLLOWING, by=northside.by)

    assert clocks(bookings) == ["04 Mar 12:00", "19 Mar 12:00", "26 Mar 12:00", "02 Apr 12:00"]


def test_a_series_has_the_id_of_its_first_and_no_other_practice_sees_it(
    northside: Practice, elsewhere: Practice
) -> None:
    bookings = weekly(northside, 2)
    assert Series.objects.get().pk == bookings[0].pk
    with account_scope(elsewhere.account):
        assert not Series.objects.exists()
