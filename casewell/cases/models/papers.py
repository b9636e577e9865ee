"""Files in cases, and what was said about cases in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from casewell.audit.models import OutgoingMail, record_change
from casewell.cases.models.case import PatientCase
from casewell.patients.models import Patient, PatientAttachment
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class CaseAttachment(TenantModel):
    """That a file is in a case; both are the same patient's, which the database sees to."""

    account = AccountField(related_name="case_attachments")
    patient = TenantForeignKey(Patient, models.CASCADE, related_name="+")
    case = TenantForeignKey(
        PatientCase, models.CASCADE, related_name="attachment_links", together=("patient",)
    )
    attachment = TenantForeignKey(
        PatientAttachment, models.CASCADE, related_name="case_links", together=("patient",)
    )

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "attachment"], name="cases_of_attachment"),
            models.Index(fields=["account", "patient"], name="case_files_of_patient"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "case", "attachment"], name="attached_to_case_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attachment} in {self.case}"

    @classmethod
    def put(cls, attachment: PatientAttachment, case: PatientCase, *, by: Actor) -> None:
        """Put the file into the case, where it is not in it yet. Raises WrongPatient."""
        case.refuse_another_patient(attachment.patient_id)
        link = CaseAttachment(
            account_id=case.account_id, patient_id=case.patient_id, case=case, attachment=attachment
        )
        # Of two who put it there at once, one does, and both find it there.
        CaseAttachment.objects.bulk_create([link], ignore_conflicts=True)
        if cls.objects.filter(pk=link.pk).exists():
            record_change(attachment, "put into a case", {"case": [None, case.pk]}, by=by)

    @classmethod
    def take_out(cls, attachment: PatientAttachment, case: PatientCase, *, by: Actor) -> None:
        """Take the file out of the case; it stays the patient's."""
        removed, _ = cls.objects.filter(case=case, attachment=attachment).delete()
        if removed:
            record_change(attachment, "taken out of a case", {"case": [case.pk, None]}, by=by)


class CaseReminder(TenantModel):
    """That it was said that a case nears its end: once a threshold, to whom, and by what way."""

    class Threshold(models.TextChoices):
        EXPIRES_SOON = "expires_soon", "Expires in 30 days"
        EXPIRES_NOW = "expires_now", "Expires in 7 days"
        FEW_LEFT = "few_left", "Two or fewer left"
        FULL = "full", "Full"

    class Recipient(models.TextChoices):
        DESK = "desk", "Desk"
        PRACTITIONER = "practitioner", "Practitioner"
        PATIENT = "patient", "Patient"

    account = AccountField(related_name="case_reminders")
    case = TenantForeignKey(PatientCase, models.CASCADE, related_name="reminders")
    threshold = models.CharField(max_length=20, choices=Threshold)
    # What makes a threshold another one: the expiry date or the limit that it was told of.
    mark = models.CharField(max_length=40)
    recipient = models.CharField(max_length=15, choices=Recipient)
    address = models.EmailField(blank=True)
    mail = TenantForeignKey(
        OutgoingMail, models.PROTECT, null=True, blank=True, related_name="case_reminders"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "mail"], name="case_reminders_of_mail"),
            # What the desk has not looked at is asked on each of its pages.
            models.Index(
                fields=["account", "id"],
                condition=models.Q(recipient="desk", seen_at=None),
                name="case_reminders_unseen",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "case", "threshold", "mark", "recipient", "address"],
                name="reminded_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_threshold_display()}: {self.case}"
