"""Which invoices are in a state: asked of the ledger, for nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from casewell.invoices.models.invoice_queryset import AMOUNT, ZERO
from casewell.invoices.models.payment import Allocation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

OPEN, OVERDUE, PART_PAID, PAID, VOID, CREDIT = (
    "open",
    "overdue",
    "part-paid",
    "paid",
    "void",
    "credit",
)


def in_state(invoices: Any, word: str, today: date) -> Any:
    """Those of the invoices that are in that state: open means that something is owed.

    A queryset of invoices in and out, in no other order; an unknown word leaves them all.
    """
    narrowed = STATES.get(word)
    return narrowed(invoices, today) if narrowed else invoices


def _originals(invoices: Any) -> Any:
    """Standing invoices, with `got`: what is paid or credited of each, by one look at its index."""
    ours = Allocation.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    total = Subquery(ours.annotate(total=Sum("amount")).values("total"))
    got = Coalesce(total, ZERO, output_field=AMOUNT)
    return invoices.standing().filter(original=None).alias(got=got)


def _open(invoices: Any, today: date) -> Any:
    return _originals(invoices).filter(got__lt=F("total_amount"))


STATES: dict[str, Callable[[Any, date], Any]] = {
    OPEN: _open,
    OVERDUE: lambda found, today: _open(found.filter(due_date__lt=today), today),
    PART_PAID: lambda found, today: _open(found, today).filter(~Q(got=0)),
    PAID: lambda found, _: _originals(found).filter(got__gte=F("total_amount")),
    VOID: lambda found, _: found.exclude(voided_at=None),
    CREDIT: lambda found, _: found.standing().exclude(original=None),
}
