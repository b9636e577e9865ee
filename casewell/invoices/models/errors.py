"""What the rules of money forbid."""

from __future__ import annotations

from casewell.lib.errors import RuleViolation


class AlreadyInvoiced(RuleViolation):
    """The visit has an invoice that stands."""


class InvoiceStands(RuleViolation):
    """What was issued, paid or credited cannot be undone that way."""


class NothingToPay(RuleViolation):
    """Nothing is owed, or nothing is left to give."""


class TooMuch(RuleViolation):
    """More than is owed, or more than was received."""
