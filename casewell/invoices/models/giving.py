"""Using what is the patient's already: the rest of payments, and credits not yet given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from casewell.invoices.models.errors import InvoiceStands, NothingToPay
from casewell.invoices.models.invoice_queryset import AMOUNT, ZERO
from casewell.invoices.models.payment import Allocation, Payment, held_in_order

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet

    from casewell.audit.actors import Actor
    from casewell.invoices.models.invoice import Invoice


def payments_left(patient_id: int) -> QuerySet[Payment]:
    """Payments of the patient that stand and are not used up, oldest first, each with `unused`."""
    ours = Allocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    used = Subquery(ours.annotate(used=Sum("amount")).values("used"))
    rows = Payment.objects.filter(patient_id=patient_id, reverses=None, reversed_by=None)
    left = F("amount") - Coalesce(used, ZERO, output_field=AMOUNT)
    return rows.annotate(unused=left).filter(unused__gt=0).order_by("paid_on", "id")


def use_credit(invoice: Invoice, *, by: Actor) -> Decimal:
    """Let what the patient has on account pay the invoice, as far as it goes; how much that was.

    Credits go first, then payments, the oldest first. Raises NothingToPay, InvoiceStands.
    """
    with transaction.atomic():
        ours = type(invoice).objects.filter(patient_id=invoice.patient_id)
        found = ours.to_give().order_by("id")
        held = {one.pk: one for one in held_in_order([invoice, *found])}
        owed = held.pop(invoice.pk).balance
        if owed < 0 or invoice.original_id:
            raise InvoiceStands(f"{invoice} is a credit itself.")
        paid = _give_credits(invoice, list(held.values()), owed, by=by)
        paid += _give_payments(invoice, owed - paid, by=by)
        if not paid:
            raise NothingToPay(f"{invoice} owes nothing." if not owed else "Nothing is left.")
    return paid


def _give_credits(invoice: Invoice, given: list[Invoice], owed: Decimal, *, by: Actor) -> Decimal:
    paid = owed - owed
    for credit in given:
        if part := min(owed - paid, -credit.balance):
            Allocation.make(invoice, part, credit=credit, by=by)
            paid += part
    return paid


def _give_payments(invoice: Invoice, owed: Decimal, *, by: Actor) -> Decimal:
    keys = [one.pk for one in payments_left(invoice.patient_id)]
    # Held in the order of their ids, then asked anew: somebody may have used them meanwhile.
    list(Payment.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("id"))
    paid = owed - owed
    for payment in payments_left(invoice.patient_id).filter(pk__in=keys):
        if part := min(owed - paid, payment.unused):  # type: ignore[attr-defined]
            Allocation.make(invoice, part, payment=payment, by=by)
            paid += part
    return paid
