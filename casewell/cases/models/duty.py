"""That a duty of a case was done: which, when, by what."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.cases.models.case import PatientCase
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from datetime import date

    from casewell.audit.actors import Actor


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

    @classmethod
    def mark(
        cls,
        case: PatientCase,
        code: str,
        *,
        done_on: date | None = None,
        means: str = Means.LETTER,
        note: str = "",
        by: Actor,
    ) -> DutyDone:
        """Say that the duty is done, today unless another day is given; once is enough."""
        with transaction.atomic():
            case.held()  # so that two who say it at once say it one after the other
            former = cls.objects.filter(case=case, code=code, archived_at=None).first()
            if former is not None:
                return former
            done = cls(
                account_id=case.account_id,
                case=case,
                code=code,
                done_on=done_on or case.account.today(),
                means=means,
                note=note,
            )
            with recorded(done, "done", by=by):
                done.save(force_insert=True)
        return done

    def take_back(self, *, by: Actor) -> None:
        """Undo `mark`; the row is kept."""
        with recorded(self, "taken back", by=by):
            self.archived_at = timezone.now()
            self.save(update_fields=["archived_at", "updated_at"])
