"""What to see before touching a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class MedicalAlert(TenantModel):
    """Something to see before touching the patient: an allergy, a pacemaker."""

    account = AccountField(related_name="medical_alerts")
    patient = TenantForeignKey(Patient, models.CASCADE, related_name="medical_alerts")
    name = models.CharField(max_length=255)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient"], name="alerts_of_patient"),
            *by_time("alerts", "created_at", "updated_at", seldom=ARCHIVED),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def raise_for(cls, patient: Patient, name: str, *, by: Actor) -> MedicalAlert:
        """Add an alert to `patient`."""
        alert = cls(account_id=patient.account_id, patient=patient, name=name)
        alert.full_clean()
        with recorded(alert, "raised", by=by):
            alert.save(force_insert=True)
        return alert

    def put_right(self, name: str, patient: Patient, *, by: Actor) -> None:
        """Say it in other words, or of the patient who was meant."""
        with recorded(self, "edited", by=by):
            self.name, self.patient = name, patient
            self.full_clean()
            self.save(update_fields=["name", "patient", "updated_at"])

    def archive(self, *, by: Actor) -> None:
        """Take this alert off the patient's page; it stays in the history."""
        with recorded(self, "archived", by=by):
            self.archived_at = timezone.now()
            self.save(update_fields=["archived_at", "updated_at"])
