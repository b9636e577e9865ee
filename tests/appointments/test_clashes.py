"""What speaks against a time, and the practice that keeps its bookings apart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from casewell.accounts.models import ApiKey, LimitAction, Practitioner
from casewell.appointments.models import Booking, BookingConflict, CancellationReason
from casewell.audit.actors import Actor
from casewell.availability.models import AvailabilityBlock
from casewell.availability.weeks import set_week
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

LATER = timedelta(minutes=30)
LONG_AFTER = timedelta(hours=2)


@pytest.fixture
def tom(northside: Practice) -> Practitioner:
    return Practitioner.objects.create(
        account=northside.account, first_name="Tom", last_name="Reid"
    )


@pytest.fixture
def strict(northside: Practice) -> Practice:
    """The same practice, which keeps its bookings apart."""
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    return northside


def told(booking: Booking, practice: Practice) -> list[str]:
    return [str(clash) for clash in booking.clashing([practice.ada])]


def test_other_bookings_and_blocks_of_the_practitioner_clash(northside: Practice) -> None:
    northside.attend(patient=northside.patient())
    lunch = northside.booking(NOON + LATER, appointment_type=None, notes="Lunch")
    lunch.block(by=northside.by)

    assert told(northside.booking(NOON + LATER), northside) == [
        "Amy Shaw has Ben Wu 12:00 – 12:45 pm.",
        "Amy Shaw is unavailable 12:30 – 1:15 pm: Lunch.",
    ]


def test_one_that_ends_when_the_other_starts_does_not_clash(northside: Practice) -> None:
    northside.attend()

    assert told(northside.booking(NOON + timedelta(minutes=45)), northside) == []
    assert told(northside.booking(NOON - timedelta(minutes=45)), northside) == []


def test_the_same_patient_elsewhere_clashes_and_other_patients_elsewhere_do_not(
    northside: Practice, tom: Practitioner
) -> None:
    northside.attend()
    northside.attend(patient=northside.patient())
    sketch = northside.booking(NOON + LATER, practitioner=tom)

    assert told(sketch, northside) == ["Ada Rossi is with Amy Shaw 12:00 – 12:45 pm."]


def test_closed_doors_speak_against_an_appointment_and_not_against_a_block(
    northside: Practice,
) -> None:
    night = NOON + timedelta(hours=10)
    block = northside.booking(night, kind=Booking.Kind.BLOCK, appointment_type=None)

    assert told(northside.booking(night), northside) == ["Hill Street is not open then."]
    assert told(block, northside) == []


def test_what_is_cancelled_or_archived_does_not_clash_nor_does_a_booking_with_itself(
    northside: Practice,
) -> None:
    northside.attend().cancel(CancellationReason.SICK, by=northside.by)
    northside.attend().booking.archive(by=northside.by)
    there = northside.attend().booking

    assert [str(clash) for clash in there.elsewhere(starts_at=NOON + LATER).clashing()] == []


def test_a_practice_that_warns_books_twice(northside: Practice) -> None:
    northside.attend()

    assert northside.attend(patient=northside.patient()).booking.exclusive is False


def test_a_practice_that_blocks_refuses_with_the_reason_also_beside_what_was_there_before(
    northside: Practice,
) -> None:
    northside.attend(patient=northside.patient())
    northside.account.booking_conflict_action = LimitAction.BLOCK

    with pytest.raises(BookingConflict, match=r"Amy Shaw has Ben Wu 12:00 – 12:45 pm\. Choose"):
        northside.booking(NOON + LATER).book(northside.ada, by=northside.by)
    assert northside.account.bookings.count() == 1


def test_the_database_itself_keeps_exclusive_bookings_apart(
    strict: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict.attend()
    blind = strict.booking(NOON + LATER)
    monkeypatch.setattr(Booking, "clashing", lambda *_: [])

    with pytest.raises(BookingConflict, match="has another booking at that time"):
        blind.book(strict.patient(), by=strict.by)


def test_a_moved_booking_is_kept_apart_from_then_on(northside: Practice) -> None:
    first = northside.attend().booking
    other = northside.attend(at=NOON + LONG_AFTER, patient=northside.patient()).booking
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    for one in (first, other):
        one.account = northside.account
        one.move(by=northside.by, ends_at=one.ends_at + timedelta(minutes=5))
    assert [first.exclusive, other.exclusive] == [True, True]

    with pytest.raises(BookingConflict, match="Amy Shaw has Ada Rossi"):
        other.move(by=northside.by, starts_at=NOON + LATER, ends_at=NOON + LONG_AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.filter(pk=other.pk).update(starts_at=NOON + LATER)


def test_a_time_that_was_taken_meanwhile_is_not_taken_back(strict: Practice) -> None:
    visit = strict.attend()
    visit.cancel(CancellationReason.SICK, by=strict.by)
    strict.attend(patient=strict.patient())

    with pytest.raises(BookingConflict, match="Amy Shaw has Ben Wu"):
        visit.reinstate(by=strict.by)


def test_the_api_is_refused_only_where_the_practice_says_so(strict: Practice) -> None:
    key, _ = ApiKey.issue(strict.member)
    machine = Actor(member=strict.member, api_key=key)
    strict.attend()

    made = strict.booking(NOON + LATER)
    made.book(strict.patient(), by=machine)
    assert made.exclusive is False

    strict.account.api_conflicts_block = True
    with pytest.raises(BookingConflict):
        made.move(by=machine, starts_at=NOON + timedelta(minutes=10))


def test_those_that_share_time_are_found(northside: Practice, tom: Practitioner) -> None:
    northside.attend(at=NOON - LONG_AFTER)
    pair = [northside.attend().booking, northside.attend(patient=northside.patient()).booking]
    northside.booking(practitioner=tom).book(northside.patient("Eve", "Lin"), by=northside.by)

    assert set(northside.account.bookings.live().clashing()) == set(pair)


def test_somebody_may_be_off_at_two_places_at_once_and_nothing_is_booked_over_it(
    strict: Practice,
) -> None:
    def off() -> Booking:
        block = strict.booking(kind=Booking.Kind.BLOCK, appointment_type=None)
        block.block(by=strict.by)
        return block

    first, second = off(), off()

    assert first.exclusive
    assert second.exclusive
    with pytest.raises(BookingConflict, match="is unavailable"):
        strict.booking(NOON + LATER).book(strict.ada, by=strict.by)


def test_the_database_itself_keeps_appointments_out_of_blocks(
    strict: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = strict.booking(kind=Booking.Kind.BLOCK, appointment_type=None)
    block.block(by=strict.by)
    blind = strict.booking(NOON + LATER)
    monkeypatch.setattr(Booking, "clashing", lambda *_: [])

    with pytest.raises(BookingConflict, match="has another booking at that time"):
        blind.book(strict.ada, by=strict.by)


def test_outside_a_practitioners_own_hours_it_says_which_they_are(northside: Practice) -> None:
    week = {"tuesday": [["08:00", "10:00"], ["10:30", "12:00"]]}
    set_week(northside.amy, northside.business, week, by=northside.by)

    assert told(northside.booking(NOON - timedelta(hours=4)), northside) == []
    assert told(northside.booking(NOON - timedelta(hours=2, minutes=30)), northside) == [
        "Amy Shaw is not at Hill Street then. "
        "Hours that day: 8:00 am – 10:00 am and 10:30 am – 12:00 pm."
    ]
    assert told(northside.booking(NOON + timedelta(days=1)), northside) == [
        "Amy Shaw is not at Hill Street that day."
    ]


def test_extra_hours_open_a_closed_day(northside: Practice) -> None:
    sunday = NOON + timedelta(days=5)
    assert told(northside.booking(sunday), northside) == ["Hill Street is not open then."]

    AvailabilityBlock(
        practitioner=northside.amy,
        business=northside.business,
        starts_at=sunday,
        ends_at=sunday + timedelta(hours=1),
    ).add(by=northside.by)

    assert told(northside.booking(sunday), northside) == []
