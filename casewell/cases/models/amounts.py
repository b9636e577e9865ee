"""Cases that are limited by what may be invoiced, not only by sessions (C10)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models

from casewell.cases.models.errors import AmountPassed


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
    def amount_left(self) -> Decimal | None:
        """What may still be invoiced, 0 when it is passed; None without a limit."""
        return (
            None if self.invoiceable is None else max(self.invoiceable - self.invoiced, Decimal())
        )

    def refuse_amount_passed(self, added: Decimal, *, knowingly: bool) -> None:
        """Raise AmountPassed where what was just `added` brings it past its amount.

        Who does so `knowingly` may, even where the case blocks at its sessions: what was done is
        to be charged. The caller holds the case.
        """
        counted = type(self).objects.with_amounts().get(pk=self.pk)
        limit, used = counted.amount_limit, counted.amount_used
        if limit is None or added <= 0 or used <= limit:
            return
        if not knowingly:
            raise AmountPassed(f"This brings “{self.name}” to {used} of {limit}.")

    def _add_up(self) -> None:
        if not hasattr(self, "amount_used"):
            counted = type(self).objects.with_amounts().get(pk=self.pk)
            self.amount_limit, self.amount_used = counted.amount_limit, counted.amount_used
