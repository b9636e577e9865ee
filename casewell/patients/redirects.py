"""Where a patient's former id leads: to the patient that it was merged into."""

from __future__ import annotations

from typing import ClassVar

from django.db import models, transaction

from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel


class PatientRedirect(TenantModel):
    """A former id, whether a row still has it or not. It always leads there directly."""

    account = AccountField(related_name="patient_redirects")
    former_id = models.BigIntegerField()
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="redirects")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "former_id"], name="redirect_once"),
            models.CheckConstraint(
                condition=~models.Q(former_id=models.F("patient")), name="redirect_elsewhere"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "patient"], name="redirects_of_patient")
        ]

    def __str__(self) -> str:
        return f"{self.former_id} is {self.patient_id} now"

    @classmethod
    def leave(cls, former_id: int, *, to: Patient) -> PatientRedirect:
        """Let `former_id` lead to this patient, and with it all that led there before."""
        with transaction.atomic():
            cls.objects.filter(patient_id=former_id).update(patient_id=to.pk)
            redirect, _ = cls.objects.update_or_create(
                account_id=to.account_id, former_id=former_id, defaults={"patient": to}
            )
        return redirect
