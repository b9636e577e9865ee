"""What the rules of money forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.invoices.models.invoice import Invoice


class AlreadyInvoiced(RuleViolation):
    """The visit has an invoice that stands."""


class InvoiceStands(RuleViolation):
    """What was issued, paid or credited cannot be undone that way."""


class NothingToPay(RuleViolation):
    """Nothing is owed, or nothing is left to give."""


class TooMuch(RuleViolation):
    """More than is owed, or more than was received."""


def refuse_more_than(most: Decimal, amount: Decimal, of: Invoice | None = None) -> None:
    """Raise TooMuch, or NothingToPay, where `amount` is beyond `most`, with its sign."""
    if not amount:
        return
    if not most:
        raise NothingToPay(f"{of} owes nothing." if of else "Nothing is left of it.")
    if amount * most < 0 or abs(amount) > abs(most):
        raise TooMuch(f"{of} owes {most}." if of else f"{most} is left of it.")
