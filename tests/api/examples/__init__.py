"""A record of each resource, and what a client may send for one: what the contract tests walk."""

from __future__ import annotations

from tests.api.examples import bookings, cases, money, people, practice
from tests.api.examples.example import Example

EXAMPLES: dict[str, Example] = {
    **people.EXAMPLES,
    **cases.EXAMPLES,
    **bookings.EXAMPLES,
    **practice.EXAMPLES,
    **money.EXAMPLES,
}

__all__ = ["EXAMPLES", "Example"]
