"""Patients who join a group that is booked already, and what is noted of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from casewell.appointments.models.attendee import Attendee
from casewell.appointments.models.booking import Booking
from casewell.appointments.models.places import (
    BookingFull,
    freeing_a_place,
    places_taken,
    refuse_if_inside,
    refuse_if_off,
    refuse_unless_class,
    taking_a_place,
    wait_no_more,
)
from casewell.audit.models import recorded

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient


def join(booking: Booking, patient: Patient, case: PatientCase | None, *, by: Actor) -> Attendee:
    """Put `patient` into a group that is booked, in `case` or in none; they wait no more then.

    Raises NotAGroup, ClassIsOff, BookingFull, AlreadyInBooking, or as `admitting` does, and then
    nothing is stored.
    """
    with transaction.atomic():
        booking.hold()
        refuse_unless_class(booking)
        refuse_if_off(booking)
        refuse_if_inside(booking, patient)
        if places_taken(booking) >= booking.max_attendees:
            raise BookingFull(f"All {booking.max_attendees} places are taken.")
        one = Attendee(account_id=booking.account_id, booking=booking, patient=patient)
        one.enter(case, "booked", by=by)
        wait_no_more(one, by=by)
    return one


def set_note(visit: Attendee, notes: str, *, by: Actor) -> None:
    """Write what to know about a visit; an individual appointment has one note, the booking's."""
    if visit.booking.kind == Booking.Kind.INDIVIDUAL:
        visit.booking.set_notes(notes, by=by)
        return
    with recorded(visit, "noted", by=by):
        visit.notes = notes
        visit.save(update_fields=["notes", "updated_at"])


def take_out(visit: Attendee, *, by: Actor) -> None:
    """Archive a visit; an individual appointment goes with its one, of a class a place is free."""
    if visit.booking.kind == Booking.Kind.INDIVIDUAL:
        visit.booking.archive(by=by)
        return
    with freeing_a_place(visit.booking, visit, by=by):
        visit.archive(by=by)


def put_back(visit: Attendee, *, by: Actor) -> None:
    """Undo `take_out`. Raises AlreadyInBooking, BookingFull, CaseFull or BookingConflict."""
    if visit.booking.kind == Booking.Kind.INDIVIDUAL:
        visit.booking.restore(by=by)
        return
    with taking_a_place(visit.booking, visit):
        refuse_if_inside(visit.booking, visit.patient)
        visit.restore(by=by)
        wait_no_more(visit, by=by)
