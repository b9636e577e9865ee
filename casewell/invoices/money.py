"""What a line of an invoice comes to: exact decimals, rounded to the cent once a step.

Halves are rounded away from zero, as PostgreSQL's `round` does and as tills do. So the line that
takes another back comes to exactly its opposite.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


def to_the_cent(amount: Decimal) -> Decimal:
    """The amount with two places.

    >>> to_the_cent(Decimal("2.345")), to_the_cent(Decimal("-2.345"))
    (Decimal('2.35'), Decimal('-2.35'))
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Amounts:
    """What something comes to. `net + tax == total` always; `discount` is what was taken off."""

    net: Decimal = NOTHING
    tax: Decimal = NOTHING
    total: Decimal = NOTHING
    discount: Decimal = NOTHING

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(
            self.net + other.net,
            self.tax + other.tax,
            self.total + other.total,
            self.discount + other.discount,
        )


@dataclass(frozen=True)
class Charge:
    """A line as it is typed: a price times a quantity, less a discount, with or plus tax.

    `unit_price` is in the account's currency, with its tax where `tax_inclusive`; `tax_rate` and
    `discount_percentage` are per cent; `discounted_amount`, where given, is the amount taken off
    the whole line and goes before the percentage.
    """

    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal = NOTHING
    discount_percentage: Decimal | None = None
    discounted_amount: Decimal | None = None
    tax_inclusive: bool = True

    @property
    def gross(self) -> Decimal:
        """Before the discount."""
        return to_the_cent(self.quantity * self.unit_price)

    @property
    def discount(self) -> Decimal:
        """What is taken off, with the sign of the line; no more than all of it."""
        if self.discounted_amount is not None:
            return min(self.discounted_amount, abs(self.gross)).copy_sign(self.gross)
        return to_the_cent(self.gross * (self.discount_percentage or 0) / 100)

    @property
    def amounts(self) -> Amounts:
        """What the line comes to.

        >>> Charge(Decimal(1), Decimal("110"), Decimal(10)).amounts.tax
        Decimal('10.00')
        >>> Charge(Decimal(1), Decimal("110"), Decimal(10), tax_inclusive=False).amounts.total
        Decimal('121.00')
        """
        discount = self.discount
        charged = self.gross - discount
        if self.tax_inclusive:
            tax = to_the_cent(charged * self.tax_rate / (100 + self.tax_rate))
            return Amounts(charged - tax, tax, charged, discount)
        tax = to_the_cent(charged * self.tax_rate / 100)
        return Amounts(charged, tax, charged + tax, discount)


def total_of(charges: Iterable[Charge]) -> Amounts:
    """What several lines come to: the sum of what each comes to, to the cent."""
    return sum((charge.amounts for charge in charges), Amounts())
