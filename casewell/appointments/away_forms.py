"""What a client says when a practitioner is off: who, when, and what to do with the visits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms

from casewell.accounts.models import Practitioner
from casewell.appointments.change_forms import LONGEST_NOTE
from casewell.appointments.models import Absence, CancellationReason
from casewell.lib.fields import NOTHING_CHOSEN, ChoiceOfFew, DayField
from casewell.lib.placeholders import unknown_fields

if TYPE_CHECKING:
    from casewell.accounts.models import Account

LONGEST = timedelta(days=62)
MESSAGE_FIELDS = ("first name", "practice", "practitioner", "date", "time", "what happens")
SUBJECT = "Your appointment on {date}"
BODY = """Dear {first name},

{practitioner} is away. Your appointment on {date} at {time} {what happens}.

Please call us if you have a question.

{practice}
"""


def _staff() -> Any:
    return Practitioner.objects.active().order_by("last_name", "first_name")


class AwayForm(forms.Form):
    """Whose days they are, from a date to a date, both included. The fields are `from`, `until`."""

    practitioner = ChoiceOfFew(_staff(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(label_suffix="", auto_id="away-%s")
        super().__init__(*args, **kwargs)
        # `from` is a word of the language, so no name of a class's field.
        self.fields["from"] = DayField(label="Off from")
        self.fields["until"] = DayField(label="Until and including")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("until")
        if first and last and last < first:
            self.add_error("until", "The last day is before the first.")
        elif first and last and last - first > LONGEST:
            self.add_error("until", f"At most {LONGEST.days} days at once.")
        return cleaned


class CallForm(forms.Form):
    """What came of a call."""

    outcome = forms.CharField(required=False, max_length=500)


class SettleForm(forms.Form):
    """What is done with the visits of those days."""

    action = forms.ChoiceField(
        label="What happens to them",
        choices=Absence.Action.choices,
        widget=forms.RadioSelect,
        initial=Absence.Action.CANCEL,
    )
    other_practitioner = ChoiceOfFew(
        _staff(), label="To whom", required=False, empty_label=NOTHING_CHOSEN
    )
    other_date = DayField(label="To which day", required=False)
    reason = forms.TypedChoiceField(
        choices=CancellationReason.choices, coerce=int, initial=CancellationReason.OTHER
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)
    block = forms.BooleanField(label="Block these days as unavailable", required=False)
    send = forms.BooleanField(label="Write an email to those who have an address", required=False)
    subject = forms.CharField(required=False, max_length=200, initial=SUBJECT)
    body = forms.CharField(
        label="Text",
        required=False,
        max_length=5000,
        initial=BODY,
        widget=forms.Textarea({"rows": 8}),
        help_text=", ".join(f"{{{name}}}" for name in MESSAGE_FIELDS),
    )

    def __init__(self, *args: Any, off: AwayForm, **kwargs: Any) -> None:
        self.off = off
        kwargs.update(label_suffix="")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        action = cleaned.get("action")
        if action == Absence.Action.HAND_OVER:
            self._refuse_the_absent(cleaned.get("other_practitioner"))
        if action == Absence.Action.POSTPONE and "other_date" not in self.errors:
            self._refuse_the_same_day(cleaned.get("other_date"))
        if cleaned.get("send"):
            self._check_message(cleaned)
        return cleaned

    def _refuse_the_absent(self, other: Practitioner | None) -> None:
        if other is None:
            self.add_error("other_practitioner", "Choose who takes them.")
        elif other == self.off.cleaned_data["practitioner"]:
            self.add_error("other_practitioner", "This is who is off. Choose somebody else.")

    def _refuse_the_same_day(self, day: Any) -> None:
        if day is None:
            self.add_error("other_date", "Choose the day.")
        elif day == self.off.cleaned_data["from"]:
            self.add_error("other_date", "They are on that day now. Choose another.")

    def _check_message(self, cleaned: dict[str, Any]) -> None:
        for name in ("subject", "body"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, "Write something, or send no email.")
            for field in unknown_fields(cleaned.get(name) or "", MESSAGE_FIELDS):
                self.add_error(name, f"“{{{field}}}” is not one of the fields.")

    def absence(self, account: Account) -> Absence:
        """The absence of a valid form, not stored yet."""
        cleaned, off = self.cleaned_data, self.off.cleaned_data
        action = cleaned["action"]
        return Absence(
            account=account,
            practitioner=off["practitioner"],
            from_date=off["from"],
            until_date=off["until"],
            action=action,
            other_practitioner=cleaned["other_practitioner"]
            if action == Absence.Action.HAND_OVER
            else None,
            other_date=cleaned["other_date"] if action == Absence.Action.POSTPONE else None,
            reason=cleaned["reason"] if action == Absence.Action.CANCEL else None,
            note=cleaned["note"],
        )
