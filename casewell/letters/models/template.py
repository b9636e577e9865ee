"""Letters that a practice writes often, with fields to be filled in."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from casewell.audit.archiving import archive, restore
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.accounts.models import Account
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase

SHIPPED = Path(__file__).resolve().parents[1] / "letter_templates.json"
LONGEST = 50_000  # characters of a letter, some twenty pages


class LetterTemplateQuerySet(TenantQuerySet["LetterTemplate"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def in_order(self) -> Self:
        return self.order_by("name", "id")

    def fitting(self, case: PatientCase | None) -> Self:
        """Those for any programme and discipline, and for those of the case."""
        programme = case.programme.code if case and case.programme else ""
        discipline = case.discipline.strip() if case else ""
        return self.filter(
            Q(programme_code="") | Q(programme_code=programme),
            Q(discipline="") | Q(discipline__iexact=discipline),
        )


LetterTemplateManager = TenantManager.from_queryset(LetterTemplateQuerySet)


class LetterTemplate(TenantModel):
    """A text with fields in braces, and when it is offered first."""

    class Purpose(models.TextChoices):
        LETTER = "letter", "Letter"
        REPORT = "report", "Report"
        DISCHARGE = "discharge", "Discharge"
        COMPLETE_REFERRAL = "complete_referral", "Ask the referrer to complete the referral"

    class Addressee(models.TextChoices):
        REFERRER = "referrer", "Referrer"
        PATIENT = "patient", "Patient"
        PAYER = "payer", "Payer"

    account = AccountField(related_name="letter_templates")
    # Of one that ships with Casewell; empty for a practice's own.
    code = models.CharField(max_length=50, blank=True, editable=False)
    name = models.CharField(max_length=255)
    purpose = models.CharField(max_length=20, choices=Purpose, default=Purpose.LETTER)
    addressee = models.CharField(
        "goes to", max_length=10, choices=Addressee, default=Addressee.REFERRER
    )
    title = models.CharField("subject", max_length=255, blank=True)
    body = models.TextField("text", max_length=LONGEST)
    programme_code = models.CharField("for the programme", max_length=100, blank=True)
    discipline = models.CharField("for the discipline", max_length=100, blank=True)
    duty_code = models.CharField("for the duty", max_length=100, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[LetterTemplateManager] = LetterTemplateManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "code"],
                condition=~Q(code=""),
                name="letter_template_shipped_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, account: Account) -> LetterTemplateQuerySet:
        """The practice's templates, to which those that ship are added where it never had them.

        One that a practice does not want is archived, and so is not added again.
        """
        known = set(account.letter_templates.exclude(code="").values_list("code", flat=True))
        lacking = [
            cls(account=account, code=code, **fields)
            for code, fields in shipped_templates().items()
            if code not in known
        ]
        if lacking:
            # Of two who add them at once, one does.
            cls.objects.bulk_create(lacking, ignore_conflicts=True)
        found: LetterTemplateQuerySet = account.letter_templates.all()
        return found

    def archive(self, *, by: Actor) -> None:
        """Take it out of the choices; letters that were written from it stay."""
        archive(self, by=by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        restore(self, by=by)


@cache
def shipped_templates() -> dict[str, dict[str, Any]]:
    """The templates that come with Casewell, by code: fields of `LetterTemplate`."""
    found: dict[str, dict[str, Any]] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {code: fields | {"body": "\n".join(fields["body"])} for code, fields in found.items()}
