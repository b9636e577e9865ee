"""Parts of addresses that are more than a word or a number."""

from __future__ import annotations

from datetime import date

from django.urls import register_converter


class DayConverter:
    """A date in an address, as in `2026-03-04`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(DayConverter, "day")
