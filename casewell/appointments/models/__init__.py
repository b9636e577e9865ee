"""The practitioner's day: bookings, the patients in them, and their types."""

from __future__ import annotations

from casewell.appointments.models.absence import Absence, AbsenceUndone
from casewell.appointments.models.attendee import Attendee, CancellationReason
from casewell.appointments.models.booking import Booking
from casewell.appointments.models.booking_queries import BookingQuerySet
from casewell.appointments.models.calendar_feed import CalendarFeed
from casewell.appointments.models.call_list import CallListEntry
from casewell.appointments.models.candidate import ClassCandidate
from casewell.appointments.models.clashes import BookingConflict, Clash
from casewell.appointments.models.series import Series
from casewell.appointments.models.types import (
    AppointmentType,
    AppointmentTypeBusiness,
    AppointmentTypePractitioner,
    UnavailableBlockType,
)

__all__ = [
    "Absence",
    "AbsenceUndone",
    "AppointmentType",
    "AppointmentTypeBusiness",
    "AppointmentTypePractitioner",
    "Attendee",
    "Booking",
    "BookingConflict",
    "BookingQuerySet",
    "CalendarFeed",
    "CallListEntry",
    "CancellationReason",
    "Clash",
    "ClassCandidate",
    "Series",
    "UnavailableBlockType",
]
