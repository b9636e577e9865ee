"""How patients came to the practice, by kinds that can be counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewell.contacts.models import Contact
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import by_time
from casewell.tenancy.models import TenantModel


class ReferralSourceType(TenantModel):
    """A way to come to the practice: by another patient, by a contact, or one of the practice's
    own, such as “The web”, which may have subcategories.
    """

    class Referrer(models.TextChoices):
        PATIENT = "Patient", "A patient"
        CONTACT = "Contact", "A contact"

    account = AccountField(related_name="referral_source_types")
    name = models.CharField(max_length=255)
    referrer_type = models.CharField("referred by", max_length=7, choices=Referrer, blank=True)
    subcategories = models.JSONField(default=list, blank=True)  # their names, in order
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ReferralSource(TenantModel):
    """How one patient came, beside what `Patient.referral_source` says of it in free words."""

    account = AccountField(related_name="referral_sources")
    patient = TenantForeignKey(Patient, models.CASCADE, related_name="+")
    referral_source_type = TenantForeignKey(
        ReferralSourceType, models.PROTECT, related_name="sources"
    )
    subcategory = models.CharField(max_length=255, blank=True)
    referrer_patient = TenantForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="+"
    )
    referrer_contact = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+"
    )
    notes = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "patient"], name="one_source_of_patient"),
            models.CheckConstraint(
                condition=models.Q(referrer_patient=None) | models.Q(referrer_contact=None),
                name="one_referrer",
            ),
            models.CheckConstraint(
                condition=models.Q(referrer_patient=None)
                | ~models.Q(referrer_patient=models.F("patient")),
                name="referred_by_another",
                violation_error_message="Nobody refers themselves.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "referral_source_type"], name="sources_of_type"),
            models.Index(fields=["account", "referrer_patient"], name="sources_by_patient"),
            models.Index(fields=["account", "referrer_contact"], name="sources_by_contact"),
            *by_time("sources", "created_at", "updated_at"),
        ]

    def __str__(self) -> str:
        return f"{self.referral_source_type}"

    @property
    def referrer_id(self) -> int | None:
        """The id of the patient or contact who referred."""
        key: int | None = self.referrer_patient_id or self.referrer_contact_id
        return key
