"""The resources of the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.api.resources.appointments import Appointments, IndividualAppointments
from casewell.api.resources.attendees import Attendees

if TYPE_CHECKING:
    from casewell.api.resource import Resource

CALENDAR: list[type[Resource]] = [IndividualAppointments, Appointments, Attendees]
