"""What a client may say of how a patient came."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from casewell.audit.forms import RecordForm
from casewell.patients.models import ReferralSource, ReferralSourceType

REFERRERS = {"Patient": "patients", "Contact": "contacts"}


class ReferralSourceAsSent(RecordForm[ReferralSource]):
    """The way that a patient came, and what that way asks for.

    With another way goes what belongs to the former one, unless it is sent as well.
    """

    referral_source_type = forms.ModelChoiceField(
        ReferralSourceType.objects.filter(archived_at=None),
        error_messages={"invalid_choice": "must exist"},
    )
    referrer = forms.IntegerField(required=False)

    class Meta:
        model = ReferralSource
        fields: ClassVar = ["referral_source_type", "subcategory", "notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["referrer"] = self.instance.referrer_id

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        way = cleaned.get("referral_source_type")
        if way is not None:
            self._forget_what_was_of_another(way)
            self._refuse_another_subcategory(way)
            self._find_referrer(way)
        return cleaned

    def _forget_what_was_of_another(self, way: ReferralSourceType) -> None:
        if "referral_source_type" not in self.changed_data:
            return
        if "subcategory" not in self.changed_data:
            self.cleaned_data["subcategory"] = ""
        kept = "Patient" if self.instance.referrer_patient_id else "Contact"
        if "referrer" not in self.changed_data and way.referrer_type != kept:
            self.cleaned_data["referrer"] = None

    def _refuse_another_subcategory(self, way: ReferralSourceType) -> None:
        said = self.cleaned_data.get("subcategory")
        if said and said not in way.subcategories and "subcategory" in self.changed_data:
            known = ", ".join(way.subcategories) or "it has none"
            self.add_error("subcategory", f"must be one of those of {way}: {known}")

    def _find_referrer(self, way: ReferralSourceType) -> None:
        """Take the patient or the contact, whichever kind that way asks for."""
        source, key = self.instance, self.cleaned_data.get("referrer")
        source.referrer_patient = source.referrer_contact = None
        if key is None:
            return
        if not way.referrer_type:
            self.add_error("referrer", f"must be empty: nobody refers by {way}")
            return
        records: Any = getattr(source.account, REFERRERS[way.referrer_type])
        found = records.filter(pk=key).first()
        if found is None or key == source.patient_id:
            self.add_error("referrer", "must be another" if found else "must exist")
        elif way.referrer_type == "Patient":
            source.referrer_patient = found
        else:
            source.referrer_contact = found
