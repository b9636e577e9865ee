"""Which invoices are in a state: asked of the ledger, for nothing of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from casewell.invoices.models.invoice_queryset import AMOUNT, ZERO

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


def _summed(invoices: Any, *conditions: Q) -> Any:
    """Standing invoices whose `got`, what is paid or credited of each, meets those conditions.

    By one sum over the ledger, and not by a look at the index for each invoice.
    """
    originals = invoices.standing().filter(original=None)
    got = Coalesce(Sum("allocations__amount"), ZERO, output_field=AMOUNT)
    meeting = originals.order_by().annotate(got=got).filter(*conditions)
    return originals.filter(pk__in=meeting.values("pk"))


IS_OWED = Q(got__lt=F("total_amount"))
STATES: dict[str, Callable[[Any, date], Any]] = {
    OPEN: lambda found, _: _summed(found, IS_OWED),
    OVERDUE: lambda found, today: _summed(found.filter(due_date__lt=today), IS_OWED),
    PART_PAID: lambda found, _: _summed(found, IS_OWED, ~Q(got=0)),
    PAID: lambda found, _: _summed(found, ~IS_OWED),
    VOID: lambda found, _: found.exclude(voided_at=None),
    CREDIT: lambda found, _: found.standing().exclude(original=None),
}
