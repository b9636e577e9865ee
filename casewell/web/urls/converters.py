"""Parts of addresses that are more than a word or a number."""

from __future__ import annotations

from datetime import date

from django.urls import register_converter

from casewell.lib.days import is_plausible


class DayConverter:
    """A date in an address, as in `2026-03-04`, with days before it and after it."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Raises ValueError, which is an address that is not there, for a day out of all reach."""
        day = date.fromisoformat(value)
        if not is_plausible(day):
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")
