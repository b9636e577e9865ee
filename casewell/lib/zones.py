"""Time zones by their IANA names, and local times in them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError


@cache
def zone_names() -> tuple[str, ...]:
    """All IANA zones that a clinic could name, in order."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))


def validate_zone(name: str) -> None:
    """Raise ValidationError for a name that is no IANA time zone."""
    if name not in zone_names():
        raise ValidationError(f"“{name}” is not a time zone, such as Australia/Sydney.")


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants `[start, end)` of that calendar day there; 23, 24 or 25 hours long."""
    return at(day, time.min, zone), at(day + timedelta(days=1), time.min, zone)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That local time as an instant; a doubled time is the first of the two."""
    return datetime.combine(day, clock, tzinfo=zone)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks there ever show this naive local time (daylight saving skips some).

    >>> exists(datetime(2026, 10, 4, 2, 30), ZoneInfo("Australia/Sydney"))
    False
    """
    there_and_back = local.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone)
    return there_and_back.replace(tzinfo=None) == local
