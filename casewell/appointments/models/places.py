"""The places of a class: never more patients than it has, and who waits comes in when one is free.

Whoever changes who is in a class locks the class first, then visits, then cases, each in order of
their ids.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.cases.models import PatientCase
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.appointments.models.attendee import Attendee
    from casewell.appointments.models.booking import Booking
    from casewell.audit.actors import Actor
    from casewell.patients.models import Patient

MOST_PLACES = 99  # fewer than 100, by the API's contract


class NotAGroup(RuleViolation):
    """An individual appointment has its one patient, a block has none."""

    code = "not_a_group"


class BookingFull(RuleViolation):
    """All places of the group are taken."""

    code = "booking_full"


class AlreadyInBooking(RuleViolation):
    """The patient is in it."""

    code = "already_in_booking"


class ClassIsOff(RuleViolation):
    """The class is cancelled, archived or over."""

    code = "class_is_off"


class TooFewPlaces(RuleViolation):
    """More patients are in the class than it would have places."""

    code = "too_few_places"


def refuse_unless_class(booking: Booking) -> None:
    if booking.kind != booking.Kind.GROUP:
        raise NotAGroup("Only a group takes further patients. Book another appointment.")


def refuse_if_off(booking: Booking) -> None:
    if booking.cancelled_at or booking.archived_at:
        raise ClassIsOff("The class is cancelled or archived: put it on again first.")


def refuse_if_inside(booking: Booking, patient: Patient) -> None:
    """Raise AlreadyInBooking for one who is in it, or was and cancelled."""
    visit = booking.attendees.filter(archived_at=None, patient=patient).first()
    if visit and visit.cancelled_at:
        raise AlreadyInBooking(f"{patient} is in it already, cancelled: undo the cancellation.")
    if visit:
        raise AlreadyInBooking(f"{patient} is in it already.")


def places_taken(booking: Booking) -> int:
    return booking.attendees.live().count()


@contextmanager
def taking_a_place(booking: Booking, *visits: Attendee) -> Iterator[None]:
    """Hold a class while somebody comes in, and undo that where it is too full then.

    Other bookings are left alone. Raises BookingFull after the block.
    """
    if booking.kind != booking.Kind.GROUP:
        yield
        return
    with transaction.atomic():
        booking.hold()
        booking.attendees.filter(pk__in=[visit.pk for visit in visits]).hold()
        before = places_taken(booking)
        yield
        after = places_taken(booking)
        if after > before and after > booking.max_attendees:
            raise BookingFull(f"All {booking.max_attendees} places are taken.")


@contextmanager
def freeing_a_place(booking: Booking, *visits: Attendee, by: Actor) -> Iterator[None]:
    """Hold a class while somebody leaves or it grows; then those who wait come in, in their order.

    Other bookings are left alone.
    """
    if booking.kind != booking.Kind.GROUP:
        yield
        return
    with transaction.atomic():
        booking.hold()
        waiting: list[tuple[int, int | None]] = []
        if _is_to_come(booking):
            waiting = list(booking.candidates.waiting().values_list("patient", "case"))
        concerned = Q(pk__in=[visit.pk for visit in visits])
        # Who cancelled and waits comes back as the same visit.
        concerned |= Q(patient__in=[patient for patient, _ in waiting])
        held = booking.attendees.filter(concerned)
        held.hold()
        _hold_cases({case for _, case in waiting}.union(held.values_list("case", flat=True)))
        yield
        _fill(booking, by)


def _hold_cases(keys: set[int | None]) -> None:
    """All at once and in order: two classes may name the same two crosswise."""
    rows = PatientCase.objects.filter(pk__in=keys - {None}).order_by("id")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _is_to_come(booking: Booking) -> bool:
    off = booking.cancelled_at or booking.archived_at
    return not off and booking.starts_at > timezone.now()


def _fill(booking: Booking, by: Actor) -> None:
    """Give what is free of a class that is to come; an archived patient is passed over."""
    if not _is_to_come(booking):
        return
    free = booking.max_attendees - places_taken(booking)
    if free <= 0:
        return
    related = ("patient", "case__account", "case__programme")
    first = booking.candidates.waiting().filter(patient__archived_at=None).in_order()
    for candidate in first.select_related(*related)[:free]:
        candidate.booking = booking
        candidate.come_in(by=by)


def set_places(booking: Booking, places: int, *, by: Actor) -> None:
    """Give a class so many places; who waits comes in. Raises TooFewPlaces or NotAGroup."""
    refuse_unless_class(booking)
    if not 1 < places <= MOST_PLACES:
        raise RuleViolation(f"A class has 2 to {MOST_PLACES} places.")
    with freeing_a_place(booking, by=by):
        inside = places_taken(booking)
        if places < inside:
            raise TooFewPlaces(
                f"{inside} patients are in it: take {inside - places} out first, or leave it at "
                f"{booking.max_attendees} places."
            )
        with recorded(booking, "changed the places of", by=by):
            booking.max_attendees = places
            booking.save(update_fields=["max_attendees", "updated_at"])


def wait_no_more(visit: Attendee, *, by: Actor) -> None:
    """Take who is in a class now off its waiting list."""
    booking = visit.booking
    if booking.kind == booking.Kind.GROUP:
        for candidate in booking.candidates.waiting().filter(patient=visit.patient_id):
            candidate.leave(visit, by=by)
