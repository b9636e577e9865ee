"""A letter: a draft that is rewritten until it is final; each version of it is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.audit.archiving import archive, restore
from casewell.audit.models import recorded
from casewell.cases.models import DutyDone, PatientCase
from casewell.contacts.models import Contact
from casewell.letters.models.errors import LetterArchived, LetterIsDraft, LetterIsFinal
from casewell.letters.models.template import LetterTemplate
from casewell.lib.uploads import plain_name
from casewell.patients.models import Patient
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.locking import one_held
from casewell.tenancy.models import TenantManager, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from casewell.audit.actors import Actor
    from casewell.letters.models.communication import Communication
    from casewell.letters.models.version import LetterVersion

NO_FILES_NAME = re.compile(r'[/\\:*?"<>|]')
# What is said anew with each version.
WRITABLE = ("title", "case", "practitioner", "business", "recipient", "duty_code")


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

    @property
    def filename(self) -> str:
        """The name of its file: “Progress report Ada Rossi.pdf”."""
        return plain_name(f"{NO_FILES_NAME.sub('-', self.title)}.pdf")

    def held(self) -> Letter:
        """This letter, read anew and locked to the end of the transaction."""
        rows = type(self).objects.select_for_update(of=("self",), no_key=True)
        related = ("account", "patient", "case__programme", "practitioner", "business", "recipient")
        return one_held(rows.select_related(*related, "duty_done"), self.pk)

    def rewrite(self, body: str, *, by: Actor) -> LetterVersion:
        """Store what was changed of this letter, and its text as a new version.

        Raises LetterIsFinal, LetterArchived, WrongPatient.
        """
        with transaction.atomic():
            former = self.held()
            former.refuse_archived()
            if former.is_final:
                raise LetterIsFinal("This letter is final. Take it back first, or copy it.")
            if self.case:
                self.case.refuse_another_patient(self.patient_id)
            with recorded(self, "edited", by=by, before=former):
                self.save(update_fields=[*WRITABLE, "updated_at"])
            return keep_version(self, body, by=by)

    def finalise(self, *, by: Actor) -> LetterVersion:
        """Say that it stands: kept as it reads today, ready to be sent, its duty done."""
        with transaction.atomic():
            held = self.held()
            held.refuse_archived()
            if held.is_final:
                return held.version
            version = keep_version(held, held.version.body, is_final=True, by=by)
            with recorded(held, "finalised", by=by):
                held.finalised_at = timezone.now()
                satisfy(held, by=by)
                held.save(update_fields=["finalised_at", "duty_done", "updated_at"])
            self._follow(held)
        return version

    def take_back(self, *, by: Actor) -> None:
        """Make a final letter a draft again; its duty is open, its final version is kept."""
        with transaction.atomic():
            held = self.held()
            held.refuse_archived()
            with recorded(held, "taken back", by=by):
                held.finalised_at = None
                reopen(held, by=by)
                held.save(update_fields=["finalised_at", "duty_done", "updated_at"])
            self._follow(held)

    def archive(self, *, by: Actor) -> None:
        """Put it away. A duty that it had done is open again."""
        with transaction.atomic():
            held = self.held()
            reopen(held, by=by)
            held.save(update_fields=["duty_done", "updated_at"])
            archive(held, by=by)
            self._follow(held)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        with transaction.atomic():
            held = self.held()
            restore(held, by=by)
            if held.is_final:
                satisfy(held, by=by)
                held.save(update_fields=["duty_done", "updated_at"])
            self._follow(held)

    def put_in_case(self, case: PatientCase | None, *, by: Actor) -> None:
        """File it in that case, or in none; a final one too. Raises WrongPatient."""
        with transaction.atomic():
            held = self.held()
            if case is not None:
                case.refuse_another_patient(held.patient_id)
            with recorded(held, "filed", by=by):
                reopen(held, by=by)
                held.case = case
                if held.is_final and not held.archived_at:
                    satisfy(held, by=by)
                held.save(update_fields=["case", "duty_done", "updated_at"])
            self._follow(held)

    def copy(self, *, by: Actor) -> Letter:
        """A draft that says the same, to be sent to somebody else or again; for no duty."""
        return write(
            self.patient,
            practitioner=self.practitioner,
            business=self.business,
            case=self.case,
            recipient=self.recipient,
            title=self.title,
            body=self.version.body,
            by=by,
        )

    def send(self, to: str, *, subject: str = "", message: str = "", by: Actor) -> Communication:
        """`sending.send`: have it e-mailed as a PDF. Raises LetterIsDraft, LetterArchived."""
        return send(self, to, subject=subject, message=message, by=by)

    def mark_printed(self, *, by: Actor) -> Communication:
        """`sending.mark_printed`: note that it went out on paper."""
        return mark_printed(self, by=by)

    def refuse_archived(self) -> None:
        if self.archived_at:
            raise LetterArchived("This letter is archived. Restore it first.")

    def refuse_unless_final(self) -> None:
        self.refuse_archived()
        if not self.is_final:
            raise LetterIsDraft("This letter is a draft. Finish it first.")

    def _follow(self, held: Letter) -> None:
        """Say what the locked row says."""
        for name in ("finalised_at", "archived_at", "duty_done_id", "case_id"):
            setattr(self, name, getattr(held, name))


from casewell.letters.models.sending import mark_printed, send  # noqa: E402 - they write letters
from casewell.letters.models.writing import keep_version, reopen, satisfy, write  # noqa: E402
