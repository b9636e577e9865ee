"""Freed time that is given to somebody who waits: moved or booked, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import IntegrityError, transaction

from casewell.cases.models import CaseFull
from casewell.waiting.models import (
    NotUndoable,
    Outcome,
    RemovalReason,
    SlotTaken,
    WaitingEnded,
    WaitingEntry,
)
from tests.waiting.world import LATER, place, wait, wait_with_visit
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.accounts.models import Practitioner
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
SOON = NOON + timedelta(hours=2)


@pytest.fixture
def tom(northside: Practice) -> Practitioner:
    tom: Practitioner = northside.account.practitioners.create(first_name="Tom", last_name="Reid")
    return tom


def told_of(entry: WaitingEntry) -> list[str]:
    return list(entry.account.changes.of(entry).values_list("verb", flat=True))


def test_a_visit_is_brought_forward_with_its_length_and_the_patient_waits_no_more(
    northside: Practice, tom: Practitioner
) -> None:
    entry = wait_with_visit(northside)
    booking = entry.attendee.booking  # type: ignore[union-attr]
    booking.move(by=northside.by, ends_at=LATER + timedelta(minutes=60))

    visit = entry.give(place(northside, SOON, tom), by=northside.by)

    booking.refresh_from_db()
    assert visit.pk == entry.attendee_id
    assert (booking.practitioner, booking.starts_at) == (tom, SOON)
    assert booking.minutes == 60
    entry.refresh_from_db()
    assert (entry.outcome, entry.given_id, bool(entry.ended_at)) == ("moved", visit.pk, True)
    assert told_of(entry) == ["moved"]
    assert not northside.account.waiting_entries.waiting().exists()


def test_who_has_no_visit_is_booked_into_the_case(northside: Practice) -> None:
    knee = northside.case(max_sessions=2)
    entry = wait(northside, case=knee)

    visit = entry.give(place(northside, SOON), knee, by=northside.by)

    assert (visit.case, visit.booking.starts_at, visit.booking.minutes) == (knee, SOON, 45)
    entry.refresh_from_db()
    assert (entry.outcome, entry.given_id) == (Outcome.BOOKED, visit.pk)


def test_a_full_case_refuses_and_the_patient_goes_on_waiting(northside: Practice) -> None:
    knee = northside.case(max_sessions=1, limit_action="block")
    northside.attend(knee, at=LATER)
    entry = wait(northside, case=knee)

    with pytest.raises(CaseFull):
        entry.give(place(northside, SOON), knee, by=northside.by)

    assert northside.account.bookings.count() == 1
    assert northside.account.waiting_entries.waiting().get() == entry


def test_a_visit_that_was_cancelled_meanwhile_is_booked_anew(northside: Practice) -> None:
    entry = wait_with_visit(northside)
    assert entry.attendee is not None
    entry.attendee.cancel(30, by=northside.by)

    visit = entry.give(place(northside, SOON), by=northside.by)

    assert visit.pk != entry.attendee_id
    assert visit.booking.starts_at == SOON


def test_who_is_no_longer_waiting_is_said_with_who_was_faster_and_how(northside: Practice) -> None:
    entry = wait_with_visit(northside)
    entry.give(place(northside, SOON), by=northside.by)

    with pytest.raises(WaitingEnded) as refusal:
        entry.give(place(northside, SOON + timedelta(hours=2)), by=northside.by)

    assert str(refusal.value) == (
        "Ada Rossi waits no more. Rita Desk was faster: they moved the visit "
        "to Tue 3 Mar 2026, 2:00 pm."
    )


@pytest.mark.parametrize("away", [timedelta(0), timedelta(minutes=-30), timedelta(minutes=30)])
def test_time_that_somebody_took_meanwhile_is_not_given_twice(
    northside: Practice, away: timedelta
) -> None:
    entry = wait_with_visit(northside)
    northside.attend(at=SOON + away, patient=northside.patient())

    with pytest.raises(SlotTaken, match=r"Somebody was faster. Amy Shaw has Ben Wu"):
        entry.give(place(northside, SOON), by=northside.by)

    assert northside.account.waiting_entries.waiting().get() == entry


def test_who_is_with_somebody_else_then_gets_nothing(
    northside: Practice, tom: Practitioner
) -> None:
    entry = wait_with_visit(northside)
    northside.attend(at=SOON)

    with pytest.raises(SlotTaken, match="Ada Rossi is with Amy Shaw"):
        entry.give(place(northside, SOON, tom), by=northside.by)


def test_closed_doors_speak_against_nobody(northside: Practice) -> None:
    entry = wait_with_visit(northside, at=LATER + timedelta(days=14))
    night = NOON + timedelta(hours=9)

    assert entry.give(place(northside, night), by=northside.by).booking.starts_at == night


def test_taken_back_a_moved_visit_is_where_it_was_and_the_patient_waits(
    northside: Practice, tom: Practitioner
) -> None:
    entry = wait_with_visit(northside)
    entry.give(place(northside, SOON, tom), by=northside.by)

    entry.take_back(by=northside.by)

    booking = northside.account.bookings.get()
    assert (booking.starts_at, booking.ends_at) == (LATER, LATER + timedelta(minutes=45))
    assert booking.practitioner == northside.amy
    entry.refresh_from_db()
    assert (entry.outcome, entry.given, entry.ended_at, entry.former_place) == ("", None, None, {})
    assert told_of(entry) == ["waits again", "moved"]


def test_taken_back_a_booked_visit_is_in_no_calendar(northside: Practice) -> None:
    entry = wait(northside)
    visit = entry.give(place(northside, SOON), by=northside.by)

    entry.take_back(by=northside.by)

    visit.refresh_from_db()
    assert visit.archived_at
    assert not northside.account.bookings.live().exists()
    assert northside.account.waiting_entries.waiting().get() == entry


@pytest.mark.parametrize("change", ["move", "arrive", "stay away", "cancel"])
def test_what_somebody_changed_since_is_not_taken_back(northside: Practice, change: str) -> None:
    entry = wait(northside)
    visit = entry.give(place(northside, SOON), by=northside.by)
    if change == "move":
        with time_machine.travel(NOON + timedelta(minutes=1)):
            visit.booking.move(by=northside.by, starts_at=SOON + timedelta(minutes=5))
    elif change == "arrive":
        visit.mark(arrived=True, by=northside.by)
    elif change == "stay away":
        visit.mark(did_not_arrive=True, by=northside.by)
    else:
        visit.cancel(30, by=northside.by)

    with pytest.raises(NotUndoable):
        entry.take_back(by=northside.by)

    entry.refresh_from_db()
    assert entry.ended_at
    assert not northside.account.bookings.exclude(archived_at=None).exists()


def test_who_is_taken_off_can_be_put_back_once(northside: Practice) -> None:
    entry = wait(northside)
    entry.remove(RemovalReason.NOT_REACHED, "Rang twice", by=northside.by)
    gone = WaitingEntry.objects.get()
    assert (gone.outcome, gone.removal_reason, gone.removal_note) == (
        "removed",
        "not reached",
        "Rang twice",
    )
    with pytest.raises(WaitingEnded, match="took the patient off the list"):
        entry.remove(RemovalReason.OTHER, by=northside.by)

    entry.take_back(by=northside.by)

    again = northside.account.waiting_entries.waiting().get()
    assert (again.removal_reason, again.removal_note) == ("", "")
    with pytest.raises(NotUndoable, match="waiting already"):
        entry.take_back(by=northside.by)


def test_a_visit_waits_once_at_a_time(northside: Practice) -> None:
    entry = wait_with_visit(northside)

    with pytest.raises(IntegrityError, match="visit_waits_once"), transaction.atomic():
        wait(northside, attendee=entry.attendee)

    entry.remove(RemovalReason.OTHER, by=northside.by)
    wait(northside, attendee=entry.attendee)


def test_who_waited_for_something_in_the_place_of_a_visit_that_took_place_waits_no_more(
    northside: Practice,
) -> None:
    wait_with_visit(northside, at=NOON - timedelta(hours=1))
    still = wait_with_visit(northside, at=LATER, patient=northside.patient())
    cancelled = wait_with_visit(northside, at=NOON - timedelta(hours=2), patient=still.patient)
    assert cancelled.attendee is not None
    cancelled.attendee.cancel(30, by=northside.by)

    assert set(northside.account.waiting_entries.waiting()) == {still, cancelled}
