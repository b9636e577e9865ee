"""A class as a whole: booked with nobody in it, cancelled with all who are, and put on again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from casewell.appointments.models.places import refuse_unless_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.appointments.models.attendee import Attendee
    from casewell.appointments.models.booking import Booking
    from casewell.audit.actors import Actor


def cancel_class(booking: Booking, reason: int, note: str = "", *, by: Actor) -> None:
    """Cancel a class and the visit of everybody in it; nobody comes in from the waiting list."""
    refuse_unless_class(booking)
    moment = timezone.now()
    with transaction.atomic():
        booking.hold()
        visits = booking.attendees.live()
        visits.hold()
        booking.set_cancelled(moment, "cancelled", by=by)
        for visit in _in_order(visits.select_related("case")):
            visit.booking = booking
            visit.cancel(reason, note, moment=moment, by=by)


def reinstate_class(booking: Booking, *, by: Actor) -> None:
    """Undo `cancel_class`, for those who were cancelled with it.

    Raises BookingConflict, or CaseFull where a case would take one of them no more.
    """
    with transaction.atomic():
        booking.hold()
        moment = booking.cancelled_at
        visits = booking.attendees.filter(archived_at=None, cancelled_at=moment)
        visits.hold()
        booking.set_cancelled(None, "reinstated", by=by)
        if moment is None:
            return
        for visit in _in_order(visits.select_related("case")):
            visit.booking = booking
            visit.reinstate(by=by)


def _in_order(visits: Iterable[Attendee]) -> list[Attendee]:
    """In the order in which their cases are locked."""
    return sorted(visits, key=lambda visit: (visit.case_id or 0, visit.pk))
