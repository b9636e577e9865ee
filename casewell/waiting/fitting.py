"""Who fits into free time: arithmetic over spans and wishes, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from casewell.lib.zones import at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Room:
    """Free time `[start, end)` of a practitioner at a business, on the clocks of that business."""

    practitioner: int
    business: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Wish:
    """What somebody waits for; what is empty or None is all the same to them.

    The whole visit lies between `from_time` and `until_time`, before `before` where there is one,
    and beside what the patient has at the time (`busy`).
    """

    length: timedelta
    practitioners: frozenset[int] = frozenset()
    businesses: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    from_date: date | None = None
    until_date: date | None = None
    before: datetime | None = None
    busy: tuple[Span, ...] = ()


def start_for(wish: Wish, room: Room) -> datetime | None:
    """The earliest start at which the wish fits into the room; None where it does not.

    >>> ten = datetime(2026, 3, 3, 10, tzinfo=UTC)
    >>> hour = Room(1, 1, ten, ten + timedelta(hours=1))
    >>> start_for(Wish(timedelta(minutes=30), from_time=time(10, 15)), hour)
    datetime.datetime(2026, 3, 3, 10, 15, tzinfo=datetime.timezone.utc)
    >>> start_for(Wish(timedelta(minutes=30), weekdays=frozenset({0})), hour)
    """
    if not _is_asked_for(wish, room):
        return None
    # In UTC: sums of local times go wrong on the days when clocks are put forward or back.
    start, end = (moment.astimezone(UTC) for moment in _within_the_hours(wish, room))
    for begins, ends in sorted(tuple(each.astimezone(UTC) for each in one) for one in wish.busy):
        if begins < start + wish.length and ends > start:
            start = max(start, ends)
    if start + wish.length > end or (wish.before and start >= wish.before):
        return None
    return start.astimezone(room.start.tzinfo)


def _is_asked_for(wish: Wish, room: Room) -> bool:
    day = room.start.date()
    return (
        (not wish.practitioners or room.practitioner in wish.practitioners)
        and (not wish.businesses or room.business in wish.businesses)
        and (not wish.weekdays or day.weekday() in wish.weekdays)
        and (wish.from_date or day) <= day <= (wish.until_date or day)
    )


def _within_the_hours(wish: Wish, room: Room) -> Span:
    """The part of the room that lies in the hours wanted that day."""
    day, zone = room.start.date(), room.start.tzinfo
    start, end = room.start.astimezone(UTC), room.end.astimezone(UTC)
    if wish.from_time:
        start = max(start, at(day, wish.from_time, zone))  # type: ignore[arg-type]
    if wish.until_time:
        end = min(end, at(day, wish.until_time, zone))  # type: ignore[arg-type]
    return start, end


def gaps(span: Span, until: datetime, busy: Iterable[Span]) -> Iterator[Span]:
    """The free stretches that touch `span`, in order, each as long as it is before `until`.

    >>> nine, ten, noon = (datetime(2026, 3, 3, h, tzinfo=UTC) for h in (9, 10, 12))
    >>> [(s.hour, e.hour) for s, e in gaps((nine, ten), noon, [])]
    [(9, 12)]
    >>> [(s.hour, e.hour) for s, e in gaps((nine, noon), noon, [(ten, ten.replace(hour=11))])]
    [(9, 10), (11, 12)]
    """
    start, end = span
    for begins, ends in sorted(busy):
        if start < begins and start < end:
            yield start, min(begins, until)
        start = max(start, ends)
    if start < min(end, until):
        yield start, until
