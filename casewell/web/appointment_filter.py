"""Which appointments are asked for: days, people, places, what became of them, which case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils import timezone

from casewell.accounts.roles import Permission
from casewell.appointments.models import AppointmentType
from casewell.invoices.visits import invoiced, unpaid
from casewell.lib.fields import ChoiceOfFew
from casewell.lib.formats import formats
from casewell.lib.zones import day_span
from casewell.web.day_filter import DATES, DayFilter, days_of

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from django.http import QueryDict

    from casewell.accounts.models import Membership
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet

TODAY = "today"
WHEN = [
    (TODAY, "Today"),
    ("yesterday", "Yesterday"),
    ("week", "This week"),
    ("next_7", "Next 7 days"),
    ("last_month", "Last month"),
    (DATES, "From – until …"),
]
STATES = {
    "booked": Q(cancelled_at=None, arrived=False, did_not_arrive=False),
    "arrived": Q(cancelled_at=None, arrived=True),
    "did_not_arrive": Q(cancelled_at=None, did_not_arrive=True),
    "cancelled": Q(cancelled_at__isnull=False),
}
UNMARKED = "unmarked"
STATE_WORDS = [
    ("", "Any state"),
    ("booked", "Booked"),
    ("arrived", "Arrived"),
    ("did_not_arrive", "Did not arrive"),
    ("cancelled", "Cancelled"),
    (UNMARKED, "Arrived not set"),
]
CASE_WORDS = [
    ("", "Case or none"),
    ("none", "No case"),
    ("some", "In a case"),
    ("open", "Case open"),
    ("full", "Case full"),
    ("expired", "Case expired"),
    ("closed", "Case closed"),
]
INVOICE_WORDS = [
    ("", "Invoiced or not"),
    ("none", "Not invoiced"),
    ("unpaid", "Unpaid"),
    ("some", "Invoiced"),
]


class AppointmentFilter(DayFilter):
    """By days, people, places, what became of them, and case."""

    field_order = ("when", "start", "until", "practitioner", "business", "type")

    when = forms.ChoiceField(choices=WHEN, required=False, label="When")
    type = ChoiceOfFew(
        AppointmentType.objects.order_by("name", "id"), required=False, empty_label="Every type"
    )
    state = forms.ChoiceField(choices=STATE_WORDS, required=False)
    case = forms.ChoiceField(choices=CASE_WORDS, required=False)
    invoice = forms.ChoiceField(choices=INVOICE_WORDS, required=False)

    def __init__(self, asked: QueryDict, member: Membership) -> None:
        super().__init__(asked.dict() | {"when": asked.get("when") or TODAY}, member.account)
        if not member.may(Permission.SEE_INVOICES):
            del self.fields["invoice"]

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day; None where that end is open."""
        asked = self.cleaned_data
        if asked["when"] == DATES:
            return asked["start"], asked["until"]
        place = asked["business"] or self.account
        return days_of(asked["when"], place.today(), self.account.week_start)

    def visits(self) -> AttendeeQuerySet:
        """The visits that are asked for, in no order; none where the filter is not valid."""
        found = self.account.attendees.filter(archived_at=None, booking__archived_at=None)
        if not self.is_valid():
            return found.none()
        asked, fixed = self.cleaned_data, {}
        for name, path in PATHS.items():
            if asked[name]:
                fixed[path] = asked[name]
        wanted = (self._on_days(), self._state(), self._case(), self._invoice())
        return found.filter(*wanted, **fixed)

    def _on_days(self) -> Q:
        """Starts on these days, by the clocks of each visit's own business."""
        first, last = self.days
        if first is None and last is None:
            return Q()
        places = [self.cleaned_data["business"]] if self.cleaned_data["business"] else None
        zones: dict[ZoneInfo, list[int]] = {}
        for business in places or self.fields["business"].queryset:  # type: ignore[attr-defined]
            zones.setdefault(business.zone, []).append(business.pk)
        if len(zones) == 1:
            return _between(first, last, next(iter(zones)))
        wanted = Q(pk=None)
        for zone, keys in zones.items():
            wanted |= Q(booking__business__in=keys) & _between(first, last, zone)
        return wanted

    def _state(self) -> Q:
        word = self.cleaned_data["state"]
        if word == UNMARKED:
            return STATES["booked"] & Q(booking__starts_at__lte=timezone.now())
        return STATES.get(word, Q())

    def _invoice(self) -> Q:
        """Not invoiced are those that have begun, neither cancelled nor missed."""
        word = self.cleaned_data.get("invoice", "")
        took_place = ~STATES["cancelled"] & ~STATES["did_not_arrive"]
        begun = took_place & Q(booking__starts_at__lte=timezone.now())
        facts = {
            "none": lambda: begun & Q(~invoiced()),
            "some": lambda: Q(invoiced()),
            "unpaid": lambda: Q(unpaid()),
        }
        return facts[word]() if word else Q()

    def _case(self) -> Q:
        word, cases = self.cleaned_data["case"], self.account.patient_cases
        today = self.account.today()
        facts = {
            "open": lambda: cases.unclosed().unexpired_on(today),
            "full": lambda: cases.unclosed().full(),
            "expired": lambda: cases.unclosed().expired_on(today),
            "closed": lambda: cases.exclude(closed_at=None),
        }
        if word in ("none", "some"):
            return Q(case__isnull=word == "none")
        return Q(case__in=facts[word]().values("pk")) if word in facts else Q()

    @property
    def words(self) -> str:
        """What is shown, as a line of words: the days, then each filter that is set."""
        if not self.is_valid():
            return ""
        said = [_span_in_words(*self.days)]
        said += [str(self.cleaned_data[name]) for name in PATHS if self.cleaned_data[name]]
        for name in ("state", "case", "invoice"):
            if self.cleaned_data.get(name):
                choices = dict(self.fields[name].choices)  # type: ignore[attr-defined]
                said.append(choices[self.cleaned_data[name]].lower())
        return " · ".join(said)


PATHS = {
    "practitioner": "booking__practitioner",
    "business": "booking__business",
    "type": "booking__appointment_type",
}


def _between(first: date | None, last: date | None, zone: ZoneInfo) -> Q:
    within = Q()
    if first:
        within &= Q(booking__starts_at__gte=day_span(first, zone)[0])
    if last:
        within &= Q(booking__starts_at__lt=day_span(last, zone)[1])
    return within


def _span_in_words(first: date | None, last: date | None) -> str:
    if first and last:
        return formats().weekday(first) if first == last else formats().span(first, last)
    if first:
        return f"from {formats().day(first)}"
    return f"until {formats().day(last)}" if last else "all days"
