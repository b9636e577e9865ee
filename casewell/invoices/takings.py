"""What came in, by day, business, practitioner and payment type: to match terminal and bank."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum

from casewell.invoices.models import Allocation, Payment
from casewell.invoices.money import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

Key = tuple[Any, int, int]  # day, business, payment type
ON_ACCOUNT = 0  # the practitioner of what pays no invoice yet


@dataclass(frozen=True)
class Taking:
    """What came in on a day at a business by a way to pay, for one practitioner's invoices.

    `practitioner` is ON_ACCOUNT for what pays no invoice yet. What went out is below nothing.
    """

    day: date
    business: int
    payment_type: int
    practitioner: int
    amount: Decimal


@dataclass(frozen=True)
class Takings:
    """All of a span of days, and how many payments those were by business and payment type."""

    rows: list[Taking]
    numbers: dict[tuple[int, int], int]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), NOTHING)

    def table(self, of: str, by: str) -> dict[Any, dict[Any, Decimal]]:
        """Sums by two names of a taking's columns, such as `payment_type` by `business`."""
        found: dict[Any, dict[Any, Decimal]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
        for row in self.rows:
            found[getattr(row, of)][getattr(row, by)] += row.amount
        return found


def takings_of(first: date, last: date, business: int | None = None) -> Takings:
    """The takings of these days, the last one included; needs the account's scope.

    Two statements, however many payments there are; what a payment pays is what it pays by now.
    """
    wanted: dict[str, Any] = {"paid_on__gte": first, "paid_on__lte": last}
    if business:
        wanted["business"] = business
    payments = Payment.objects.filter(**wanted)
    received = payments.values_list("paid_on", "business", "payment_type").annotate(
        amount=Sum("amount"), number=Count("id")
    )
    on_invoices = (
        Allocation.objects.filter(**{f"payment__{name}": value for name, value in wanted.items()})
        .values_list(
            "payment__paid_on",
            "payment__business",
            "payment__payment_type",
            "invoice__practitioner",
        )
        .annotate(amount=Sum("amount"))
    )
    return _shared_out(list(received.order_by()), list(on_invoices.order_by()))


def _shared_out(received: Iterable[tuple[Any, ...]], shares: Iterable[tuple[Any, ...]]) -> Takings:
    left: dict[Key, Decimal] = {}
    numbers: dict[tuple[int, int], int] = defaultdict(int)
    for day, business, payment_type, amount, number in received:
        left[day, business, payment_type] = amount
        numbers[business, payment_type] += number
    rows = []
    for day, business, payment_type, practitioner, amount in shares:
        left[day, business, payment_type] -= amount
        rows.append(Taking(day, business, payment_type, practitioner, amount))
    rows += [Taking(*key, ON_ACCOUNT, amount) for key, amount in left.items() if amount]
    return Takings([row for row in rows if row.amount], dict(numbers))
