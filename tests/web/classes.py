"""Where the pages of a class are, and those of one patient in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.pages import SLUG

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee, Booking


def page_of(one: Booking, then: str = "", visit: Attendee | None = None) -> str:
    return f"{SLUG}/bookings/{one.pk}{then}" + (f"?visit={visit.pk}" if visit else "")
