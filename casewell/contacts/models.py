"""Contacts: doctors who refer, third parties who pay, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.lib.phones import validate_phone_numbers
from casewell.lib.words import as_one_word, tails_of, words_of
from casewell.tenancy.fields import AccountField, TenantForeignKey
from casewell.tenancy.indexes import ARCHIVED, by_time
from casewell.tenancy.models import TenantManager, TenantModel
from casewell.tenancy.search import SearchedQuerySet, SearchWord

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class ContactQuerySet(SearchedQuerySet["Contact"]):
    def live(self) -> ContactQuerySet:
        return self.filter(archived_at=None)

    def doctors(self) -> ContactQuerySet:
        return self.filter(type_code=Contact.Kind.DOCTOR)

    def in_order(self) -> ContactQuerySet:
        """By name, then practice: two doctors of one name stand together and apart."""
        return self.order_by("last_name", "first_name", "company_name", "id")


ContactManager = TenantManager.from_queryset(ContactQuerySet)


class Contact(TenantModel):
    """Somebody outside the practice. A doctor at two practices is two contacts."""

    class Kind(models.IntegerChoices):
        STANDARD = 0, "Standard"
        DOCTOR = 1, "Doctor"
        PAYER = 2, "3rd Party Payer"

    class DoctorType(models.TextChoices):
        GENERAL_PRACTITIONER = "general_practitioner", "General practitioner"
        SPECIALIST = "specialist", "Specialist"

    account = AccountField(related_name="contacts")
    type_code = models.PositiveSmallIntegerField("type", choices=Kind, default=Kind.STANDARD)
    doctor_type = models.CharField(max_length=20, choices=DoctorType, blank=True)
    title = models.CharField(max_length=50, blank=True)
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    preferred_name = models.CharField(max_length=255, blank=True)
    company_name = models.CharField("practice or company", max_length=255, blank=True)
    occupation = models.CharField(max_length=255, blank=True)
    provider_number = models.CharField(max_length=255, blank=True)
    address_1 = models.CharField("address", max_length=255, blank=True)
    address_2 = models.CharField(max_length=255, blank=True)
    address_3 = models.CharField(max_length=255, blank=True)
    city = models.CharField("suburb", max_length=255, blank=True)
    state = models.CharField(max_length=255, blank=True)
    post_code = models.CharField("postcode", max_length=255, blank=True)
    country = models.CharField(max_length=255, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    email = models.EmailField(max_length=255, blank=True)
    phone_numbers = models.JSONField(default=list, blank=True, validators=[validate_phone_numbers])
    notes = models.TextField(blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ContactManager] = ContactManager()  # type: ignore[type-arg]

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["account", "last_name", "first_name", "company_name", "id"],
                name="contacts_in_order",
            ),
            *by_time("contacts", "created_at", "updated_at", seldom=ARCHIVED),
        ]

    def __str__(self) -> str:
        known_by = (self.full_name, self.company_name, self.preferred_name, self.email, self.phone)
        return next(filter(None, known_by), "Contact without a name")

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.title, self.first_name, self.last_name) if part)

    @property
    def is_doctor(self) -> bool:
        return self.type_code == self.Kind.DOCTOR

    @property
    def place(self) -> str:
        """Practice and suburb, which tell two doctors of one name apart."""
        return ", ".join(part for part in (self.company_name, self.city) if part)

    @property
    def phone(self) -> str:
        """The first of the contact's numbers."""
        return self.phone_numbers[0]["number"] if self.phone_numbers else ""

    def search_label(self) -> str:
        """How a chosen contact reads: name, practice and suburb."""
        return f"{self} — {self.place}" if self.full_name and self.place else str(self)

    def search_words(self) -> set[str]:
        """All by which this contact is found."""
        names = words_of(self.first_name, self.last_name, self.preferred_name, self.company_name)
        others = words_of(self.city, self.provider_number) | as_one_word(self.email)
        return names | others | tails_of(n["number"] for n in self.phone_numbers)

    def archive(self, *, by: Actor) -> None:
        """Take this contact out of lists and choices; what it is linked to stays."""
        self._set_archived_at(timezone.now(), "archived", by)

    def restore(self, *, by: Actor) -> None:
        """Undo `archive`."""
        self._set_archived_at(None, "restored", by)

    def _set_archived_at(self, moment: Any, verb: str, by: Actor) -> None:
        with recorded(self, verb, by=by):
            self.archived_at = moment
            self.save(update_fields=["archived_at", "updated_at"])


class ContactWord(SearchWord):
    """A word or tail of digits by which a contact is found."""

    account = AccountField(related_name="contact_words")
    record = TenantForeignKey(Contact, models.CASCADE, related_name="words")

    class Meta(SearchWord.Meta):
        abstract = False
        indexes: ClassVar = SearchWord.indexes("contact")
