"""Contacts: doctors who refer, third parties who pay, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from django import forms

from casewell.accounts.roles import Permission
from casewell.api.bodies import Body, Text255
from casewell.api.filters import Number, Text
from casewell.api.phones import PhoneNumber, PhonesAsSent
from casewell.api.resource import usual_filters
from casewell.api.rows import Id, Moment, Of, Row, SelfLink
from casewell.api.writing import Writable
from casewell.contacts.forms import ContactForm
from casewell.contacts.models import Contact, ContactWord
from casewell.lib.countries import countries

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.audit.actors import Actor

DoctorType = Literal["general_practitioner", "specialist"]
WHAT_IT_IS = ("type_code", "doctor_type")


def kind_of_contact(code: int) -> str:
    """The contract's name of a kind of contact."""
    return str(Contact.Kind(code).label)


class ContactRow(Row):
    id: Id
    type: Annotated[str | None, Of("type_code", kind_of_contact)]
    type_code: int | None
    doctor_type: str | None
    title: str | None
    first_name: str | None
    last_name: str | None
    preferred_name: str | None
    company_name: str | None
    occupation: str | None
    provider_number: str | None
    email: str | None
    phone_numbers: list[PhoneNumber] | None
    address_1: str | None
    address_2: str | None
    address_3: str | None
    city: str | None
    state: str | None
    post_code: str | None
    country: str | None
    country_code: str | None
    notes: str | None
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    links: SelfLink


class ContactBody(Body):
    type_code: Literal[0, 1, 2] | None
    doctor_type: DoctorType | None
    title: str | None
    first_name: Text255 | None
    last_name: Text255 | None
    preferred_name: str | None
    company_name: Text255 | None
    occupation: Text255 | None
    provider_number: Text255 | None
    email: Text255 | None
    phone_numbers: list[PhoneNumber] | None
    address_1: Text255 | None
    address_2: Text255 | None
    address_3: Text255 | None
    city: Text255 | None
    state: Text255 | None
    post_code: Text255 | None
    country_code: str | None
    notes: str | None


class ContactAsSent(ContactForm):
    """The form of the pages, and what only the API sets.

    The contract asks for no name, so anything that tells who it is will do.
    """

    phone_numbers: Any = PhonesAsSent()
    type_code = forms.TypedChoiceField(
        choices=Contact.Kind.choices,
        coerce=int,
        required=False,
        empty_value=str(Contact.Kind.STANDARD.value),
    )

    class Meta(ContactForm.Meta):
        fields: ClassVar = [
            *ContactForm.Meta.fields,
            *("preferred_name", "address_3", "country_code"),
        ]

    known_by = tuple(name for name in Meta.fields if name not in WHAT_IT_IS)

    def clean_phone_numbers(self) -> list[dict[str, str]]:
        numbers: list[dict[str, str]] = self.cleaned_data["phone_numbers"]
        return numbers

    def save(self, *, by: Actor) -> Contact:  # type: ignore[override]
        if "country_code" in self.changed_data:
            code = self.instance.country_code.upper()
            self.instance.country = dict(countries()).get(code, "")
        return super().save(by=by)


class Contacts(Writable):
    name = "contacts"
    row = ContactRow
    body = ContactBody
    form = ContactAsSent
    reads = Permission.SEE_CONTACTS
    creates = changes = removes = Permission.EDIT_CONTACTS
    filters: ClassVar = usual_filters(
        first_name=Text(words=ContactWord),
        last_name=Text(words=ContactWord),
        company_name=Text(words=ContactWord),
        email=Text(words=ContactWord),
        occupation=Text(),
        type_code=Number(),
    )

    def queryset(self, account: Account) -> QuerySet[Contact]:
        return account.contacts.all()

    def records(self, account: Account) -> QuerySet[Contact]:
        return account.contacts.all()
