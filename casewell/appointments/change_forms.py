"""What a client may change of an appointment that is there: type, note, whether it is on."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from casewell.appointments.forms import LONGEST
from casewell.appointments.models import AppointmentType, Booking, CancellationReason
from casewell.audit.forms import RecordForm
from casewell.lib.fields import ChoiceOfFew

LONGEST_NOTE = 10_000


class TypeForm(forms.Form):
    """Another type, with that type's own length unless one is given."""

    appointment_type = ChoiceOfFew(
        AppointmentType.objects.live().in_order(), label="Type", empty_label=None
    )
    minutes = forms.IntegerField(
        label="Length (minutes)",
        min_value=1,
        max_value=LONGEST,
        required=False,
        widget=forms.NumberInput({"step": 5}),
        help_text="Empty: the type’s own length.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(auto_id="type-%s", label_suffix="")
        super().__init__(*args, **kwargs)


class CancelForm(forms.Form):
    """Why an appointment is cancelled."""

    reason = forms.TypedChoiceField(
        choices=CancellationReason.choices,
        coerce=int,
        error_messages={"required": "Choose why it is cancelled."},
    )
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(auto_id="cancel-%s", label_suffix="")
        super().__init__(*args, **kwargs)


class NoteForm(RecordForm[Booking]):
    """What to know about an appointment, never over somebody else's newer note."""

    class Meta:
        model = Booking
        fields: ClassVar = ["notes"]
        widgets: ClassVar = {"notes": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "note-%s"
        super().__init__(*args, **kwargs)
        self.fields["notes"].label = "Note"
