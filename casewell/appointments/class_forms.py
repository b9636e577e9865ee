"""What a client may set on a class: its type, time and places, and who joins which of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.appointments.forms import TimeForm
from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.appointments.models.places import MOST_PLACES
from casewell.audit.forms import RecordForm
from casewell.lib.fields import ChoiceOfFew, RecordSearch
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from casewell.accounts.models import Account

FEWEST = 2
USUAL = 8


def places_field(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label="Places", min_value=FEWEST, max_value=MOST_PLACES, widget=forms.NumberInput, **options
    )


class ClassForm(TimeForm):
    """A class, in which nobody needs to be yet."""

    appointment_type = ChoiceOfFew(
        AppointmentType.objects.live().order_by("-max_attendees", "name", "id"),
        label="Type",
        empty_label=None,
    )
    places = places_field(required=False, help_text="Empty: as many as its type has.")
    notes = forms.CharField(
        label="Note", required=False, max_length=10_000, widget=forms.Textarea({"rows": 2})
    )

    field_order = ("appointment_type", "date", "time", "fold", "minutes", "places")

    def usual_minutes(self, cleaned: dict[str, Any]) -> int:
        kind = cleaned.get("appointment_type")
        return kind.duration_in_minutes if kind and "minutes" not in self.errors else 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("appointment_type")
        if kind and "places" not in self.errors and not cleaned.get("places"):
            cleaned["places"] = kind.max_attendees
            if kind.max_attendees < FEWEST:
                self.add_error("places", "This type is for one patient: say how many places.")
        return cleaned

    def booking(self, account: Account) -> Booking:
        """The class of a valid form, not stored yet."""
        values = self.cleaned_data
        return Booking(
            account=account,
            kind=Booking.Kind.GROUP,
            appointment_type=values["appointment_type"],
            max_attendees=values["places"],
            notes=values["notes"],
            **self.span(),
        )


class PlacesForm(forms.Form):
    """Another number of places."""

    places = places_field(error_messages={"required": "Say how many places it has."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(auto_id="places-%s", label_suffix="")
        super().__init__(*args, **kwargs)


class JoinForm(forms.Form):
    """Who joins, and what becomes of them where a class is full."""

    patient = forms.ModelChoiceField(
        Patient.objects.live(),
        required=False,
        widget=RecordSearch("patient-search"),
        error_messages={"invalid_choice": "Choose a patient from the list."},
    )
    wait = forms.BooleanField(
        required=False, label="Where a class is full, put them on its waiting list"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class VisitNoteForm(RecordForm[Attendee]):
    """What to know about one patient in a class."""

    class Meta:
        model = Attendee
        fields: ClassVar = ["notes"]
        widgets: ClassVar = {"notes": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "note-%s"
        super().__init__(*args, **kwargs)
        self.fields["notes"].label = "Note"
