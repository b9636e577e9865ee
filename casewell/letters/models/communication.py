"""What was said to a patient or about one, and by what way: sent, received, or noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from casewell.appointments.models import Attendee
from casewell.audit.archiving import archive, restore
from casewell.audit.models import OutgoingMail, recorded
from casewell.invoices.models import Invoice, Payment
from casewell.letters.models.letter import Letter
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class CommunicationQuerySet(TenantQuerySet["Communication"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)


CommunicationManager = TenantManager.from_queryset(CommunicationQuerySet)


class Communication(TenantModel):
    """One message, call or memo. The numbers are those of the API's contract."""

    class Way(models.IntegerChoices):
        SMS = 1, "SMS"
        EMAIL = 2, "Email"
        PHONE_CALL = 3, "Phone call"
        OTHER = 4, "Other"

    class Direction(models.IntegerChoices):
        SENT = 1, "Sent"
        RECEIVED = 2, "Received"

    class Category(models.IntegerChoices):
        APPOINTMENT_REMINDER = 1, "Appointment Reminder"
        INVOICE = 3, "Invoice"
        LETTER = 5, "Letter"
        ACCOUNT_STATEMENT = 9, "Account Statement"
        MEMO = 12, "Memo"
        PAYMENT_RECEIPT = 14, "Payment Receipt"
        BULK_EMAIL = 15, "Bulk Email"

    account = AccountField(related_name="communications")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="communications")
    type_code = models.PositiveSmallIntegerField("by", choices=Way, null=True, blank=True)
    direction_code = models.PositiveSmallIntegerField(
        "direction", choices=Direction, null=True, blank=True
    )
    category_code = models.PositiveSmallIntegerField(
        "about", choices=Category, null=True, blank=True
    )
    sender = models.TextField("from", max_length=2000, blank=True)
    recipient = models.TextField("to", max_length=2000, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    content = models.TextField(max_length=100_000, blank=True)
    confidential = models.BooleanField(null=True, blank=True)
    attendee = TenantForeignKey(
        Attendee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communications",
        together=("patient",),
    )
    letter = TenantForeignKey(
        Letter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communications",
        together=("patient",),
    )
    invoice = TenantForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communications",
        together=("patient",),
    )
    payment = TenantForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communications",
        together=("patient",),
    )
    mail = TenantForeignKey(
        OutgoingMail,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communications",
        editable=False,
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CommunicationManager] = CommunicationManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="communications_of_patient"),
            models.Index(fields=["account", "letter", "id"], name="communications_of_letter"),
            models.Index(fields=["account", "invoice", "id"], name="communications_of_invoice"),
            models.Index(fields=["account", "payment", "id"], name="communications_of_payment"),
            models.Index(fields=["account", "attendee", "id"], name="communications_of_attendee"),
            models.Index(
                fields=["account", "mail"],
                name="communications_of_mail",
                condition=Q(mail__isnull=False),
            ),
            models.Index(fields=["account", "updated_at", "id"], name="communications_by_change"),
            *by_time("communications", "created_at", seldom=ARCHIVED),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_category_code_display() or "Communication"

    @classmethod
    def log(cls, patient: Patient, *, by: Actor, **fields: Any) -> Communication:
        """Write down what was said; `fields` are the model's own."""
        said = cls(account_id=patient.account_id, patient=patient, **fields)
        with recorded(said, "logged", by=by):
            said.save(force_insert=True)
        return said

    def archive(self, *, by: Actor) -> None:
        """Put it away; nothing is deleted."""
        archive(self, by=by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        restore(self, by=by)
