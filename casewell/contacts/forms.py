"""What a client may set on a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import GroupedForm
from casewell.contacts.models import Contact
from casewell.lib.fields import KeepsFurtherPhones, PhonesField
from casewell.lib.provider_numbers import is_provider_number
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class ContactForm(KeepsFurtherPhones, GroupedForm[Contact]):
    groups: ClassVar = {
        "What it is": ("type_code", "doctor_type", "provider_number"),
        "Who it is": (
            "title",
            "first_name",
            "last_name",
            "company_name",
            "occupation",
        ),
        "How to reach them": ("phone_numbers", "email"),
        "Address": ("address_1", "address_2", "city", "state", "post_code"),
        "Notes": ("notes",),
    }
    spans: ClassVar = {
        "title": 2,
        "first_name": 5,
        "last_name": 5,
        "company_name": 6,
        "occupation": 6,
        "phone_numbers": 6,
        "email": 6,
        "address_1": 6,
        "address_2": 6,
        "city": 6,
        "state": 3,
        "post_code": 3,
    }

    # At least one of these must be given.
    known_by: ClassVar[tuple[str, ...]] = ("first_name", "last_name", "company_name")

    phone_numbers = PhonesField()

    class Meta:
        model = Contact
        fields: ClassVar = [
            "type_code",
            "title",
            "first_name",
            "last_name",
            "company_name",
            "city",
            "provider_number",
            "doctor_type",
            "phone_numbers",
            "email",
            "occupation",
            "address_1",
            "address_2",
            "state",
            "post_code",
            "notes",
        ]
        labels: ClassVar = {"address_2": "Address, second line", "doctor_type": "Kind of doctor"}
        help_texts: ClassVar = {
            "provider_number": "Of this practice: a doctor at two practices has two, "
            "and is two contacts."
        }
        widgets: ClassVar = {
            "post_code": forms.TextInput({"inputmode": "numeric"}),
            "notes": forms.Textarea({"rows": 4}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in self.known_by):
            self.add_error("last_name", "Give a name, or the name of the practice or company.")
        return cleaned

    @property
    def warnings(self) -> list[str]:
        """What looks wrong and is kept all the same."""
        number = self.cleaned_data.get("provider_number")
        if number and self.instance.is_doctor and not is_provider_number(number):
            return [f"The check letter of provider number {number} does not fit. It was kept."]
        return []

    def save(self, *, by: Actor) -> Contact:  # type: ignore[override]
        contact = super().save(by=by)
        rewrite_words(contact)
        return contact
