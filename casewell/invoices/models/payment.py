"""What was received, and which invoices it pays: a ledger that is added to only."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from casewell.accounts.models import Business
from casewell.audit.models import recorded
from casewell.contacts.models import Contact
from casewell.invoices.models.errors import InvoiceStands, refuse_more_than
from casewell.invoices.models.invoice import Invoice
from casewell.invoices.models.payment_type import PaymentType
from casewell.invoices.models.prices import AN_AMOUNT
from casewell.invoices.money import NOTHING
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.locking import all_held
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from casewell.audit.actors import Actor


class Payment(TenantModel):
    """Money that came in, or below nothing went out. Never changed: `reversed_by` takes it back.

    What is not allocated to an invoice is the patient's credit, which payments that go out and
    are of it (`gives_back`) lessen.
    """

    may_change = ("patient_id", "updated_at")  # whose it is, by a merge alone

    account = AccountField(related_name="payments")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="payments")
    payer = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    business = TenantForeignKey(Business, models.PROTECT, related_name="payments")
    payment_type = TenantForeignKey(PaymentType, models.PROTECT, related_name="payments")
    amount = models.DecimalField(**AN_AMOUNT)
    paid_on = models.DateField()
    reference = models.CharField(max_length=255, blank=True)
    reverses = TenantForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        together=("patient",),
    )
    gives_back = TenantForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="given_back",
        together=("patient",),
    )

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="payments_of_patient"),
            models.Index(fields=["account", "paid_on", "id"], name="payments_by_date"),
            models.Index(fields=["account", "business", "paid_on"], name="payments_of_business"),
            models.Index(fields=["account", "payment_type", "id"], name="payments_of_type"),
            models.Index(fields=["account", "payer", "id"], name="payments_of_payer"),
            models.Index(
                fields=["account", "gives_back"],
                name="payments_giving_back",
                condition=Q(gives_back__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(gives_back=None) | Q(amount__lt=0), name="given_back_goes_out"
            ),
            models.UniqueConstraint(fields=["account", "id", "patient"], name="payment_of_patient"),
            models.UniqueConstraint(fields=["account", "reverses"], name="payment_reversed_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_is_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.payment_type} {self.amount}"

    @property
    def left(self) -> Decimal:
        """What of it pays no invoice yet and was not given back."""
        used = self.allocations.aggregate(used=Sum("amount"))["used"]
        back = self.given_back.filter(reversed_by=None).aggregate(back=Sum("amount"))["back"]
        return self.amount - (used or NOTHING) + (back or NOTHING)

    @classmethod
    def receive(
        cls,
        patient: Patient,
        amount: Decimal,
        *,
        payment_type: PaymentType,
        business: Business,
        paid_on: date,
        pays: Mapping[Invoice, Decimal],
        reference: str = "",
        payer: Contact | None = None,
        gives_back: Payment | None = None,
        by: Actor,
    ) -> Payment:
        """Write down money that came in, and which invoices of the patient it pays.

        Raises TooMuch where it pays more than was received or than an invoice owes.
        """
        with transaction.atomic():
            payment = cls(
                account_id=patient.account_id,
                patient=patient,
                amount=amount,
                payment_type=payment_type,
                business=business,
                paid_on=paid_on,
                reference=reference,
                payer=payer,
                gives_back=gives_back,
            )
            with recorded(payment, "received", by=by):
                payment.save(force_insert=True)
            payment.pay(pays, by=by)
        return payment

    def pay(self, pays: Mapping[Invoice, Decimal], *, by: Actor) -> None:
        """Let it pay these invoices so much each. Raises TooMuch, InvoiceStands."""
        with transaction.atomic():
            wanted = {invoice.pk: amount for invoice, amount in pays.items() if amount}
            invoices = held_in_order(pays)
            list(type(self).objects.select_for_update(no_key=True).filter(pk=self.pk))
            if wanted and self.reversed_by.exists():
                raise InvoiceStands("This payment is taken back.")
            refuse_more_than(self.left, sum(wanted.values(), NOTHING))
            for invoice in invoices:
                if amount := wanted.get(invoice.pk):
                    refuse_more_than(invoice.balance, amount, invoice)
                    Allocation.make(invoice, amount, payment=self, by=by)

    def reverse(self, paid_on: date, *, by: Actor) -> Payment:
        """Take it back on that day: as much goes out, and what it paid is owed again.

        Raises InvoiceStands where that was done before, it is itself a taking back, or what was
        left of it went out again.
        """
        with transaction.atomic():
            allocations = list(self.allocations.select_related("invoice"))
            held_in_order([allocation.invoice for allocation in allocations])
            list(type(self).objects.select_for_update(no_key=True).filter(pk=self.pk))
            if self.reverses_id or self.reversed_by.exists():
                raise InvoiceStands("This payment is taken back already.")
            if self.given_back.filter(reversed_by=None).exists():
                raise InvoiceStands("What was left of it was paid out. Take that back first.")
            back = type(self)(
                account_id=self.account_id,
                patient_id=self.patient_id,
                payer_id=self.payer_id,
                business_id=self.business_id,
                payment_type_id=self.payment_type_id,
                amount=-self.amount,
                paid_on=paid_on,
                reference=self.reference,
                reverses=self,
            )
            with recorded(back, "reversed", by=by):
                back.save(force_insert=True)
            for allocation in self.allocations.select_related("invoice"):
                Allocation.make(allocation.invoice, -allocation.amount, payment=back, by=by)
        return back


class Allocation(TenantModel):
    """That so much of a payment, or of a credit, goes towards an invoice; added to only."""

    append_only = True
    may_change = ("patient_id",)  # whose it is, by a merge alone

    account = AccountField(related_name="allocations")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="allocations")
    invoice = TenantForeignKey(
        Invoice, models.PROTECT, related_name="allocations", together=("patient",)
    )
    payment = TenantForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        together=("patient",),
    )
    credit = TenantForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="given",
        together=("patient",),
    )
    amount = models.DecimalField(**AN_AMOUNT)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["account", "invoice"], include=["amount"], name="allocations_to_invoice"
            ),
            models.Index(
                fields=["account", "credit"], include=["amount"], name="allocations_of_credit"
            ),
            models.Index(
                fields=["account", "payment"], include=["amount"], name="allocations_of_payment"
            ),
            models.Index(fields=["account", "patient"], name="allocations_of_patient"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(payment=None, credit__isnull=False)
                | Q(payment__isnull=False, credit=None),
                name="allocation_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} to {self.invoice}"

    @classmethod
    def make(
        cls,
        invoice: Invoice,
        amount: Decimal,
        *,
        payment: Payment | None = None,
        credit: Invoice | None = None,
        by: Actor,
    ) -> Allocation:
        """Add one; the caller holds the invoice and what it comes from, and has asked of both."""
        allocation = cls(
            account_id=invoice.account_id,
            patient_id=invoice.patient_id,
            invoice=invoice,
            payment=payment,
            credit=credit,
            amount=amount,
        )
        with recorded(allocation, "allocated", by=by):
            allocation.save(force_insert=True)
        # Who asks what has changed is told of what is paid.
        changed = {invoice.pk, credit.pk} if credit else {invoice.pk}
        Invoice.objects.filter(pk__in=changed).update(updated_at=timezone.now())
        return allocation


def held_in_order(invoices: Iterable[Invoice]) -> list[Invoice]:
    """The invoices, locked in the order in which everybody locks them, with their balances."""
    keys = {invoice.pk for invoice in invoices}
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True)
    held = all_held(rows.select_related("account", "patient"), keys)
    counted = {one.pk: one for one in Invoice.objects.with_balance().filter(pk__in=keys)}
    for invoice in held:
        invoice.allocated, invoice.owed = counted[invoice.pk].allocated, counted[invoice.pk].owed
    return held
