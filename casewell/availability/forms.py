"""What a client may set of a practitioner's hours: a week at a business, and days that differ."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from casewell.accounts.hours import HoursField
from casewell.accounts.models import Business, Practitioner
from casewell.audit.forms import RecordForm
from casewell.availability.models import MOST, AvailabilityBlock, DayOff
from casewell.availability.repeating import edge
from casewell.availability.weeks import refuse_elsewhere
from casewell.lib.errors import RuleViolation
from casewell.lib.fields import ChoiceOfFew, DayField, TimeInput

if TYPE_CHECKING:
    from datetime import date as Day  # noqa: N812 - a field is named date

    from casewell.accounts.practice import OpeningHours
    from casewell.audit.actors import Actor

FARTHEST = timedelta(days=3 * 366)
MOST_DAYS = timedelta(days=31)  # of extra hours at once; what comes again repeats
REPEATS = [("Daily", "By days"), ("Weekly", "By weeks"), ("Monthly", "By months")]


class WeekForm(forms.Form):
    """The hours of one week, which hold in every week."""

    hours = HoursField(required=False, label="Each week")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def week(self) -> OpeningHours:
        """The hours of a valid form; a day left out is one on which they are not there."""
        hours: OpeningHours = self.cleaned_data["hours"]
        return hours


class BlockForm(RecordForm[AvailabilityBlock]):
    """Extra hours as the API has them: from one moment to another."""

    business = forms.ModelChoiceField(Business.objects.live())
    practitioner = forms.ModelChoiceField(Practitioner.objects.active())

    class Meta:
        model = AvailabilityBlock
        fields: ClassVar = [
            "business",
            "practitioner",
            "starts_at",
            "ends_at",
            "repeat_type",
            "repeating_interval",
            "number_of_repeats",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and not start < end <= start + timedelta(days=1):
            self.add_error("ends_at", "must be after the start, within a day")
        who, where = cleaned.get("practitioner"), cleaned.get("business")
        if who and where:
            try:
                refuse_elsewhere(who, where)
            except RuleViolation as refusal:
                self.add_error("practitioner", str(refusal))
        return cleaned

    def save(self, *, by: Actor) -> AvailabilityBlock:  # type: ignore[override]
        self.instance.add(by=by)
        return self.instance


class ExceptionForm(forms.Form):
    """A day, or some, that differ from the week's hours."""

    OFF, MORE, OTHER = "off", "more", "other"
    KINDS: ClassVar = [
        (OFF, "Not there"),
        (MORE, "Extra hours"),
        (OTHER, "Other hours than usual"),
    ]

    kind = forms.ChoiceField(choices=KINDS, initial=OFF, label="What differs")
    business = ChoiceOfFew(
        Business.objects.none(), required=False, label="Where", empty_label="Everywhere"
    )
    date = DayField(label="On")
    until = DayField(required=False, label="Until", help_text="The last day, if there are several.")
    starts = forms.TimeField(required=False, widget=TimeInput, label="Hours from")
    ends = forms.TimeField(required=False, widget=TimeInput, label="Hours to")
    repeat_type = forms.ChoiceField(
        required=False,
        label="Repeats",
        choices=[("", "Does not repeat"), *REPEATS],
    )
    repeating_interval = forms.IntegerField(
        required=False, min_value=1, max_value=MOST, label="Every", initial=1
    )
    number_of_repeats = forms.IntegerField(
        required=False, min_value=1, max_value=MOST, label="How often again"
    )
    reason = forms.CharField(required=False, max_length=255, label="Reason")

    def __init__(self, *args: Any, practitioner: Practitioner, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.practitioner = practitioner
        where: Any = self.fields["business"]
        where.queryset = (
            Business.objects.live().filter(places__practitioner=practitioner).order_by("id")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, first, until = (cleaned.get(name) for name in ("kind", "date", "until"))
        if first and until and not first <= until <= first + FARTHEST:
            self.add_error("until", "The last day is on or after the first.")
        if kind in (self.MORE, self.OTHER):
            self._need_hours(cleaned)
        if kind == self.OTHER and until and until != first:
            self.add_error("until", "Other hours are of one day. Add each day by itself.")
        if kind == self.MORE and first and until and until > first + MOST_DAYS:
            self.add_error("until", "At most a month at once: let them repeat instead.")
        return cleaned

    def _need_hours(self, cleaned: dict[str, Any]) -> None:
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if not cleaned.get("business") and "business" not in self.errors:
            self.add_error("business", "Say at which business.")
        for name in ("starts", "ends"):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, "Give both times.")
        if starts and ends and ends <= starts and ends != datetime.min.time():
            self.add_error("ends", "The hours end after they begin.")
        if cleaned.get("repeat_type") and not cleaned.get("number_of_repeats"):
            self.add_error("number_of_repeats", "Say how often again.")

    def save(self, *, by: Actor) -> None:
        """Store what a valid form says."""
        if self.cleaned_data["kind"] in (self.OFF, self.OTHER):
            self._day_off().add(by=by)
        if self.cleaned_data["kind"] in (self.MORE, self.OTHER):
            for block in self._extra():
                block.add(by=by)

    def _day_off(self) -> DayOff:
        said = self.cleaned_data
        return DayOff(
            account_id=self.practitioner.account_id,
            practitioner=self.practitioner,
            business=said["business"],
            first_date=said["date"],
            last_date=said["until"] or said["date"],
            reason=said["reason"],
        )

    def _extra(self) -> list[AvailabilityBlock]:
        """The hours of each of the days; those that repeat begin on the first."""
        said = self.cleaned_data
        last = said["until"] or said["date"]
        if said["repeat_type"]:
            last = said["date"]
        days = (last - said["date"]).days + 1
        return [self._block(said["date"] + timedelta(days=n)) for n in range(days)]

    def _block(self, day: Day) -> AvailabilityBlock:
        said, zone = self.cleaned_data, self.cleaned_data["business"].zone
        ends = f"{said['ends']:%H:%M}"
        repeats = bool(said["repeat_type"]) and said["kind"] == self.MORE
        return AvailabilityBlock(
            account_id=self.practitioner.account_id,
            practitioner=self.practitioner,
            business=said["business"],
            starts_at=edge(day, f"{said['starts']:%H:%M}", zone),
            ends_at=edge(day, "24:00" if ends == "00:00" else ends, zone, last=True),
            repeat_type=said["repeat_type"] if repeats else "",
            repeating_interval=(said["repeating_interval"] or 1) if repeats else 1,
            number_of_repeats=said["number_of_repeats"] if repeats else 0,
        )
