"""What a client may set on a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import RecordForm
from casewell.contacts.models import Contact
from casewell.lib.fields import KeepsFurtherPhones, PhonesField, RecordSearch
from casewell.patients.models import ConcessionType, Patient
from casewell.patients.pronouns import PronounsField
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


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


class PatientForm(QuickPatientForm):
    """All that is kept of a patient."""

    referring_doctor = forms.ModelChoiceField(
        Contact.objects.live().doctors(),
        required=False,
        widget=RecordSearch("doctor-search"),
        error_messages={"invalid_choice": "Choose a doctor from the contacts."},
    )
    pronouns = PronounsField()
    concession_type = forms.ModelChoiceField(ConcessionType.objects.all(), required=False)

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

        help_texts: ClassVar = {
            "first_nations_status": "As the patient says. Some funders grant First Nations "
            "patients more sessions a year.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["pronouns"]
        assert isinstance(offered, PronounsField)  # noqa: S101 - for the types
        offered.keep(self.instance.pronouns)

    def clean_dva_card_number(self) -> Any:
        return self.cleaned_data["dva_card_number"].upper()


class ConcessionTypeForm(RecordForm[ConcessionType]):
    """A reason for a lower price."""

    class Meta:
        model = ConcessionType
        fields: ClassVar = ["name"]
