"""What a patient owes, and what of theirs is not used yet: counted, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from casewell.invoices.models.invoice import Invoice
from casewell.invoices.models.invoice_queryset import AMOUNT, ZERO
from casewell.invoices.models.payment import Payment

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.patients.models import PatientQuerySet


@dataclass(frozen=True)
class PatientBalance:
    """`owed` on open invoices; `credit` of payments and credits that pay nothing yet."""

    owed: Decimal
    credit: Decimal

    def __bool__(self) -> bool:
        return bool(self.owed or self.credit)


def with_money(patients: PatientQuerySet) -> PatientQuerySet:
    """Annotate what `balance_of` asks, in the patients' own statement."""
    return patients.annotate(**money_of("pk"))


def money_of(patient: str) -> dict[str, Any]:
    """What the patient `owed` and has `on_account`, to annotate rows with that name a patient."""
    invoices = Invoice.objects.standing().filter(patient=OuterRef(patient)).order_by()
    owed = _sum(invoices.owing(), "owed")
    received = _sum(Payment.objects.filter(patient=OuterRef(patient)).order_by(), "amount")
    # Open invoices and their net differ by what is on account: payments move, and create nothing.
    return {"owed": owed, "on_account": owed - _sum(invoices, "total_amount") + received}


def balance_of(patient: Any) -> PatientBalance:
    """The balance of a patient, or other row, of `money_of`; of any patient by one statement."""
    counted: Any = patient
    if not hasattr(patient, "on_account"):
        counted = with_money(type(patient).objects.filter(pk=patient.pk)).get()
    return PatientBalance(counted.owed, counted.on_account)


def _sum(rows: Any, name: str) -> Any:
    total = rows.values("patient").annotate(added_up=Sum(name)).values("added_up")
    return Coalesce(Subquery(total), ZERO, output_field=AMOUNT)
