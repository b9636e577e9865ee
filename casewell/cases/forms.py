"""What a client may set on a patient's case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import GroupedForm, RecordForm
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


class PatientCaseForm(QuickCaseForm, GroupedForm[PatientCase]):
    """All that is kept of a case."""

    groups: ClassVar = {
        "The case": ("name", "condition"),
        "Limit and dates": (
            "limit_kind",
            "max_sessions",
            "max_invoiceable_amount",
            "limit_action",
            "include_cancelled_attendees",
            "include_dna_attendees",
            "issue_date",
            "expiry_date",
        ),
        "Referral": (
            "referral",
            "contact",
            "referral_type",
            "referral_period",
            "referral_period_months",
            "plan_date",
        ),
        "Who pays": ("payer", "claim_number", "case_manager", "employer", "injury_date"),
        "Notes": ("notes",),
    }
    spans: ClassVar = {"name": 6, "condition": 6, "contact": 8, "payer": 8}
    left_open: ClassVar = {"limit_action": "As the practice has it"}

    limit_kind = forms.ChoiceField(
        label="Limit",
        choices=[("none", "No limit"), ("sessions", "Sessions"), ("amount", "Amount")],
        widget=forms.RadioSelect,
        required=False,
    )
    payer = forms.ModelChoiceField(
        Contact.objects.live(),
        required=False,
        widget=RecordSearch("contact-search"),
        label="Payer (invoice to)",
    )

    class Meta:
        model = PatientCase
        fields: ClassVar = [
            "name",
            "max_sessions",
            "max_invoiceable_amount",
            "limit_action",
            "include_cancelled_attendees",
            "include_dna_attendees",
            "issue_date",
            "expiry_date",
            "referral",
            "referral_type",
            "contact",
            "referral_period",
            "referral_period_months",
            "plan_date",
            "condition",
            "payer",
            "claim_number",
            "injury_date",
            "employer",
            "case_manager",
            "notes",
        ]
        labels: ClassVar = {
            "max_sessions": "How many sessions",
            "max_invoiceable_amount": "How much in all",
            "referral_period_months": "Months",
        }
        help_texts: ClassVar = {
            "name": "By this it is found and chosen: “Left knee”, “Care plan 2026”.",
            "limit_action": "Warn, and more can be booked; block, and nothing more.",
            "expiry_date": "Nothing is lost then; the case is marked as expired.",
            "plan_date": "For a care plan: when it was made or last reviewed.",
        }
        widgets: ClassVar = {"notes": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.instance
        kind = "amount" if case.max_invoiceable_amount else "none"
        self.initial.setdefault("limit_kind", "sessions" if case.max_sessions else kind)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("limit_kind")
        wanted = {"sessions": "max_sessions", "amount": "max_invoiceable_amount"}
        if kind:
            for word, name in wanted.items():
                if word != kind:
                    cleaned[name] = None
                elif cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, "Say how much the limit is, or choose “No limit”.")
        if cleaned.get("referral_period") == PatientCase.ReferralPeriod.MONTHS and not cleaned.get(
            "referral_period_months"
        ):
            self.add_error("referral_period_months", "Say how many months.")
        return cleaned

    @property
    def warnings(self) -> list[str]:
        """What the change leaves behind, though it was kept."""
        usage = self.instance.usage
        if not usage.is_overused:
            return []
        return [f"This case now has {usage} sessions: more than its limit. Nothing was unlinked."]
