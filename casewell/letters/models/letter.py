"""A letter: a draft that is rewritten until it is final; each version of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models

from casewell.accounts.models import Business, Practitioner
from casewell.cases.models import DutyDone, PatientCase
from casewell.contacts.models import Contact
from casewell.letters.models.template import LONGEST, LetterTemplate
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from datetime import datetime


class LetterQuerySet(TenantQuerySet["Letter"]):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def final(self) -> Self:
        return self.live().exclude(finalised_at=None)


LetterManager = TenantManager.from_queryset(LetterQuerySet)


class Letter(TenantModel):
    """To the patient or, with a `recipient`, to a contact; of one patient, in one case or none.

    What it says is in its versions. `duty_done` is the duty that it has satisfied.
    """

    account = AccountField(related_name="letters")
    patient = TenantForeignKey(Patient, models.PROTECT, related_name="letters")
    case = TenantForeignKey(
        PatientCase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        together=("patient",),
    )
    practitioner = TenantForeignKey(Practitioner, models.PROTECT, related_name="letters")
    business = TenantForeignKey(Business, models.PROTECT, related_name="letters")
    recipient = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    template = TenantForeignKey(
        LetterTemplate, models.PROTECT, null=True, blank=True, related_name="letters"
    )
    title = models.CharField("subject", max_length=255)
    duty_code = models.CharField("for the duty", max_length=100, blank=True)
    duty_done = TenantForeignKey(
        DutyDone, models.PROTECT, null=True, blank=True, related_name="letters", editable=False
    )
    finalised_at = models.DateTimeField("final since", null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[LetterManager] = LetterManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="letters_of_patient"),
            models.Index(fields=["account", "case", "id"], name="letters_of_case"),
            models.Index(fields=["account", "practitioner", "id"], name="letters_of_practitioner"),
            models.Index(fields=["account", "business", "id"], name="letters_of_business"),
            models.Index(fields=["account", "recipient", "id"], name="letters_to_contact"),
            models.Index(fields=["account", "template", "id"], name="letters_from_template"),
            models.Index(fields=["account", "duty_done", "id"], name="letters_of_duty"),
        ]
        constraints: ClassVar = [
            # What the key of a communication refers to: no letter of another patient.
            models.UniqueConstraint(fields=["account", "id", "patient"], name="letter_of_patient"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_final(self) -> bool:
        return self.finalised_at is not None

    @property
    def addressee(self) -> Patient | Contact:
        return self.recipient or self.patient

    @property
    def version(self) -> LetterVersion:
        """What it says now: the latest version."""
        found: LetterVersion = self.versions.latest("place")
        return found


class LetterVersion(TenantModel):
    """A letter as it was written once; added to only. Of a final one, as it was sent.

    `said` is all that stood around the text that day: what the fields said, letterhead,
    addressee, date and signature (`casewell.letters.saying`).
    """

    append_only = True

    account = AccountField(related_name="letter_versions")
    letter = TenantForeignKey(Letter, models.PROTECT, related_name="versions")
    place = models.PositiveSmallIntegerField()
    title = models.CharField("subject", max_length=255)
    body = models.TextField("text", max_length=LONGEST)
    said: models.JSONField[Any, Any] = models.JSONField(default=dict)
    is_final = models.BooleanField(default=False)
    user = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", db_index=False
    )

    created_at: datetime

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "letter", "place"], name="letter_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.place}"
