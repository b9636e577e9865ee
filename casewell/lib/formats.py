"""How the practice at hand writes dates, times and amounts: entered with its scope, as its zone.

Not Django's localisation, which knows languages but no practices.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import dateformat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

SYMBOLS = {"CHF": "CHF", "EUR": "€", "GBP": "£", "ZAR": "R"}  # of the others: $


@dataclass(frozen=True)
class Formats:
    """`date_format` is one of Django's; `whole_day` writes 13:30 for 1:30 pm; `currency` is a code
    of ISO 4217.

    >>> from datetime import date, time
    >>> Formats().day(date(2026, 3, 4)), Formats().clock(time(13, 5))
    ('4 Mar 2026', '1:05 pm')
    >>> Formats("m/d/Y").month(date(2026, 3, 4)), Formats("Y-m-d").month(date(2026, 3, 4))
    ('03/2026', '2026-03')
    >>> Formats("d/m/Y", whole_day=True).clock(time(9, 5))
    '09:05'
    """

    date_format: str = "j M Y"
    whole_day: bool = False
    currency: str = "AUD"

    def day(self, day: date) -> str:
        """The date in figures or words, as the practice has it."""
        # A datetime goes in by its own clock: Django's filter would take it back to UTC.
        plain = day.date() if isinstance(day, datetime) else day
        return _written(plain, self.date_format)

    def weekday(self, day: date) -> str:
        """The date after its weekday: Wed 4 Mar 2026."""
        return f"{day:%a} {self.day(day)}"

    def month(self, day: date) -> str:
        """The month and year alone, as on a card: Mar 2026, 03/2026 or 2026-03."""
        return dateformat.format(day, re.sub(r"[jd][ /]|-d", "", self.date_format))

    def span(self, first: date, last: date) -> str:
        """Two dates, the year said once where the way of writing allows it.

        >>> from datetime import date
        >>> Formats().span(date(2026, 3, 30), date(2026, 4, 5))
        '30 Mar – 5 Apr 2026'
        """
        words = self.date_format.endswith("M Y") and first.year == last.year
        begun = dateformat.format(first, "j M") if words else self.day(first)
        return f"{begun} – {self.day(last)}"

    def clock(self, local: datetime | time, *, short: bool = False) -> str:
        """A local time of day; `short` leaves out am and pm."""
        if self.whole_day:
            return f"{local:%H:%M}"
        half = "" if short else f" {'am' if local.hour < 12 else 'pm'}"
        return f"{local.hour % 12 or 12}:{local:%M}{half}"

    def clock_of(self, written: str) -> str:
        """A time that is kept as 08:30; 24:00 is midnight.

        >>> Formats().clock_of("13:30"), Formats().clock_of("24:00")
        ('1:30 pm', 'midnight')
        """
        return "midnight" if written == "24:00" else self.clock(time.fromisoformat(written))

    def money(self, amount: Decimal) -> str:
        """An amount in the practice's currency, to the cent.

        >>> from decimal import Decimal
        >>> Formats().money(Decimal("1234.5")), Formats(currency="EUR").money(Decimal(-5))
        ('$1,234.50', '−€5.00')
        """
        sign, space = "−" if amount < 0 else "", " " if self.symbol.isalpha() else ""
        return f"{sign}{self.symbol}{space}{abs(amount):,.2f}"

    @property
    def symbol(self) -> str:
        """That of the currency: $, €, CHF."""
        return SYMBOLS.get(self.currency, "$")


@lru_cache(maxsize=4000)  # lists repeat their days, and a year of them is few
def _written(day: date, date_format: str) -> str:
    return dateformat.format(day, date_format)


_current: ContextVar[Formats] = ContextVar("formats", default=Formats())  # noqa: B039 - frozen


def formats() -> Formats:
    """Those of the practice at hand, or Casewell's own where there is none."""
    return _current.get()


@contextmanager
def written_as(chosen: Formats) -> Iterator[None]:
    """Write dates and times in this way inside the block."""
    token = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(token)
