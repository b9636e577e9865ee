"""What is the patient's already, the rest of payments and credits: used, or paid out again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from casewell.invoices.models.errors import InvoiceStands, NothingToPay, refuse_more_than
from casewell.invoices.models.invoice import Invoice
from casewell.invoices.models.invoice_queryset import AMOUNT, ZERO
from casewell.invoices.models.payment import Allocation, Payment, held_in_order
from casewell.invoices.models.receiving import shared_out
from casewell.invoices.money import NOTHING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from casewell.audit.actors import Actor
    from casewell.invoices.models.payment_type import PaymentType
    from casewell.patients.models import Patient


def payments_left(patient_id: int) -> QuerySet[Payment]:
    """Payments of the patient that stand and are not used up, oldest first, each with `unused`."""
    ours = Allocation.objects.filter(payment=OuterRef("pk")).order_by().values("payment")
    used = Subquery(ours.annotate(used=Sum("amount")).values("used"))
    gone = Payment.objects.filter(gives_back=OuterRef("pk"), reversed_by=None).order_by()
    back = Subquery(gone.values("gives_back").annotate(back=Sum("amount")).values("back"))
    rows = Payment.objects.filter(patient_id=patient_id, reverses=None, reversed_by=None)
    spent, returned = (Coalesce(part, ZERO, output_field=AMOUNT) for part in (used, back))
    left = F("amount") - spent + returned
    return rows.annotate(unused=left).filter(unused__gt=0).order_by("paid_on", "id")


def use_credit(invoice: Invoice, *, by: Actor) -> Decimal:
    """Let what the patient has on account pay the invoice, as far as it goes; how much that was.

    Credits go first, then payments, the oldest first. Raises NothingToPay, InvoiceStands.
    """
    with transaction.atomic():
        held = {one.pk: one for one in held_in_order([invoice, *_credits_of(invoice.patient_id)])}
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
    paid = owed - owed
    for payment in _payments_held(invoice.patient_id):
        if part := min(owed - paid, payment.unused):  # type: ignore[attr-defined]
            Allocation.make(invoice, part, payment=payment, by=by)
            paid += part
    return paid


def pay_out(
    patient: Patient,
    amount: Decimal,
    *,
    payment_type: PaymentType,
    paid_on: date,
    reference: str = "",
    by: Actor,
) -> list[Payment]:
    """Give back so much of what the patient has on account: credits first, then payments, the
    oldest first. Each of them goes out as a payment of its own, at the business where it is.

    Raises TooMuch, NothingToPay.
    """
    out = partial(
        Payment.receive,
        patient,
        payment_type=payment_type,
        paid_on=paid_on,
        reference=reference,
        by=by,
    )
    with transaction.atomic():
        credits_held = held_in_order(_credits_of(patient.pk))
        payments = list(_payments_held(patient.pk))
        lefts = [-one.balance for one in credits_held] + [one.unused for one in payments]  # type: ignore[attr-defined]
        refuse_more_than(sum(lefts, NOTHING), amount)
        parts = shared_out([amount], lefts)[0]
        gone = [
            out(-part, business=one.business, pays={one: -part})
            for one, part in zip(credits_held, parts, strict=False)
            if part
        ]
        gone += [
            out(-part, business=one.business, pays={}, gives_back=one)
            for one, part in zip(payments, parts[len(credits_held) :], strict=True)
            if part
        ]
    return gone


def _credits_of(patient_id: int) -> QuerySet[Invoice]:
    return Invoice.objects.filter(patient_id=patient_id).to_give().order_by("id")


def _payments_held(patient_id: int) -> QuerySet[Payment]:
    """`payments_left`, locked."""
    keys = [one.pk for one in payments_left(patient_id)]
    # Held in the order of their ids, then asked anew: somebody may have used them meanwhile.
    list(Payment.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("id"))
    return payments_left(patient_id).filter(pk__in=keys)
