"""What a client may set on a booking: when, where, with whom, for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms

from casewell.accounts.models import Account, Business, Practitioner
from casewell.appointments.clock_times import DoubledTime, choices_of, moment_of
from casewell.appointments.models import AppointmentType, Booking, UnavailableBlockType
from casewell.lib.errors import RuleViolation
from casewell.lib.fields import ChoiceOfFew, DayField, RecordSearch, TimeInput
from casewell.patients.models import Patient

LONGEST = 24 * 60


class TimeForm(forms.Form):
    """A span of a practitioner's time at a business, given in that business's local time."""

    business = ChoiceOfFew(Business.objects.live().order_by("id"), empty_label=None)
    practitioner = ChoiceOfFew(
        Practitioner.objects.active().order_by("last_name", "first_name"), empty_label=None
    )
    date = DayField()
    time = forms.TimeField(widget=TimeInput, label="Start")
    minutes = forms.IntegerField(
        label="Length (minutes)",
        min_value=1,
        max_value=LONGEST,
        widget=forms.NumberInput({"step": 5}),
        required=False,
    )
    # Asked for only where clocks show the time twice.
    fold = forms.CharField(
        label="Which of the two",
        help_text="Clocks are put back that night and show this time twice.",
        required=False,
        max_length=1,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.draw_fold()

    def draw_fold(self) -> None:
        """Ask which of two times is meant, where an unbound form begins with such a time."""
        self._ask_which(*(self._chosen(name) for name in ("date", "time", "business")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, clock, business = (cleaned.get(n) for n in ("date", "time", "business"))
        if day is None or clock is None or business is None:
            return cleaned
        self._ask_which(day, clock, business)
        minutes = cleaned.get("minutes") or self.usual_minutes(cleaned)
        try:
            local = datetime.combine(day, clock)
            start = moment_of(local, business.zone, cleaned.get("fold", ""))
        except DoubledTime as doubled:
            self.add_error("fold", str(doubled))
        except RuleViolation as refusal:
            self.add_error("time", str(refusal))
        else:
            if minutes:
                cleaned |= {"starts_at": start, "ends_at": start + timedelta(minutes=minutes)}
        return cleaned

    def _chosen(self, name: str) -> Any:
        """What an unbound form begins with, as a valid form would have it; else None."""
        try:
            return self.fields[name].clean(self.get_initial_for_field(self.fields[name], name))
        except forms.ValidationError:
            return None

    def _ask_which(self, day: Any, clock: Any, business: Any) -> None:
        if day is None or clock is None or business is None:
            return
        choices = choices_of(datetime.combine(day, clock), business.zone)
        if choices:
            self.fields["fold"].widget = forms.RadioSelect(choices=choices)

    @property
    def asks_which(self) -> bool:
        """Whether clocks show the time twice, so that the form asks which is meant."""
        return not self.fields["fold"].widget.is_hidden

    def usual_minutes(self, cleaned: dict[str, Any]) -> int:
        """The length where none is given; 0 leaves that an error."""
        if "minutes" not in self.errors:
            self.add_error("minutes", "Say how long it takes.")
        return 0

    def span(self) -> dict[str, Any]:
        """The booking's own values, from a valid form."""
        names = ("business", "practitioner", "starts_at", "ends_at")
        return {name: self.cleaned_data[name] for name in names}


class BookingForm(TimeForm):
    """An individual appointment. Its case is chosen beside it, for it depends on the patient."""

    patient = forms.ModelChoiceField(
        Patient.objects.live(),
        required=False,
        widget=RecordSearch("patient-search"),
        error_messages={"invalid_choice": "Choose a patient from the list."},
    )
    appointment_type = ChoiceOfFew(
        AppointmentType.objects.live().in_order(), label="Type", empty_label=None
    )
    notes = forms.CharField(
        label="Note",
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 2}),
    )

    field_order = ("patient", "appointment_type", "date", "time", "fold", "minutes")

    def usual_minutes(self, cleaned: dict[str, Any]) -> int:
        kind = cleaned.get("appointment_type")
        return kind.duration_in_minutes if kind and "minutes" not in self.errors else 0

    def booking(self, account: Account) -> Booking:
        """The appointment of a valid form, not stored yet; of a type for several, a class."""
        kind, notes = self.cleaned_data["appointment_type"], self.cleaned_data["notes"]
        one = Booking(account=account, appointment_type=kind, notes=notes, **self.span())
        if kind.max_attendees > 1:
            one.kind, one.max_attendees = Booking.Kind.GROUP, kind.max_attendees
        return one


class BlockForm(TimeForm):
    """Time that is not for patients."""

    unavailable_block_type = ChoiceOfFew(
        UnavailableBlockType.objects.filter(archived_at=None).order_by("name"),
        label="Reason",
        required=False,
        empty_label="No reason",
    )
    notes = forms.CharField(label="Note", required=False, max_length=10_000)

    def usual_minutes(self, cleaned: dict[str, Any]) -> int:
        reason = cleaned.get("unavailable_block_type")
        if reason and "minutes" not in self.errors:
            return int(reason.duration_in_minutes)
        return super().usual_minutes(cleaned)

    def booking(self, account: Account) -> Booking:
        """The block of a valid form, not stored yet."""
        kind, notes = (self.cleaned_data[n] for n in ("unavailable_block_type", "notes"))
        return Booking(
            account=account,
            kind=Booking.Kind.BLOCK,
            unavailable_block_type=kind,
            notes=notes,
            **self.span(),
        )
