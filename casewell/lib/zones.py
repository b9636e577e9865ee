"""Time zones by their IANA names, and local times in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError

# The rest are aliases such as US/Pacific, and fixed distances from UTC.
REGIONS = frozenset(
    [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
)


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


def moments(local: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants, in UTC, at which clocks there show this naive local time.

    None where daylight saving skips it, two, in order, where it is shown twice.

    >>> sydney = ZoneInfo("Australia/Sydney")
    >>> len(moments(datetime(2026, 4, 5, 2, 30), sydney))
    2
    """
    found = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    shown = {moment: moment.astimezone(zone).replace(tzinfo=None, fold=0) for moment in found}
    return sorted(moment for moment, clock in shown.items() if clock == local)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks there ever show this naive local time (daylight saving skips some)."""
    return bool(moments(local, zone))


def next_shown(local: datetime, zone: ZoneInfo) -> datetime:
    """The first whole minute from `local` on, naive too, that clocks there do show.

    >>> next_shown(datetime(2026, 10, 4, 2, 5), ZoneInfo("Australia/Lord_Howe"))
    datetime.datetime(2026, 10, 4, 2, 30)
    """
    while not exists(local, zone):
        local += timedelta(minutes=1)
    return local


@cache
def zone_choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The zones of places, by region, as the groups of a select.

    >>> dict(dict(zone_choices())["Australia"])["Australia/Lord_Howe"]
    'Lord Howe'
    """
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in zone_names():
        region, _, place = name.partition("/")
        if region in REGIONS:
            words = place.replace("_", " ").replace("/", ", ")
            regions.setdefault(region, []).append((name, words))
    return tuple((region, tuple(places)) for region, places in regions.items())
