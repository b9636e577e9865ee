"""A class to test with: some places, some people in it, some who wait."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.appointments.models import Attendee, Booking
from casewell.appointments.models.candidate import wait_for
from casewell.appointments.models.joining import join

if TYPE_CHECKING:
    from casewell.appointments.models import ClassCandidate
    from casewell.patients.models import Patient
    from tests.world import Practice


def a_class(practice: Practice, places: int = 3, days: int = 2, **fields: Any) -> Booking:
    """One to come in so many days, at noon of UTC, with nobody in it."""
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    one = practice.booking(noon + timedelta(days=days), max_attendees=places, **fields)
    one.open_class(by=practice.by)
    return one


def people(practice: Practice, *names: str) -> list[Patient]:
    return [practice.patient(name) for name in names]


def filled(practice: Practice, one: Booking, *names: str) -> list[Attendee]:
    """Who is in it, new patients of these names."""
    return [join(one, who, None, by=practice.by) for who in people(practice, *names)]


def queued(practice: Practice, one: Booking, *names: str) -> list[ClassCandidate]:
    """Who waits for it, new patients of these names, in this order."""
    return [wait_for(one, who, by=practice.by) for who in people(practice, *names)]


def inside(one: Booking) -> list[str]:
    """The first names of who is in it, as the database has it."""
    live = Attendee.objects.live().filter(booking=one).order_by("id")
    return list(live.values_list("patient__first_name", flat=True))


def waiting(one: Booking) -> list[str]:
    rows = one.candidates.waiting().in_order()
    return list(rows.values_list("patient__first_name", flat=True))
