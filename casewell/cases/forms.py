"""What a client may set on a patient's case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django import forms

from casewell.audit.forms import GroupedForm
from casewell.cases.filling import ProgrammeChoices, dates_in, end_in_words, filled_by
from casewell.cases.models import PatientCase, Programme
from casewell.cases.models.fullness import told_if_filled_by
from casewell.cases.quick_form import QuickCaseForm
from casewell.cases.raising import LIMITED_BY, kind_of_limit, refuse_more
from casewell.contacts.models import Contact
from casewell.lib.fields import RecordSearch

if TYPE_CHECKING:
    from django.http import QueryDict

    from casewell.audit.actors import Actor


# What asks the page anew, while one types, until when a programme's clock runs.
ANCHORS = ("issue_date", "plan_date", "injury_date")
MOST_SESSIONS = 200


class PatientCaseForm(QuickCaseForm, GroupedForm[PatientCase]):
    """All that is kept of a case. A chosen programme fills it, and all of it can be overruled.

    Without `may_raise` a case that is there already may only get less room: fewer sessions, no
    “Warn” where it blocks, and nothing that counts left out.
    """

    groups: ClassVar = {
        "The case": ("name", "programme", "discipline", "condition"),
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
        "Sessions used elsewhere": (
            "sessions_elsewhere",
            "elsewhere_source",
            "elsewhere_checked_on",
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
    spans: ClassVar = {"name": 6, "condition": 6, "programme": 6, "contact": 8, "payer": 8}
    left_open: ClassVar = {"limit_action": "As the practice has it"}

    programme = forms.ChoiceField(
        required=False,
        help_text="Choosing one fills in its rules; change what differs for this case.",
    )
    limit_kind = forms.ChoiceField(
        label="Limit",
        choices=[("none", "No limit"), ("sessions", "Sessions"), ("amount", "Amount")],
        widget=forms.RadioSelect,
        required=False,
    )
    sessions_elsewhere = forms.IntegerField(
        label="Sessions used elsewhere",
        required=False,
        min_value=0,
        max_value=MOST_SESSIONS,
        help_text="With another provider, or before Casewell. They take room, and are shown apart.",
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
            "discipline",
            "condition",
            "max_sessions",
            "max_invoiceable_amount",
            "limit_action",
            "include_cancelled_attendees",
            "include_dna_attendees",
            "sessions_elsewhere",
            "elsewhere_source",
            "elsewhere_checked_on",
            "referral",
            "referral_type",
            "contact",
            "issue_date",
            "expiry_date",
            "referral_period",
            "referral_period_months",
            "plan_date",
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
            "discipline": "Such as physiotherapy; some rules go by it.",
            "limit_action": "Warn, and more can be booked; block, and nothing more.",
            "plan_date": "For a care plan: when it was made or last reviewed.",
        }
        widgets: ClassVar = {"notes": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, may_raise: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_raise = may_raise
        case = self.instance
        self.programmes = ProgrammeChoices(case.account, case.programme_id)
        self.fields["programme"].choices = self.programmes.as_choices()  # type: ignore[attr-defined]
        kind = kind_of_limit(case)
        self.initial.setdefault("limit_kind", kind)
        if kind == "both":  # which the API can set, and which is kept
            self.fields["limit_kind"].choices += [("both", "Sessions and an amount")]  # type: ignore[attr-defined]
        self.initial.setdefault("programme", str(case.programme_id or ""))
        if "programme" in self.data:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["programme"] = self.programmes.key_now(self.data["programme"])  # type: ignore[index]
        self._explain_expiry()

    def _explain_expiry(self) -> None:
        """Say at the expiry until when the case runs where nothing is typed there."""
        words = end_in_words(self._programme_now(), self._anchors())
        said = f"Empty: {words}." if words else "Empty: it does not expire."
        self.fields["expiry_date"].help_text = said

    def _programme_now(self) -> Programme | None:
        typed = self.data if self.is_bound else self.initial
        return self.programmes.get(str(typed.get("programme") or ""))

    def _anchors(self) -> dict[str, Any]:
        case = self.instance
        first = None if case._state.adding else type(case).objects.with_terms().get(pk=case.pk)
        typed = self.data if self.is_bound else self.initial
        return dates_in(typed) | {"first_session": first.first_visit_on if first else None}

    @classmethod
    def refilled(cls, typed: QueryDict, case: PatientCase, *, by_programme: bool) -> Self:
        """The form with what was typed, not judged yet, and the programme's rules over that."""
        fields = cls.base_fields
        initial: dict[str, Any] = {
            name: name in typed if isinstance(field, forms.BooleanField) else typed.get(name, "")
            for name, field in fields.items()
        }
        choices = ProgrammeChoices(case.account, case.programme_id)
        initial["programme"] = choices.key_now(initial["programme"])
        programme = choices.get(initial["programme"])
        if programme is not None and by_programme:
            initial |= filled_by(programme, initial["discipline"])
            if initial["name"] in ("", *choices.names):
                initial["name"] = str(programme)
            if programme.clock_anchor:
                initial["expiry_date"] = ""  # its clock says
        form = cls(instance=case, initial=initial)
        form.initial["seen"] = typed.get("seen", form.initial["seen"])
        return form

    def clean_sessions_elsewhere(self) -> int:
        return self.cleaned_data["sessions_elsewhere"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_limit(cleaned)
        if cleaned.get("referral_period") == PatientCase.ReferralPeriod.MONTHS and not cleaned.get(
            "referral_period_months"
        ):
            self.add_error("referral_period_months", "Say how many months.")
        if cleaned.get("sessions_elsewhere") and not cleaned.get("elsewhere_source"):
            self.add_error("elsewhere_source", "Say who said so.")
        if cleaned.get("sessions_elsewhere") and not cleaned.get("elsewhere_checked_on"):
            cleaned["elsewhere_checked_on"] = self.instance.account.today()
        return cleaned

    def _clean_limit(self, cleaned: dict[str, Any]) -> None:
        kind = cleaned.get("limit_kind") or ""
        for name in LIMITED_BY["both"] if kind else ():
            if name not in LIMITED_BY[kind]:
                cleaned[name] = None
                self.errors.pop(name, None)  # it is not asked for
            elif cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "Say how much the limit is, or choose “No limit”.")
        if not self.may_raise:
            refuse_more(self, cleaned)

    def save(self, *, by: Actor) -> PatientCase:  # type: ignore[override]
        key = self.cleaned_data["programme"]
        if "programme" in self.data:
            shipped = key in self.programmes.shipped
            self.instance.programme = (
                Programme.adopt(self.instance.account, key, by=by)
                if shipped
                else self.programmes.get(key)
            )
        with told_if_filled_by(self.instance, self.changed_data):
            return super().save(by=by)

    @property
    def warnings(self) -> list[str]:
        """What the change leaves behind, though it was kept."""
        usage = self.instance.usage
        if not usage.is_overused:
            return []
        return [f"This case now has {usage} sessions: more than its limit. Nothing was unlinked."]
