"""A patient's appointments beside one case: which are asked for, and what ticking them would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from casewell.accounts.models import Practitioner
from casewell.appointments.models import AppointmentType
from casewell.cases.look_ahead import blocks, in_short, look_ahead
from casewell.cases.models import shares_cap
from casewell.cases.terms import local_date
from casewell.invoices.visits import invoiced_for, usual_amount_of
from casewell.lib.days import validate_day
from casewell.lib.fields import ChoiceOfFew, DateInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.cases.models import PatientCase

TELLS_WHETHER_IT_COUNTS = ("account", "case", "archived_at", "cancelled_at", "did_not_arrive")
PATHS = {"practitioner": "booking__practitioner", "type": "booking__appointment_type"}


class VisitFilter(forms.Form):
    """Which of the patient's appointments; all of them, however old, where nothing is said."""

    q = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search", "placeholder": "Words: note, type, case …"}),
        label="Words",
    )
    practitioner = ChoiceOfFew(
        Practitioner.objects.order_by("last_name", "first_name", "id"),
        required=False,
        empty_label="Every practitioner",
    )
    type = ChoiceOfFew(
        AppointmentType.objects.order_by("name", "id"), required=False, empty_label="Every type"
    )
    start = forms.DateField(
        required=False, label="From", widget=DateInput, validators=[validate_day]
    )
    until = forms.DateField(
        required=False, label="Until", widget=DateInput, validators=[validate_day]
    )
    uncased = forms.BooleanField(required=False, label="Without a case only")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            one.widget.attrs |= {"aria-label": one.label or name.capitalize()}

    def visits(self, case: PatientCase) -> AttendeeQuerySet:
        """Those that are asked for, latest first; none where the filter is not valid."""
        found = case.account.attendees.filter(patient=case.patient_id, archived_at=None)
        found = found.filter(booking__archived_at=None)
        if not self.is_valid():
            return found.none()
        asked = self.cleaned_data
        wanted = Q(case=None) if asked["uncased"] else Q()
        for name, path in PATHS.items():
            wanted &= Q(**{path: asked[name]}) if asked[name] else Q()
        found = found.filter(wanted, *(self._with_word(word, case) for word in asked["q"].split()))
        return self._on_days(found).order_by("-booking__starts_at", "-id")

    def _on_days(self, found: AttendeeQuerySet) -> AttendeeQuerySet:
        """By the clocks of each visit's own business."""
        first, last = self.cleaned_data["start"], self.cleaned_data["until"]
        if not (first or last):
            return found
        found = found.annotate(local_day=local_date())
        since = Q(local_day__gte=first) if first else Q()
        return found.filter(since, Q(local_day__lte=last) if last else Q())

    def _with_word(self, word: str, case: PatientCase) -> Q:
        """In the note, or in the name of its practitioner, its type or its case."""
        found = Q(booking__notes__icontains=word) | Q(notes__icontains=word)
        for name, path in PATHS.items():
            rows = self.fields[name].queryset  # type: ignore[attr-defined]
            keys = [row.pk for row in rows if word.lower() in str(row).lower()]
            found |= Q(**{f"{path}__in": keys})
        cases = case.account.patient_cases.filter(patient=case.patient_id, name__icontains=word)
        return found | Q(case__in=cases.values("pk"))


@dataclass(frozen=True)
class Ticks:
    """What was ticked that is not in the case yet, and what was un-ticked that is: ids."""

    add: frozenset[int]
    remove: frozenset[int]

    @classmethod
    def sent(cls, form: Any) -> Ticks:
        """From a form: `add` and `remove` of all pages, and the boxes of the page that was shown.

        Of the latter, `inside` are those that were drawn ticked.
        """
        boxes, inside = _ids(form.getlist("visit")), _ids([form.get("inside", "")])
        add = _ids([form.get("add", "")]) | (boxes - inside)
        remove = _ids([form.get("remove", "")]) | (inside - boxes)
        return cls(frozenset(add), frozenset(remove - add))


def _ids(texts: Iterable[str]) -> set[int]:
    """The ids in comma-separated texts; what is none is left out."""
    words = (word for text in texts for word in text.split(","))
    return {int(word) for word in words if word.isdecimal() and len(word) < 19}


@dataclass(frozen=True)
class Outlook:
    """What saving would make of the case, in a line, and of each visit that passes something."""

    line: str
    refused: bool
    rows: dict[int, str]
    tells: bool


def outlook_of(case: PatientCase, ticks: Ticks) -> Outlook:
    """`case` comes `with_usage()`, with account, programme and patient."""
    rows = case.account.attendees.filter(patient=case.patient_id, archived_at=None)
    asked = rows.filter(pk__any_of=ticks.add | ticks.remove).annotate(local_day=local_date())
    visits: list[Any] = list(asked.only(*TELLS_WHETHER_IT_COUNTS))
    siblings = case.account.patient_cases.filter(patient=case.patient_id)
    cases = {one.pk: one for one in siblings.select_related("programme")}
    for one in visits:  # few cases: not joined to very many visits
        one.case = cases.get(one.case_id or 0)
    coming = [one for one in visits if one.pk in ticks.add and one.case_id != case.pk]
    going = [one for one in visits if one.pk in ticks.remove and one.case_id == case.pk]
    leaving = [one.local_day for one in going if one.counts]
    shared = {key for key, one in cases.items() if shares_cap(one, case)}
    known = [one.local_day for one in coming if one.counts and one.case_id in shared]
    for one in coming:
        one.case = case
    counting = sorted((one for one in coming if one.counts), key=attrgetter("local_day"))
    days = [one.local_day for one in counting]
    prospects = look_ahead(case, days, leaving=leaving, known=known)
    usage = case.usage
    then = replace(usage, counted=usage.counted - len(leaving) + len(counting))
    said = [f"This would make {then}{_amount_with(case, coming, going, counting)}."]
    silent = len(coming) - len(counting)
    if silent:
        word = "1 of the ticked does" if silent == 1 else f"{silent} of the ticked do"
        said.append(f"{word} not count: cancelled or did not arrive.")
    refused = blocks(case, prospects)
    said.append(in_short(prospects))
    if refused:
        said.append("Saving will ask what to do instead.")
    told = zip(counting, prospects, strict=True)
    return Outlook(
        line=" ".join(filter(None, said)),
        refused=refused,
        rows={one.pk: " ".join(p.warnings) for one, p in told if not p.fits},
        tells=bool(coming or going),
    )


def _amount_with(
    case: PatientCase, coming: list[Any], going: list[Any], counting: list[Any]
) -> str:
    """What would be invoiced in the case, now and with what the others cost; nothing where no
    amount is limited.
    """
    if case.amount is None:
        return ""
    added, gone = (invoiced_for(case.account, [v.pk for v in some]) for some in (coming, going))
    then = case.amount.with_more(added - gone)
    said = f", {then} invoiced{', over its amount' if then.is_passed else ''}"
    more = then.with_more(usual_amount_of(case.patient, [one.pk for one in counting]))
    passes = more.is_passed and not then.is_passed
    return f"{said}; with those that are not invoiced yet {more}" if passes else said


def next_ones(visits: AttendeeQuerySet, n: int) -> list[int]:
    """The ids of the next `n` of these to come that are in no case, in order of time."""
    coming = visits.filter(case=None, cancelled_at=None).to_come().in_order()
    return list(coming.values_list("pk", flat=True)[:n])
