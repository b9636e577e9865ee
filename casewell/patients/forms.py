"""What a client may set on a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import GroupedForm, RecordForm
from casewell.contacts.models import Contact
from casewell.lib.fields import KeepsFurtherPhones, LinesField, PhonesField, RecordSearch
from casewell.patients.models import ConcessionType, Patient, ReferralSourceType
from casewell.patients.pronouns import PronounsField
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

LONGEST_NAME = 255


class QuickPatientForm(KeepsFurtherPhones, RecordForm[Patient]):
    """A new patient at the desk: enough to book."""

    phone_numbers = PhonesField()

    class Meta:
        model = Patient
        fields: ClassVar = ["first_name", "last_name", "date_of_birth", "phone_numbers"]

    def clean_date_of_birth(self) -> Any:
        born = self.cleaned_data["date_of_birth"]
        if born and born > self.instance.account.today():
            raise forms.ValidationError("This day has not come yet.")
        return born

    def save(self, *, by: Actor) -> Patient:  # type: ignore[override]
        patient = super().save(by=by)
        rewrite_words(patient)
        return patient


class AlertForm(forms.Form):
    """What to be alert to."""

    name = forms.CharField(max_length=255, error_messages={"required": "Say what to be alert to."})


class PatientForm(QuickPatientForm, GroupedForm[Patient]):
    """All that is kept of a patient."""

    groups: ClassVar = {
        "Who it is": (
            "title",
            "first_name",
            "last_name",
            "preferred_first_name",
            "date_of_birth",
            "pronouns",
            "sex",
            "gender_identity",
            "occupation",
        ),
        "How to reach them": ("phone_numbers", "email", "reminder_type", "emergency_contact"),
        "Address": ("address_1", "address_2", "city", "state", "post_code"),
        "Cards and funds": (
            "medicare",
            "medicare_reference_number",
            "medicare_expiry_date",
            "dva_card_number",
            "dva_card_colour",
            "concession_type",
            "health_fund",
            "health_fund_number",
            "first_nations_status",
        ),
        "How they came": ("referring_doctor", "referral_source", "old_reference_id"),
        "Notes": ("appointment_notes", "notes"),
    }
    spans: ClassVar = {
        "title": 2,
        "first_name": 5,
        "last_name": 5,
        "phone_numbers": 6,
        "email": 6,
        "reminder_type": 6,
        "emergency_contact": 6,
        "address_1": 6,
        "address_2": 6,
        "city": 6,
        "state": 3,
        "post_code": 3,
    }

    referring_doctor = forms.ModelChoiceField(
        Contact.objects.live().doctors(),
        required=False,
        widget=RecordSearch("doctor-search"),
        help_text="A new case begins with this referrer.",
        error_messages={"invalid_choice": "Choose a doctor from the contacts."},
    )
    pronouns = PronounsField()
    concession_type = forms.ModelChoiceField(
        ConcessionType.objects.all(), label="Concession", required=False
    )

    class Meta:
        model = Patient
        fields: ClassVar = [
            "title",
            "first_name",
            "last_name",
            "preferred_first_name",
            "date_of_birth",
            "sex",
            "gender_identity",
            "pronouns",
            "phone_numbers",
            "email",
            "address_1",
            "address_2",
            "city",
            "state",
            "post_code",
            "medicare",
            "medicare_reference_number",
            "medicare_expiry_date",
            "dva_card_number",
            "dva_card_colour",
            "health_fund",
            "health_fund_number",
            "first_nations_status",
            "concession_type",
            "referring_doctor",
            "referral_source",
            "old_reference_id",
            "occupation",
            "emergency_contact",
            "reminder_type",
            "appointment_notes",
            "notes",
        ]
        labels: ClassVar = {
            "address_2": "Address, second line",
            "medicare_reference_number": "Medicare reference",
            "medicare_expiry_date": "Medicare valid to",
            "emergency_contact": "In an emergency",
            "health_fund_number": "Health fund member",
            "referral_source": "Came through",
            "reminder_type": "Reminders",
            "appointment_notes": "For appointments",
            "notes": "About the patient",
        }
        help_texts: ClassVar = {
            "preferred_first_name": "Shown in place of the first name.",
            "medicare_reference_number": "The digit before the name on the card.",
            "emergency_contact": "Name, relation and phone number.",
            "referral_source": "How they heard of the practice: a friend, the web, a sign.",
            "old_reference_id": "Their number in another system or on paper. Search finds it.",
            "appointment_notes": "What helps whoever books: times that suit, access, transport.",
        }
        widgets: ClassVar = {
            "medicare": forms.TextInput({"inputmode": "numeric"}),
            "medicare_reference_number": forms.TextInput({"inputmode": "numeric"}),
            "post_code": forms.TextInput({"inputmode": "numeric"}),
            "appointment_notes": forms.Textarea({"rows": 2}),
            "notes": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["pronouns"]
        if isinstance(offered, PronounsField):
            offered.keep(self.instance.pronouns)

    def clean_dva_card_number(self) -> Any:
        return self.cleaned_data["dva_card_number"].upper()


class ConcessionTypeForm(RecordForm[ConcessionType]):
    """A reason for a lower price."""

    class Meta:
        model = ConcessionType
        fields: ClassVar = ["name"]


class ReferralSourceTypeForm(RecordForm[ReferralSourceType]):
    """A way to come to the practice."""

    subcategories = LinesField(
        required=False, help_text="One a line, to tell apart: which page, which event."
    )

    class Meta:
        model = ReferralSourceType
        fields: ClassVar = ["name", "referrer_type", "subcategories"]
        help_texts: ClassVar = {"referrer_type": "Who is named where a patient came this way."}

    left_open: ClassVar = {"referrer_type": "Nobody"}

    def clean_subcategories(self) -> list[str]:
        names: list[str] = self.cleaned_data["subcategories"]
        if any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(f"A line has at most {LONGEST_NAME} characters.")
        return list(dict.fromkeys(names))
