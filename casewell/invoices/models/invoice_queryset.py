"""Questions about many invoices: what is owed, what became of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from casewell.tenancy.models import TenantManager, TenantQuerySet

if TYPE_CHECKING:
    from datetime import date

    from casewell.invoices.models.invoice import Invoice  # noqa: F401 - named in an annotation

AMOUNT: models.DecimalField[Decimal, Decimal] = models.DecimalField(max_digits=14, decimal_places=2)
ZERO = Value(Decimal(0), output_field=AMOUNT)


class InvoiceQuerySet(TenantQuerySet["Invoice"]):
    def standing(self) -> Self:
        """Not voided."""
        return self.filter(voided_at=None)

    def with_balance(self) -> Self:
        """Annotate `allocated`, what was paid or credited, and `owed`: nothing for a void one.

        Of a credit both are the other way round: below nothing until it is given.
        """
        got, given = self._sum_of("payments_in", "invoice"), self._sum_of("given", "credit")
        left = F("total_amount") - F("allocated")
        return self.annotate(allocated=got - given).annotate(
            owed=Case(When(voided_at=None, then=left), default=ZERO, output_field=AMOUNT)
        )

    def with_status(self) -> Self:
        """`with_balance`, and `status_code`: `Invoice.status` in SQL."""
        from casewell.invoices.models.invoice import Status

        words = (
            When(voided_at__isnull=False, then=Value(Status.CLOSED.value)),
            When(owed=0, then=Value(Status.PAID.value)),
            When(owed__lt=0, then=Value(Status.OPEN_CREDIT.value)),
        )
        kind: models.IntegerField[int, int] = models.IntegerField()
        status = Case(*words, default=Value(Status.OPEN.value), output_field=kind)
        return self.with_balance().annotate(status_code=status)

    def owing(self) -> Self:
        """Those towards which something is still to be paid."""
        return self.with_balance().filter(owed__gt=0)

    def to_give(self) -> Self:
        """Credits of which something is not given yet."""
        return self.standing().with_balance().filter(owed__lt=0)

    def overdue_on(self, today: date) -> Self:
        return self.owing().filter(due_date__lt=today)

    def newest_first(self) -> Self:
        return self.order_by("-number")

    def _sum_of(self, name: str, key: str) -> Any:
        """What the allocations come to that name this invoice as their `key`."""
        allocations = self.model._meta.get_field("allocations").related_model.objects  # type: ignore[union-attr]
        ours = allocations.filter(**{key: OuterRef("pk")}).order_by().values(key)
        total = Subquery(ours.annotate(**{name: Sum("amount")}).values(name))
        return Coalesce(total, ZERO, output_field=AMOUNT)


InvoiceManager = TenantManager.from_queryset(InvoiceQuerySet)


def stands(path: str) -> Q:
    """Which invoices are not voided, seen from where `path` leads to them."""
    return Q(**{f"{path}voided_at": None})
