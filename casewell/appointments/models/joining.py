"""Patients who join a group that is booked already, and what is noted of one."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.db import transaction

from casewell.appointments.models.attendee import Attendee
from casewell.appointments.models.booking import Booking
from casewell.audit.models import recorded
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient


class NotAGroup(RuleViolation):
    """An individual appointment has its one patient, a block has none."""

    code = "not_a_group"


class BookingFull(RuleViolation):
    """All places of the group are taken."""

    code = "booking_full"


class AlreadyInBooking(RuleViolation):
    """The patient is in it."""

    code = "already_in_booking"


def join(booking: Booking, patient: Patient, case: PatientCase | None, *, by: Actor) -> Attendee:
    """Put `patient` into a group that is booked, in `case` or in none.

    Raises NotAGroup, BookingFull, AlreadyInBooking, or as `admitting` does, and then nothing is
    stored.
    """
    with transaction.atomic():
        rows = Booking.objects.select_for_update(no_key=True)
        held = rows.get(pk=booking.pk)
        _refuse_unless_there_is_a_place(held, patient)
        with case.admitting() if case else nullcontext() as admitting:
            if admitting:
                admitting.refuse_unless_open_to(patient)
            one = Attendee(
                account_id=held.account_id, booking=held, patient=patient, case=admitting
            )
            with recorded(one, "booked", by=by):
                one.save(force_insert=True)
    return one


def _refuse_unless_there_is_a_place(booking: Booking, patient: Patient) -> None:
    if booking.kind != Booking.Kind.GROUP:
        raise NotAGroup("Only a group takes further patients. Book another appointment.")
    inside = booking.attendees.filter(archived_at=None)
    if inside.filter(patient=patient).exists():
        raise AlreadyInBooking(f"{patient} is in it already.")
    if inside.live().count() >= booking.max_attendees:
        raise BookingFull(f"All {booking.max_attendees} places are taken.")


def set_note(visit: Attendee, notes: str, *, by: Actor) -> None:
    """Write what to know about a visit; an individual appointment has one note, the booking's."""
    if visit.booking.kind == Booking.Kind.INDIVIDUAL:
        visit.booking.set_notes(notes, by=by)
        return
    with recorded(visit, "noted", by=by):
        visit.notes = notes
        visit.save(update_fields=["notes", "updated_at"])


def take_out(visit: Attendee, *, by: Actor) -> None:
    """Archive a visit; an individual appointment goes with its one."""
    if visit.booking.kind == Booking.Kind.INDIVIDUAL:
        visit.booking.archive(by=by)
    else:
        visit.archive(by=by)
