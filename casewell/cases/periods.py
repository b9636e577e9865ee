"""Clocks and periods of funders' rules, as arithmetic over dates.

Source: docs/domain.md#programmes. Dates are local to the business of a visit.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

MONTHS_OF_A_YEAR = 12


class PeriodKind(StrEnum):
    """Over which time a cap counts."""

    CALENDAR_YEAR = "calendar_year"
    PLAN_YEAR = "12_months_from_plan"
    FUNDING_PERIOD = "funding_period"


@dataclass(frozen=True)
class Period:
    """The dates `[start, end)` in which a cap counts, and what people call them."""

    start: date
    end: date
    name: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months on, or the month's last where it has none.

    >>> months_after(date(2028, 2, 29), 12), months_after(date(2026, 3, 9), 18)
    (datetime.date(2029, 2, 28), datetime.date(2027, 9, 9))
    """
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=5000)  # thousands of cases begin on a few hundred days
def clock_end(anchor: date, months: int | None, days: int | None) -> date | None:
    """The last day of a clock that starts at `anchor`; None for one that does not run out.

    >>> clock_end(date(2026, 3, 9), 18, None), clock_end(date(2026, 3, 9), None, 90)
    (datetime.date(2027, 9, 9), datetime.date(2026, 6, 7))
    """
    if months is None and days is None:
        return None
    return months_after(anchor, months or 0) + timedelta(days=days or 0)


def period_of(
    day: date, kind: PeriodKind, anchor: date | None = None, months: int = MONTHS_OF_A_YEAR
) -> Period | None:
    """The period that `day` is in; None where its anchor is not known, or comes later.

    >>> period_of(date(2026, 12, 31), PeriodKind.CALENDAR_YEAR).name
    '2026'
    >>> period_of(date(2027, 3, 8), PeriodKind.PLAN_YEAR, date(2026, 3, 9)).start
    datetime.date(2026, 3, 9)
    >>> period_of(date(2026, 7, 1), PeriodKind.FUNDING_PERIOD, date(2026, 1, 1), 3).start
    datetime.date(2026, 7, 1)
    """
    if kind is PeriodKind.CALENDAR_YEAR:
        return Period(date(day.year, 1, 1), date(day.year + 1, 1, 1), str(day.year))
    if anchor is None or day < anchor:
        return None
    length = months if kind is PeriodKind.FUNDING_PERIOD else MONTHS_OF_A_YEAR
    apart = (day.year - anchor.year) * MONTHS_OF_A_YEAR + day.month - anchor.month
    number = apart // length
    # From the anchor each time: adding to a clipped month's end would drift.
    while months_after(anchor, number * length) > day:
        number -= 1
    start, end = (months_after(anchor, n * length) for n in (number, number + 1))
    return Period(start, end, f"{start:%b %Y} to {end - timedelta(days=1):%b %Y}")
