"""Patients, and what is known of them: medical alerts, concession, cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import RegexValidator
from django.db import models

from casewell.audit.archiving import archive, restore
from casewell.contacts.models import Contact
from casewell.lib.dva_files import FILE_NUMBER
from casewell.lib.errors import RuleViolation
from casewell.lib.phones import validate_phone_numbers
from casewell.lib.words import as_one_word, date_word, tails_of, words_of
from casewell.lib.zones import validate_zone
from casewell.patients.pronouns import written
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantManager, TenantModel
from casewell.tenancy.search import SearchedQuerySet

if TYPE_CHECKING:
    from datetime import date

    from casewell.audit.actors import Actor


class PatientMerged(RuleViolation):
    """This patient is another one now; its records are there."""

    code = "patient_merged"


class ConcessionType(TenantModel):
    """A reason for a lower price, such as a pensioner's card."""

    account = AccountField(related_name="concession_types")
    name = models.CharField(max_length=255)
    archived_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


def full_name(first_name: str, preferred_first_name: str, last_name: str) -> str:
    """As a patient is called; for lists that read rows.

    >>> full_name("Margaret", "Peggy", "Wu"), full_name("Ada", "", "")
    ('Peggy Wu', 'Ada')
    """
    return f"{preferred_first_name or first_name} {last_name}".strip()


class PatientQuerySet(SearchedQuerySet["Patient"]):
    def live(self) -> PatientQuerySet:
        return self.filter(archived_at=None)

    def in_order(self) -> PatientQuerySet:
        return self.order_by("last_name", "first_name", "id")

    def at_id(self, wanted: int) -> Patient:
        """The patient with this id, or the one that it was merged into.

        Whoever asked can tell by the id of what they get. Raises Patient.DoesNotExist.
        """
        moved = self.filter(redirects__former_id=wanted).first()
        return moved or self.get(pk=wanted)


PatientManager = TenantManager.from_queryset(PatientQuerySet)


class Patient(TenantModel):
    """A person who is treated. The fields are those of the API's contract, and the cards' own."""

    class ReminderType(models.TextChoices):
        NONE = "None", "None"
        SMS = "SMS", "SMS"
        EMAIL = "Email", "Email"
        BOTH = "SMS & Email", "SMS & Email"

    class FirstNations(models.TextChoices):
        ABORIGINAL = "aboriginal", "Aboriginal"
        TORRES_STRAIT_ISLANDER = "torres_strait_islander", "Torres Strait Islander"
        BOTH = "both", "Aboriginal and Torres Strait Islander"
        NEITHER = "neither", "Neither"

    class DvaCardColour(models.TextChoices):
        GOLD = "gold", "Gold"
        WHITE = "white", "White"
        ORANGE = "orange", "Orange"

    account = AccountField(related_name="patients")
    title = models.CharField(max_length=255, blank=True)
    first_name = models.CharField(max_length=255)
    last_name = models.CharField(max_length=255)
    preferred_first_name = models.CharField(max_length=255, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=50, blank=True)
    gender_identity = models.CharField(max_length=100, blank=True)
    pronouns = models.JSONField(null=True, blank=True)
    email = models.EmailField(max_length=255, blank=True)
    phone_numbers = models.JSONField(default=list, blank=True, validators=[validate_phone_numbers])
    address_1 = models.CharField("address", max_length=255, blank=True)
    address_2 = models.CharField(max_length=255, blank=True)
    address_3 = models.CharField(max_length=255, blank=True)
    city = models.CharField("suburb", max_length=255, blank=True)
    state = models.CharField(max_length=255, blank=True)
    post_code = models.CharField("postcode", max_length=20, blank=True)
    country = models.CharField(max_length=255, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=63, blank=True, validators=[validate_zone])
    occupation = models.CharField(max_length=255, blank=True)
    emergency_contact = models.CharField(max_length=255, blank=True)
    medicare = models.CharField("Medicare number", max_length=255, blank=True)
    medicare_reference_number = models.CharField(
        "Medicare reference number", max_length=255, blank=True
    )
    medicare_expiry_date = models.DateField("Medicare card valid to", null=True, blank=True)
    dva_card_number = models.CharField(
        "DVA card number", max_length=255, blank=True, validators=[RegexValidator(FILE_NUMBER)]
    )
    dva_card_colour = models.CharField(
        "DVA card colour", max_length=10, choices=DvaCardColour, blank=True
    )
    health_fund = models.CharField(max_length=255, blank=True)
    health_fund_number = models.CharField("health fund member number", max_length=50, blank=True)
    first_nations_status = models.CharField(
        "First Nations status", max_length=30, choices=FirstNations, blank=True
    )
    concession_type = TenantForeignKey(
        ConcessionType, models.PROTECT, null=True, blank=True, related_name="patients"
    )
    referring_doctor = TenantForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="referred_patients"
    )
    referral_source = models.CharField(max_length=255, blank=True)
    old_reference_id = models.CharField("reference", max_length=255, blank=True)
    appointment_notes = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    reminder_type = models.CharField(max_length=11, choices=ReminderType, blank=True)
    invoice_default_to = models.CharField("invoice to", max_length=255, blank=True)
    invoice_email = models.EmailField(blank=True)
    invoice_extra_information = models.TextField(blank=True)
    receives_confirmation_emails = models.BooleanField(default=True)
    receives_cancellation_emails = models.BooleanField(default=True)
    accepted_privacy_policy = models.BooleanField(null=True, blank=True)
    accepted_email_marketing = models.BooleanField(null=True, blank=True)
    accepted_sms_marketing = models.BooleanField(null=True, blank=True)
    custom_fields = models.JSONField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    merged_at = models.DateTimeField(null=True, blank=True)
    merged_with = TenantForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_patients"
    )

    objects: ClassVar[PatientManager] = PatientManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["account", "last_name", "first_name", "id"], name="patients_in_order"
            ),
            models.Index(fields=["account", "concession_type"], name="patients_of_concession"),
            models.Index(fields=["account", "referring_doctor"], name="patients_of_doctor"),
            models.Index(fields=["account", "merged_with"], name="merged_into_patient"),
            *by_time("patients", "created_at", "updated_at", "date_of_birth", seldom=ARCHIVED),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return full_name(self.first_name, self.preferred_first_name, self.last_name)

    @property
    def listed_name(self) -> str:
        """As in a register: “Rossi, Ada”."""
        return f"{self.last_name}, {self.called}"

    @property
    def called(self) -> str:
        return self.preferred_first_name or self.first_name

    @property
    def phone(self) -> str:
        """The number to call: a mobile where there is one, else the first."""
        numbers = sorted(self.phone_numbers, key=lambda n: n["phone_type"] != "Mobile")
        return numbers[0]["number"] if numbers else ""

    @property
    def pronoun(self) -> str:
        """As people write it, “she/her”; empty where it is not known."""
        return written(self.pronouns)

    @property
    def address(self) -> list[str]:
        """The lines of the address, without empty ones."""
        town = " ".join(filter(None, (self.city, self.state, self.post_code)))
        lines = (self.address_1, self.address_2, self.address_3, town, self.country)
        return [line for line in lines if line]

    @property
    def is_first_nations(self) -> bool:
        """Whether some funders grant this patient more."""
        return self.first_nations_status not in ("", self.FirstNations.NEITHER)

    def age_on(self, day: date) -> int | None:
        """Full years of life on that day; None without a birth date."""
        born = self.date_of_birth
        if born is None:
            return None
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def search_label(self) -> str:
        """How a chosen patient reads."""
        return self.listed_name

    def search_words(self) -> set[str]:
        """All by which this patient is found."""
        names = words_of(self.first_name, self.last_name, self.preferred_first_name)
        numbers = tails_of(entry["number"] for entry in self.phone_numbers)
        born = {date_word(self.date_of_birth)} if self.date_of_birth else set()
        others = words_of(self.old_reference_id) | as_one_word(self.email)
        return names | others | numbers | born

    def archive(self, *, by: Actor) -> None:
        """Take this patient out of lists and choices. Nothing is deleted."""
        archive(self, by=by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`. Raises PatientMerged."""
        if self.merged_at:
            raise PatientMerged(f"{self} was merged into {self.merged_with}. Undo that instead.")
        restore(self, by=by)


from casewell.patients.alert import MedicalAlert  # noqa: E402 - for Django to find
from casewell.patients.attachment import PatientAttachment  # noqa: E402
from casewell.patients.redirects import PatientRedirect  # noqa: E402
from casewell.patients.referral import ReferralSource, ReferralSourceType  # noqa: E402
from casewell.patients.relationship import Relationship  # noqa: E402
from casewell.patients.word import PatientWord  # noqa: E402

__all__ = [
    "ConcessionType",
    "MedicalAlert",
    "Patient",
    "PatientAttachment",
    "PatientMerged",
    "PatientRedirect",
    "PatientWord",
    "ReferralSource",
    "ReferralSourceType",
    "Relationship",
]
