"""What a client may set of an entry of the waiting list, and say when it is removed or given."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import TextChoices
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.practice import WEEKDAYS
from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.appointments.setting_up import LinkingForm
from casewell.lib.fields import ChoiceOfFew, ChoicesOfFew, RecordSearch, TimeInput
from casewell.lib.formats import formats
from casewell.patients.models import Patient
from casewell.waiting.models import RemovalReason, WaitingEntry

LONGEST_NOTE = 1000


class VisitChoice(ChoiceOfFew):
    """A coming visit, by when and with whom."""

    def label_from_instance(self, visit: Attendee) -> str:
        start, words = visit.booking.local_start, formats()
        when = f"{words.weekday(start)}, {words.clock(start)}"
        return f"{when} with {visit.booking.practitioner}"


class WaitingForm(LinkingForm):
    """Whom it is for is settled before: the cases and visits to choose from are that patient's."""

    groups: ClassVar = {
        "What for": ("appointment_type", "attendee", "case", "urgency", "note"),
        "When the patient can come": (
            *("weekdays", "from_time", "until_time", "from_date", "until_date"),
        ),
        "With whom and where": ("practitioners", "businesses"),
    }
    spans: ClassVar = {"note": 12, "weekdays": 12, "from_time": 6, "until_time": 6}
    links: ClassVar = {
        "practitioners": ("practitioner_links", "practitioner"),
        "businesses": ("business_links", "business"),
    }
    left_open: ClassVar = {"case": "No case"}
    appointment_type = ChoiceOfFew(
        AppointmentType.objects.live().in_order(), label="Type", empty_label=None
    )
    attendee = VisitChoice(
        Attendee.objects.none(),
        label="In the place of",
        required=False,
        empty_label="Nothing: a visit is booked anew",
        help_text="The visit that is brought forward.",
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="Days",
        required=False,
        coerce=int,
        choices=[(number, name.capitalize()) for number, name in enumerate(WEEKDAYS)],
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: any day.",
    )
    practitioners = ChoicesOfFew(
        Practitioner.objects.active().order_by("last_name", "first_name"),
        required=False,
        help_text="None ticked: anybody who offers the type.",
    )
    businesses = ChoicesOfFew(
        Business.objects.live().order_by("id"), required=False, help_text="None ticked: any."
    )

    class Meta:
        model = WaitingEntry
        fields: ClassVar = [
            *("appointment_type", "attendee", "case", "urgency", "note"),
            *("weekdays", "from_time", "until_time", "from_date", "until_date"),
        ]
        labels: ClassVar = {
            "from_time": "Not before",
            "until_time": "Over by",
            "from_date": "From the day",
            "until_date": "Until the day",
        }
        widgets: ClassVar = {"from_time": TimeInput, "until_time": TimeInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry = self.instance
        fields: Any = self.fields
        fields["attendee"].queryset = _visits_to_come(entry)
        fields["case"].queryset = entry.patient.cases.unclosed().order_by("-id")

    def _kept(self, rows: str, chosen: str) -> list[int]:
        """Entries of `with_wishes()` know it."""
        known: list[int] | None = getattr(self.instance, f"{chosen}_ids", None)
        return super()._kept(rows, chosen) if known is None else known

    def _at_first(self, name: str) -> list[int]:
        """A new entry wants whom and where the visit is that it would bring forward."""
        visit = self.instance.attendee
        if visit is None:
            return []
        booking = visit.booking
        return [booking.practitioner_id if name == "practitioners" else booking.business_id]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from_time"), cleaned.get("until_time")
        if first and last and last <= first:
            self.add_error("until_time", "This is before the time from which they can come.")
        first, last = cleaned.get("from_date"), cleaned.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", "The last day is before the first.")
        self._refuse_what_waits_already(cleaned.get("attendee"))
        return cleaned

    def _refuse_what_waits_already(self, visit: Attendee | None) -> None:
        others = WaitingEntry.objects.filter(ended_at=None).exclude(pk=self.instance.pk)
        if visit and others.filter(attendee=visit).exists():
            self.add_error("attendee", "The patient waits to bring this visit forward already.")


def _visits_to_come(entry: WaitingEntry) -> Any:
    """Individual ones: a class is not moved for one of those in it."""
    visits = entry.patient.attendees.live().to_come().told().in_order()
    return visits.filter(
        booking__kind=Booking.Kind.INDIVIDUAL,
        booking__cancelled_at=None,
        booking__archived_at=None,
    )


def entry_like(visit: Attendee) -> WaitingEntry:
    """An entry, not stored yet, of somebody who wants that visit earlier."""
    return WaitingEntry(
        account_id=visit.account_id,
        patient=visit.patient,
        attendee=visit,
        appointment_type=visit.booking.appointment_type,
        case=visit.case,
        from_date=timezone.localdate(timezone=visit.booking.business.zone),
    )


class WhoForm(forms.Form):
    """Who is to wait."""

    patient = forms.ModelChoiceField(
        Patient.objects.live(),
        widget=RecordSearch("patient-search"),
        error_messages={"invalid_choice": "Choose a patient from the list."},
    )


class RemovalForm(forms.Form):
    """Why somebody is taken off the list."""

    reason = forms.ChoiceField(choices=RemovalReason.choices)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(auto_id="removal-%s", label_suffix="")
        super().__init__(*args, **kwargs)


class PlaceForm(forms.Form):
    """Where the calendar is free: whose time, and from when, as a moment with its offset."""

    practitioner = ChoiceOfFew(Practitioner.objects.active())
    business = ChoiceOfFew(Business.objects.live().order_by("id"))
    starts_at = forms.DateTimeField()


class Listed(TextChoices):
    """Which part of the list is shown."""

    WAITING = "waiting", "Waiting"
    GIVEN = "given", "Got a time"
    REMOVED = "removed", "Taken off"


class FilterForm(forms.Form):
    """Which entries are listed."""

    state = forms.ChoiceField(
        required=False,
        choices=Listed.choices,
        widget=forms.Select({"aria-label": "Which entries"}),
    )
    practitioner = ChoiceOfFew(
        Practitioner.objects.active().order_by("last_name", "first_name"),
        required=False,
        empty_label="Any practitioner",
        widget=forms.Select({"aria-label": "Practitioner"}),
    )
    type = ChoiceOfFew(
        AppointmentType.objects.live().in_order(),
        required=False,
        empty_label="Any type",
        widget=forms.Select({"aria-label": "Type"}),
    )
