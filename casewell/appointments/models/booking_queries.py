"""Questions about many bookings: when they are, and which stand in one another's way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q

from casewell.lib.zones import day_span
from casewell.tenancy.models import TenantManager, TenantQuerySet

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from casewell.appointments.models.booking import Booking  # noqa: F401 - named in quotes

# No booking is longer; saying so gives the index a beginning.
LONGEST = timedelta(days=1)


def meeting(starts_at: datetime, ends_at: datetime) -> Q:
    """Which bookings share any time with the half-open span `[starts_at, ends_at)`."""
    return Q(starts_at__lt=ends_at, starts_at__gt=starts_at - LONGEST, ends_at__gt=starts_at)


class BookingQuerySet(TenantQuerySet["Booking"]):
    def live(self) -> Self:
        return self.filter(cancelled_at=None, archived_at=None)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Bookings that share any time with the half-open span `[starts_at, ends_at)`."""
        return self.filter(meeting(starts_at, ends_at))

    def clashing(self) -> Self:
        """Those that share time with another live booking of the same practitioner."""
        others = self.model.objects.live().filter(
            practitioner=OuterRef("practitioner"),
            starts_at__lt=OuterRef("ends_at"),
            starts_at__gt=OuterRef("starts_at") - LONGEST,
            ends_at__gt=OuterRef("starts_at"),
        )
        return self.filter(Exists(others.exclude(pk=OuterRef("pk"))))

    def on_day(self, day: date, zone: ZoneInfo) -> Self:
        """Bookings that start on that calendar day there."""
        start, end = day_span(day, zone)
        return self.filter(starts_at__gte=start, starts_at__lt=end)


BookingManager = TenantManager.from_queryset(BookingQuerySet)
