"""Arithmetic of spans `[start, end)`: put together, taken away, filled. No database, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Edge = TypeVar("Edge", datetime, str)  # what has an order: moments, or times such as 08:30
Span: TypeAlias = tuple[datetime, datetime]

MINUTE = timedelta(minutes=1)


def joined(spans: Iterable[tuple[Edge, Edge]]) -> list[tuple[Edge, Edge]]:
    """The same times, in order, without overlaps and without spans that only touch.

    >>> joined([("13:00", "18:00"), ("08:00", "12:00"), ("11:00", "12:30")])
    [('08:00', '12:30'), ('13:00', '18:00')]
    """
    whole: list[tuple[Edge, Edge]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def without(
    spans: Iterable[tuple[Edge, Edge]], taken: Iterable[tuple[Edge, Edge]]
) -> list[tuple[Edge, Edge]]:
    """What is left of `spans` beside what is `taken`, in order.

    >>> without([("08:00", "12:00"), ("13:00", "18:00")], [("09:00", "09:30"), ("11:30", "14:00")])
    [('08:00', '09:00'), ('09:30', '11:30'), ('14:00', '18:00')]
    """
    left: list[tuple[Edge, Edge]] = []
    busy, first = joined(taken), 0
    for start, end in joined(spans):
        while first < len(busy) and busy[first][1] <= start:
            first += 1
        free, number = start, first
        while number < len(busy) and busy[number][0] < end:
            if free < busy[number][0]:
                left.append((free, busy[number][0]))
            free = max(free, busy[number][1])
            number += 1
        if free < end:
            left.append((free, end))
    return left


def covers(spans: Iterable[Span], start: datetime, end: datetime) -> bool:
    """Whether one of the spans, those that touch put together, holds all of `[start, end)`."""
    return any(begins <= start and end <= ends for begins, ends in joined(spans))


def starts_in(gap: Span, length: timedelta) -> Iterator[datetime]:
    """Where `length` fits into a gap: from its beginning on, one right after the other.

    A gap that begins within a minute counts from the next one. So nothing is lost between what is
    there and what is proposed, and a gap into which `length` fits has a start. Raises ValueError
    for a length of no time.

    >>> eight = datetime(2026, 3, 3, 8)
    >>> [f"{s:%H:%M}" for s in starts_in((eight, eight.replace(hour=10)), timedelta(minutes=45))]
    ['08:00', '08:45']
    """
    if length <= timedelta(0):
        raise ValueError(f"length must be positive, not {length}")
    start, end = whole_minute(gap[0]), gap[1]
    while start + length <= end:
        yield start
        start += length


def whole_minute(moment: datetime) -> datetime:
    """The moment, or the whole minute after it."""
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + MINUTE
