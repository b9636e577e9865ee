"""That a duty of a case was done: which, when, by what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casewell.cases.models.case import PatientCase
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel


class DutyDone(TenantModel):
    """A duty of the case's programme, known by its code, that is done."""

    class Means(models.TextChoices):
        LETTER = "letter", "Letter"
        NOTE = "note", "Note"
        FILE = "file", "File"
        CALL = "call", "Call"

    account = AccountField(related_name="duties_done")
    case = TenantForeignKey(PatientCase, models.CASCADE, related_name="duties_done")
    code = models.CharField(max_length=100)
    done_on = models.DateField()
    means = models.CharField("by", max_length=10, choices=Means, default=Means.LETTER)
    note = models.CharField(max_length=255, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "case", "code"], name="duties_done_of_case")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "case", "code"],
                condition=models.Q(archived_at=None),
                name="duty_done_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} done on {self.done_on}"
