"""Repeat rules: on which days something happens again, and when that is on the clocks of a place.

The days are dateutil's. Source: docs/domain.md#series.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

MOST_REPEATS = 51
MOST = MOST_REPEATS + 1  # with the first
MOST_BETWEEN = 100
LAST_YEAR = 2199


class TooMany(RuleViolation):
    """The rule gives more dates than a series may have."""

    code = "too_many_repeats"


class Frequency(StrEnum):
    """What a rule counts in."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


FREQUENCIES = {Frequency.DAILY: DAILY, Frequency.WEEKLY: WEEKLY, Frequency.MONTHLY: MONTHLY}
UNITS = {Frequency.DAILY: "day", Frequency.WEEKLY: "week", Frequency.MONTHLY: "month"}


@dataclass(frozen=True)
class Rule:
    """Every `interval` days, weeks or months: `times` in all, or until a day, which is included.

    >>> str(Rule(Frequency.WEEKLY, times=12)), str(Rule(Frequency.MONTHLY, 2, times=3))
    ('weekly', 'every 2 months')
    """

    frequency: Frequency
    interval: int = 1
    times: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        if self.interval == 1:
            return self.frequency.value
        return f"every {self.interval} {UNITS[self.frequency]}s"

    def days(self, first: date) -> Iterator[date]:
        """The days from `first` on, itself included; for ever where the rule has no end.

        A month without that day is left out: the 31st comes in seven months of the year.
        """
        midnight = datetime.combine(first, datetime.min.time())
        until = datetime.combine(self.until, datetime.min.time()) if self.until else None
        found = rrule(
            FREQUENCIES[self.frequency],
            dtstart=midnight,
            interval=self.interval,
            count=self.times,
            until=until,
        )
        return (each.date() for each in found)

    def dates(self, first: date) -> list[date]:
        """The same as a list, for a series. Raises TooMany, or RuleViolation for a far year."""
        found = list(islice(self.days(first), MOST + 1))
        if len(found) > MOST:
            raise TooMany(f"That is more than {MOST} dates: the most that a series may have.")
        if not found:
            raise RuleViolation("The last day is before the first.")
        if found[-1].year > LAST_YEAR:
            raise RuleViolation(f"{formats().day(found[-1])} is no day to book on.")
        return found


def moment_on(day: date, like: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which clocks there show the time of `like`, a local time, that day.

    Where they are put forward over it, it is as much later as they jump, so that 2:30 becomes
    3:30. Where they show it twice, it is the first of the two, on the day of `like` the one that
    it is. These are dateutil's and RFC 5545's answers too.
    """
    local = datetime.combine(day, like.time(), zone)
    return local.replace(fold=like.fold if day == like.date() else 0).astimezone(UTC)


def shifted(local: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, so much after that local time on the clocks of `zone`.

    A day later is the same time of day, whatever the clocks do in the night.
    """
    there = local.replace(tzinfo=zone) + by  # the wall clock's: no zone has a say in it
    return there.replace(fold=0 if by else local.fold).astimezone(UTC)
