"""A case in few words, as it is made on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import RecordForm
from casewell.cases.models import PatientCase
from casewell.contacts.models import Contact
from casewell.lib.fields import RecordSearch
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from casewell.audit.actors import Actor


class QuickCaseForm(RecordForm[PatientCase]):
    """A case as it is made inside the booking panel; all but the name is optional."""

    contact = forms.ModelChoiceField(
        Contact.objects.live().doctors(),
        label="Referrer",
        required=False,
        widget=RecordSearch("doctor-search"),
        error_messages={"invalid_choice": "Choose a doctor from the contacts."},
    )

    class Meta:
        model = PatientCase
        fields: ClassVar = [
            "name",
            "max_sessions",
            "issue_date",
            "expiry_date",
            "referral_type",
            "contact",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        issued, expires = cleaned.get("issue_date"), cleaned.get("expiry_date")
        if issued and expires and expires < issued:
            self.add_error("expiry_date", "The case would expire before it was issued.")
        return cleaned

    def save(self, *, by: Actor) -> PatientCase:  # type: ignore[override]
        if self.instance.contact_id or self.instance.referral_type:
            self.instance.referral = True
        case = super().save(by=by)
        rewrite_words(case)
        return case
