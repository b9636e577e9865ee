"""A span that comes again: every so many days, weeks or months, some times, by local clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from casewell.lib.recurrence import Frequency, Rule
from casewell.lib.zones import moments, next_shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from casewell.lib.spans import Span


@dataclass(frozen=True)
class Repeating:
    """A span from one moment to another, and how it comes again; `kind` is empty for once."""

    starts_at: datetime
    ends_at: datetime
    kind: str = ""
    every: int = 1
    times: int = 0  # how often again, after the first

    def on(self, first: date, last: date, zone: ZoneInfo) -> Iterator[Span]:
        """The spans that share time with those local days, in order.

        Each is by the same clocks there, whatever daylight saving does in between.
        """
        if not self.kind:
            yield self.starts_at, self.ends_at
            return
        begins, ends = (one.astimezone(zone) for one in (self.starts_at, self.ends_at))
        nights = ends.date() - begins.date()
        for day in self._days(begins.date(), last):
            if day + nights >= first:
                start = instant(day, begins.time(), zone)
                yield start, instant(day + nights, ends.time(), zone, last=True)

    def last_day(self, zone: ZoneInfo) -> date:
        """The local day on which it begins for the last time."""
        begins = self.starts_at.astimezone(zone).date()
        return list(self._rule.days(begins))[-1] if self.kind else begins

    def _days(self, first: date, last: date) -> Iterator[date]:
        """The local days on which it starts, until `last`; a month without the day has none."""
        return takewhile(lambda day: day <= last, self._rule.days(first))

    @property
    def _rule(self) -> Rule:
        return Rule(Frequency(self.kind.lower()), self.every, times=self.times + 1)


def instant(day: date, clock: time, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment, in UTC, when clocks there show that time.

    Of two the first, or the `last`; where daylight saving skips it, of the next that is shown.

    >>> from zoneinfo import ZoneInfo
    >>> instant(date(2026, 10, 4), time(2, 30), ZoneInfo("Australia/Sydney")).isoformat()
    '2026-10-03T16:00:00+00:00'
    """
    local = datetime.combine(day, clock.replace(tzinfo=None, fold=0))
    begun = local.replace(tzinfo=zone)
    if begun.utcoffset() == begun.replace(fold=1).utcoffset():
        return begun.astimezone(UTC)  # nearly always, and ten times as quick
    found = moments(local, zone) or moments(next_shown(local, zone), zone)
    return found[-1 if last else 0]


def edge(day: date, clock: str, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """`instant` of a time such as 08:30; 24:00 is the next day's beginning."""
    if clock == "24:00":
        return instant(day + timedelta(days=1), time.min, zone)
    return instant(day, time.fromisoformat(clock), zone, last=last)
