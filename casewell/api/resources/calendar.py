"""The resources of the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.api.resources.appointment_types import AppointmentTypes
from casewell.api.resources.appointments import Appointments, IndividualAppointments
from casewell.api.resources.attendees import Attendees
from casewell.api.resources.availability import AvailabilityBlocks, DailyAvailabilities
from casewell.api.resources.available_times import AvailableTimes
from casewell.api.resources.block_types import UnavailableBlockTypes
from casewell.api.resources.bookings import Bookings
from casewell.api.resources.group_appointments import GroupAppointments
from casewell.api.resources.unavailable_blocks import UnavailableBlocks

if TYPE_CHECKING:
    from casewell.api.resource import Resource

CALENDAR: list[type[Resource]] = [
    IndividualAppointments,
    Appointments,
    Attendees,
    Bookings,
    GroupAppointments,
    UnavailableBlocks,
    AvailabilityBlocks,
    DailyAvailabilities,
    AvailableTimes,
    UnavailableBlockTypes,
    AppointmentTypes,
]
