"""Cases that are limited by what may be invoiced, not only by sessions (C10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from casewell.cases.models.errors import AmountPassed
from casewell.lib.formats import formats


@dataclass(frozen=True)
class AmountUsage:
    """What of a case's amount is invoiced: both in the account's currency, tax included.

    >>> usage = AmountUsage(Decimal(450), Decimal(600))
    >>> str(usage), usage.rest_in_words
    ('$450.00 of $600.00', '$150.00 left')
    >>> usage.with_more(Decimal(200)).rest_in_words
    'over by $50.00'
    """

    used: Decimal
    limit: Decimal

    def __str__(self) -> str:
        return f"{formats().money(self.used)} of {formats().money(self.limit)}"

    @property
    def left(self) -> Decimal:
        """What may still be invoiced, 0 when it is passed."""
        return max(self.limit - self.used, Decimal())

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.limit

    @property
    def is_passed(self) -> bool:
        return self.used > self.limit

    @property
    def rest_in_words(self) -> str:
        """What is left of it, or by how much it is passed."""
        if self.is_passed:
            return f"over by {formats().money(self.used - self.limit)}"
        return f"{formats().money(self.left)} left"

    @property
    def words(self) -> str:
        """All of it in a line."""
        return f"{self} invoiced · {self.rest_in_words}"

    def with_more(self, amount: Decimal) -> AmountUsage:
        """The same with that much invoiced beside."""
        return AmountUsage(self.used + amount, self.limit)


class AmountLimited(models.Model):
    """What of a case's amount is invoiced: counted from its visits' invoices, never kept."""

    max_invoiceable_amount = models.DecimalField(
        "maximum invoiceable amount",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0.01)],
    )

    # Only on cases of `with_amounts()`; the properties below are always there.
    amount_limit: Decimal | None
    amount_used: Decimal

    objects: ClassVar[Any]
    name: Any

    class Meta:
        abstract = True

    @property
    def invoiced(self) -> Decimal:
        """What standing invoices of its visits come to, tax included, less their credits."""
        self._add_up()
        return self.amount_used

    @property
    def invoiceable(self) -> Decimal | None:
        """What may be invoiced in all: what was approved, else as typed; None without a limit."""
        self._add_up()
        return self.amount_limit

    @property
    def amount(self) -> AmountUsage | None:
        """What of its amount is used and left; None without a limit."""
        limit = self.invoiceable
        return None if limit is None else AmountUsage(self.invoiced, limit)

    @property
    def amount_left(self) -> Decimal | None:
        """What may still be invoiced, 0 when it is passed; None without a limit."""
        return self.amount.left if self.amount else None

    def refuse_amount_passed(self, added: Decimal, *, knowingly: bool) -> None:
        """Raise AmountPassed where what was just `added` brings it past its amount.

        Who does so `knowingly` may, even where the case blocks at its sessions: what was done is
        to be charged. The caller holds the case.
        """
        amount = type(self).objects.with_amounts().get(pk=self.pk).amount
        if amount is None or added <= 0 or not amount.is_passed or knowingly:
            return
        raise AmountPassed(f"This brings “{self.name}” to {amount}.")

    def _add_up(self) -> None:
        if not hasattr(self, "amount_used"):
            counted = type(self).objects.with_amounts().get(pk=self.pk)
            self.amount_limit, self.amount_used = counted.amount_limit, counted.amount_used
