"""The days that a practice can mean: what is beyond is a slip of the finger."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


def is_plausible(day: date) -> bool:
    """Whether a practice can mean that day.

    >>> [is_plausible(date(year, 1, 1)) for year in (26, 1900, 2026, 9999)]
    [False, True, True, False]
    """
    return FIRST <= day <= LAST


def validate_day(day: date) -> None:
    """Raise ValidationError for a day that no practice can mean."""
    if not is_plausible(day):
        raise ValidationError(f"Choose a date from {FIRST.year} to {LAST.year}.")
