"""What visits are invoiced with: sums and facts for lists of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Sum

from casewell.invoices.models import Invoice
from casewell.invoices.usual import usual_amounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.accounts.models import Account
    from casewell.cases.models import PatientCase
    from casewell.invoices.models.invoice_queryset import InvoiceQuerySet
    from casewell.patients.models import Patient


def invoiced_for(account: Account, visits: Iterable[int]) -> Decimal:
    """What the standing invoices of these visits, by their ids, come to, less their credits."""
    standing = account.invoices.standing().filter(attendee__in=list(visits))
    total: Decimal | None = standing.aggregate(total=Sum("total_amount"))["total"]
    return total or Decimal()


def usual_amount_of(patient: Patient, visits: Iterable[int]) -> Decimal:
    """What those of a patient's visits, by their ids, that have no invoice yet would cost."""
    account = patient.account
    others = account.attendees.filter(pk__in=list(visits)).filter(~invoiced())
    kinds = others.filter(booking__appointment_type__isnull=False).order_by()
    counted = dict(kinds.values_list("booking__appointment_type").annotate(n=Count("pk")))
    amounts = usual_amounts(account, counted, patient)
    return sum((amounts[kind] * n for kind, n in counted.items()), Decimal())


def invoices_of(case: PatientCase) -> InvoiceQuerySet:
    """The invoices of the visits that are in the case now, and their credits, newest first."""
    rows = case.account.invoices.filter(attendee__case=case).with_balance()
    return rows.select_related("attendee__booking__business").newest_first()


def invoiced() -> Exists:
    """Whether an invoice of a visit stands, be it credited or not, to ask of visits."""
    return Exists(Invoice.objects.standing().filter(original=None, attendee=OuterRef("pk")))


def unpaid() -> Exists:
    """Whether something is owed for a visit, to ask of visits."""
    return Exists(Invoice.objects.owing().filter(attendee=OuterRef("pk")))
