"""An issued invoice: a document that stands, is voided whole or credited, and never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.appointments.models import Attendee
from casewell.audit.models import recorded
from casewell.contacts.models import Contact
from casewell.invoices.models.errors import InvoiceStands
from casewell.invoices.models.invoice_queryset import InvoiceManager
from casewell.invoices.models.prices import A_QUANTITY, AN_AMOUNT, BillableItem
from casewell.invoices.money import NOTHING, Amounts
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import by_time
from casewell.tenancy.locking import one_held
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from casewell.audit.actors import Actor


class Status(models.IntegerChoices):
    """What became of an invoice; the numbers are those of the API's contract."""

    OPEN = 10, "Open"
    PAID = 20, "Paid"
    CLOSED = 30, "Closed"  # voided
    OPEN_CREDIT = 40, "Open credit"


class Parties(TenantModel):
    """Who is charged by whom for which visit; of a draft as of what was issued."""

    patient = TenantForeignKey(Patient, models.PROTECT, related_name="%(class)ss")
    practitioner = TenantForeignKey(Practitioner, models.PROTECT, related_name="%(class)ss")
    business = TenantForeignKey(Business, models.PROTECT, related_name="%(class)ss")
    attendee = TenantForeignKey(
        Attendee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        together=("patient",),
    )
    payer = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    issue_date = models.DateField()
    due_date = models.DateField(null=True, blank=True)
    tax_inclusive = models.BooleanField("prices include tax", default=True)
    invoice_to = models.TextField("invoice to", max_length=2000, blank=True)
    extra_information = models.TextField(max_length=2000, blank=True)
    notes = models.TextField(max_length=10_000, blank=True)

    class Meta(TenantModel.Meta):
        abstract = True


class Invoice(Parties):
    """An issued invoice, or the credit of one: then `original` says of which.

    What it says never changes: the run-time role may write the columns of `may_change` alone,
    and whose it is by a merge of patients alone.
    `stated` is what it said of names, addresses, case and referral on the day of issue.
    """

    may_change = ("patient_id", "voided_at", "void_reason", "updated_at")

    account = AccountField(related_name="invoices")
    number = models.PositiveBigIntegerField()
    issued_at = models.DateTimeField()
    original = TenantForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credits",
        together=("patient",),
    )
    net_amount = models.DecimalField(**AN_AMOUNT)
    tax_amount = models.DecimalField(**AN_AMOUNT)
    total_amount = models.DecimalField(**AN_AMOUNT)
    discounted_amount = models.DecimalField(**AN_AMOUNT, default=NOTHING)
    stated = models.JSONField(default=dict)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=255, blank=True)

    objects: ClassVar[InvoiceManager] = InvoiceManager()  # type: ignore[type-arg]

    # Only on invoices of `with_balance()`; `balance` is always there.
    allocated: Decimal
    owed: Decimal
    status_code: int  # only on invoices of `with_status()`

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="invoices_of_patient"),
            models.Index(fields=["account", "attendee", "id"], name="invoices_of_attendee"),
            models.Index(fields=["account", "practitioner", "id"], name="invoices_of_practitioner"),
            models.Index(fields=["account", "business", "id"], name="invoices_of_business"),
            models.Index(fields=["account", "payer", "id"], name="invoices_of_payer"),
            models.Index(fields=["account", "original", "id"], name="credits_of_invoice"),
            models.Index(fields=["account", "issue_date", "id"], name="invoices_by_date"),
            models.Index(fields=["account", "updated_at", "id"], name="invoices_by_change"),
            *by_time("invoices", "created_at", seldom=("voided_at",)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="invoice_number_once"),
            models.UniqueConstraint(fields=["account", "id", "patient"], name="invoice_of_patient"),
            models.CheckConstraint(
                condition=Q(total_amount=F("net_amount") + F("tax_amount")),
                name="invoice_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_in_words} {self.number}"

    @property
    def kind_in_words(self) -> str:
        return "Credit" if self.original_id else "Invoice"

    @property
    def amounts(self) -> Amounts:
        return Amounts(self.net_amount, self.tax_amount, self.total_amount, self.discounted_amount)

    @property
    def balance(self) -> Decimal:
        """What is still owed; below nothing for a credit that is still to be given."""
        if not hasattr(self, "owed"):
            counted = type(self).objects.with_balance().get(pk=self.pk)
            self.allocated, self.owed = counted.allocated, counted.owed
        return self.owed

    @property
    def status(self) -> Status:
        """What became of it; `InvoiceQuerySet.with_status` is the same in SQL."""
        if self.voided_at:
            return Status.CLOSED
        if not self.balance:
            return Status.PAID
        return Status.OPEN_CREDIT if self.balance < 0 else Status.OPEN

    @property
    def state(self) -> str:
        """As the desk says it: open, part-paid, paid, credit or void."""
        words = {Status.CLOSED: "void", Status.PAID: "paid", Status.OPEN_CREDIT: "credit"}
        return words.get(self.status) or ("part-paid" if self.allocated else "open")

    def is_overdue_on(self, today: date) -> bool:
        """Whether something is owed past its last day."""
        return self.due_date is not None and self.due_date < today and self.balance > 0

    def held(self) -> Invoice:
        """This invoice, read anew and locked to the end of the transaction."""
        rows = type(self).objects.select_for_update(of=("self",), no_key=True)
        return one_held(rows.select_related("account", "patient"), self.pk)

    def void(self, reason: str, *, by: Actor) -> None:
        """Take it back whole; its number stays taken. Raises InvoiceStands.

        Only where nothing was paid and nothing credited: else a credit is the way.
        """
        with transaction.atomic():
            held = self.held()
            if held.voided_at:
                return
            if held.gave_or_got():
                raise InvoiceStands(
                    f"{held} has payments or credits. Take those back first, or credit it."
                )
            with recorded(held, "voided", by=by):
                held.voided_at, held.void_reason = timezone.now(), reason
                held.save(update_fields=["voided_at", "void_reason", "updated_at"])
            self.voided_at, self.void_reason = held.voided_at, held.void_reason

    def credit(
        self, quantities: Mapping[InvoiceItem, Decimal], *, notes: str = "", by: Actor
    ) -> Invoice:
        """`crediting.credit`: take back so many of each line, by an invoice of its own."""
        from casewell.invoices.models.crediting import credit

        return credit(self, quantities, notes=notes, by=by)

    def gave_or_got(self) -> bool:
        """Whether something is paid towards it, given from it, or credited of it."""
        standing_credits = self.credits.filter(voided_at=None)
        return self.balance != self.total_amount or standing_credits.exists()


class InvoiceItem(TenantModel):
    """A line of an issued invoice, as it was on the day of issue; added to only.

    `source` is the line that this one takes back.
    """

    append_only = True

    account = AccountField(related_name="invoice_items")
    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="items")
    billable_item = TenantForeignKey(
        BillableItem, models.PROTECT, null=True, blank=True, related_name="invoice_items"
    )
    source = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="taken_back"
    )
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    code = models.CharField(max_length=100, blank=True)
    quantity = models.DecimalField(**A_QUANTITY)
    unit_price = models.DecimalField(**AN_AMOUNT)
    discount_percentage = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    discounted_amount = models.DecimalField(**AN_AMOUNT, null=True)
    concession_type_name = models.CharField(max_length=255, blank=True)
    tax_name = models.CharField(max_length=255, blank=True)
    tax_rate = models.DecimalField(max_digits=14, decimal_places=4, default=NOTHING)
    net_amount = models.DecimalField(**AN_AMOUNT)
    tax_amount = models.DecimalField(**AN_AMOUNT)
    total_amount = models.DecimalField(**AN_AMOUNT)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "billable_item", "id"], name="lines_of_billable_item"),
            models.Index(fields=["account", "source", "id"], name="lines_taking_back"),
            *by_time("lines", "created_at", "updated_at"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "invoice", "place"], name="line_in_its_place"
            ),
            models.CheckConstraint(
                condition=Q(total_amount=F("net_amount") + F("tax_amount")), name="line_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.name
