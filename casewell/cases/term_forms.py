"""What is added to a case in time: an approval, a higher limit, a duty that was done."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.audit.forms import RecordForm
from casewell.cases.models import Approval, DutyDone
from casewell.lib.fields import DayField

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

MOST_SESSIONS = 200


class ApprovalForm(RecordForm[Approval]):
    """A portion that a funder granted, perhaps less than was asked for."""

    class Meta:
        model = Approval
        fields: ClassVar = [
            "number",
            "approved_on",
            "asked_sessions",
            "sessions",
            "amount",
            "until",
            "reason",
        ]
        labels: ClassVar = {"asked_sessions": "Sessions asked for", "until": "Valid until"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(n) for n in ("sessions", "amount", "until")):
            self.add_error("sessions", "Say what was granted: sessions, an amount, or a date.")
        given, until = cleaned.get("approved_on"), cleaned.get("until")
        if given and until and until < given:
            self.add_error("until", "It would end before it was granted.")
        amount = cleaned.get("amount")
        if amount is not None and amount <= 0:
            self.add_error("amount", "An amount is more than nothing.")
        return cleaned

    def save(self, *, by: Actor) -> Approval:  # type: ignore[override]
        terms = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return Approval.grant(self.instance.case, by=by, **terms)


class RaiseForm(forms.Form):
    """More sessions for a case, with a reason."""

    to = forms.IntegerField(label="Sessions from now on", min_value=1, max_value=MOST_SESSIONS)
    reason = forms.CharField(label="Why", max_length=255)


class RaiseAmountForm(forms.Form):
    """More that may be invoiced in a case, with a reason."""

    to = forms.DecimalField(
        label="Amount from now on", min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    reason = forms.CharField(label="Why", max_length=255)


class DutyDoneForm(forms.Form):
    """When a duty was done, and by what."""

    done_on = DayField(label="Done on")
    means = forms.ChoiceField(label="By", choices=DutyDone.Means)
    note = forms.CharField(label="Note", max_length=255, required=False)
