"""What an administrator decides about reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.appointments.models import AppointmentType
from casewell.audit.forms import GroupedForm
from casewell.audit.models import record_change
from casewell.lib.fields import ChoicesOfFew
from casewell.reminders.fields import unknown_fields
from casewell.reminders.models import ReminderTerms

if TYPE_CHECKING:
    from casewell.audit.actors import Actor

CLOCK = forms.TimeInput({"type": "time"}, format="%H:%M")


class ReminderTermsForm(GroupedForm[ReminderTerms]):
    """On or off, when, of which visits, in which words.

    What is no field is no error: it stays as typed, and `unknown` tells the author.
    """

    groups: ClassVar = {
        "By what way": ("by_email", "by_text"),
        "When": ("first_hours", "second_hours", "quiet_from", "quiet_until"),
        "Of which visits": ("types",),
        "What they say": ("subject", "email_text", "text_message", "last_visit_text"),
    }
    spans: ClassVar = {
        **dict.fromkeys(("by_email", "by_text"), 6),
        **dict.fromkeys(("first_hours", "second_hours", "quiet_from", "quiet_until"), 3),
        **dict.fromkeys(("types", "subject", "email_text", "text_message", "last_visit_text"), 12),
    }
    types = ChoicesOfFew(
        AppointmentType.objects.live().in_order(), required=False, label="Appointment types"
    )

    class Meta:
        model = ReminderTerms
        fields: ClassVar = [
            "by_email",
            "by_text",
            "first_hours",
            "second_hours",
            "quiet_from",
            "quiet_until",
            "subject",
            "email_text",
            "text_message",
            "last_visit_text",
        ]
        labels: ClassVar = {"by_email": "By e-mail", "by_text": "By text message"}
        help_texts: ClassVar = {
            "second_hours": "Empty: once is enough.",
            "quiet_from": "On the practice’s clocks.",
            "email_text": "A line whose fields are all empty is left out. "
            "A link to have no more reminders is added where there is none.",
            "text_message": "Long ones are sent, and charged, as several.",
            "last_visit_text": "On the last visit of a case; on others the field is empty.",
        }
        widgets: ClassVar = {
            "quiet_from": CLOCK,
            "quiet_until": CLOCK,
            "email_text": forms.Textarea({"rows": 14, "dir": "auto"}),
            "text_message": forms.Textarea({"rows": 3, "dir": "auto"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["types"]
        self._left_out = set(
            self.instance.account.unreminded_types.values_list("appointment_type_id", flat=True)
        )
        self._offered = {kind.pk for kind in choices.queryset}
        self.initial["types"] = sorted(self._offered - self._left_out)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, second = cleaned.get("first_hours"), cleaned.get("second_hours")
        if first and second and second >= first:
            self.add_error("second_hours", "The second reminder comes nearer to the visit.")
        return cleaned

    def save(self, *, by: Actor) -> ReminderTerms:  # type: ignore[override]
        terms = super().save(by=by)
        wanted = {kind.pk for kind in self.cleaned_data["types"]}
        left_out = (self._left_out - self._offered) | (self._offered - wanted)
        rows = terms.account.unreminded_types
        rows.filter(appointment_type__in=self._left_out - left_out).delete()
        for key in sorted(left_out - self._left_out):
            rows.create(account=terms.account, appointment_type_id=key)
        if left_out != self._left_out:
            told = {"left out": [sorted(self._left_out), sorted(left_out)]}
            record_change(terms, "edited", told, by=by)
        return terms

    @property
    def unknown(self) -> list[str]:
        """What stands in braces in the texts as they are now, and is no field."""
        names = ("subject", "email_text", "text_message")
        return unknown_fields(*(str(self[name].value() or "") for name in names))

    def sketch(self) -> ReminderTerms:
        """The terms as they are typed now, to be looked at and not stored."""
        typed = {name: str(self[name].value() or "") for name in self.groups["What they say"]}
        return ReminderTerms(account=self.instance.account, **typed)
