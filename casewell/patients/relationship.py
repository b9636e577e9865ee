"""Who is what to whom among the patients: a parent, a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from casewell.audit.archiving import archive
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class Relationship(TenantModel):
    """What `related_patient` is to `patient`, told in one direction."""

    class Relation(models.IntegerChoices):
        PARENT = 10, "Parent"
        CHILD = 20, "Child"
        SIBLING = 30, "Sibling"
        SPOUSE = 40, "Spouse"
        PARTNER = 50, "Partner"
        RELATIVE = 60, "Relative"
        OTHER = 70, "Other"

    account = AccountField(related_name="relationships")
    patient = TenantForeignKey(Patient, models.CASCADE, related_name="relationships")
    related_patient = TenantForeignKey(Patient, models.CASCADE, related_name="related_to")
    relation = models.PositiveSmallIntegerField(choices=Relation)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="relations_of_patient"),
            models.Index(fields=["account", "related_patient"], name="relations_to_patient"),
            *by_time("relations", "created_at", "updated_at", seldom=ARCHIVED),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(patient=models.F("related_patient")),
                name="related_to_another",
                violation_error_message="Nobody is their own relative.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_relation_display()

    def archive(self, *, by: Actor) -> None:
        """Take it out of lists."""
        archive(self, by=by)
