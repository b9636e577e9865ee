"""Countries by their ISO codes, and currencies in which a clinic could charge."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

CURRENCIES = [
    ("AUD", "Australian dollar"),
    ("NZD", "New Zealand dollar"),
    ("CAD", "Canadian dollar"),
    ("CHF", "Swiss franc"),
    ("EUR", "Euro"),
    ("GBP", "British pound"),
    ("HKD", "Hong Kong dollar"),
    ("SGD", "Singapore dollar"),
    ("USD", "US dollar"),
    ("ZAR", "South African rand"),
]


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Codes with names, by name.

    >>> dict(countries())["NZ"]
    'New Zealand'
    """
    lines = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text().splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(sorted(((code, name) for code, name in pairs), key=lambda pair: pair[1]))
