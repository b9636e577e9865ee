"""What the panel of a new appointment proposes: what was clicked, what is next, or as before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from casewell.appointments.forms import LONGEST
from casewell.appointments.free_times import from_now, gaps_of, with_busy
from casewell.appointments.setting_up import USUAL_MINUTES
from casewell.availability.hours import hours_told, with_hours_at
from casewell.lib.days import is_plausible
from casewell.web.requests import key_in, moment_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from casewell.accounts.models import Business
    from casewell.appointments.models import Booking
    from casewell.availability.hours import Hours
    from casewell.web.requests import PracticeRequest

NEXT_STEP = 15
A_DAY, AHEAD = timedelta(days=1), timedelta(days=13)
FARTHEST = date(2200, 1, 1)
USUAL_HOURS = ("09:00", "17:00")  # of a day on which nothing is open


def given_in(request: PracticeRequest) -> dict[str, Any]:
    """From the address: the free time that was clicked, what was typed, or another booking."""
    given: dict[str, Any] = {k: v for k, v in request.GET.items() if v}
    start = moment_in(given.pop("start", ""))
    if "like" in given:
        return _like(request, given["like"]) | given
    if start is not None:
        given |= {"date": start.date().isoformat(), "time": start.strftime("%H:%M")}
    return given


def _like(request: PracticeRequest, key: str) -> dict[str, Any]:
    """The same patient, type, practitioner, length and case, a week later."""
    rows = request.account.attendees.select_related("booking__business")
    visit = get_object_or_404(rows.filter(booking_id=key_in(key)).order_by("id")[:1])
    one = visit.booking
    start = one.local_start + timedelta(days=7)
    return {
        "patient": visit.patient_id,
        "appointment_type": one.appointment_type_id,
        "length_of": str(one.appointment_type_id),
        "practitioner": one.practitioner_id,
        "business": one.business_id,
        "date": start.date().isoformat(),
        "time": start.strftime("%H:%M"),
        "minutes": one.minutes,
        "case": str(visit.case_id) if visit.case_id else None,
        "case_of": str(visit.patient_id),
    }


def whole_minutes(said: Any) -> int:
    """A length as an address or a type gives it; what is none is half an hour."""
    text = str(said or "")
    return int(text) if text.isdecimal() and 0 < int(text[:5]) <= LONGEST else USUAL_MINUTES


class Around:
    """What is known of every practitioner at the chosen business, around the day in question.

    It is read with the list of practitioners, so that neither the clash with their hours nor the
    proposal of a free time is a statement of its own.
    """

    def __init__(self, businesses: Iterable[Business], said: Mapping[str, Any]) -> None:
        where = str(said.get("business") or "")
        self.business = next((b for b in businesses if str(b.pk) == where), None)
        self.now = timezone.now().astimezone(self.business.zone if self.business else UTC)
        day, later = _day(said.get("date")), _day(said.get("on"))
        self.is_given = bool(said.get("date"))
        self.later = later if self.business and later != self.now.date() else None
        self.first = day or self.later or self.now.date()
        self.last = self.first + (A_DAY if day or self.later else AHEAD)
        # Of what repeats, the hours are known of all its dates, however far they go.
        self.known_until = FARTHEST if said.get("repeat") else self.last

    def asked_of(self, practitioners: Any) -> Any:
        """The practitioners with their hours and, to propose a time, with their bookings."""
        if self.business is None:
            return practitioners
        rows = with_hours_at(practitioners, self.business, self.first, self.known_until)
        return rows if self.is_given else with_busy(rows, "pk", self.first, self.last)

    def hours_for(self, booking: Booking) -> Hours | None:
        """The hours that hold for a booking; None where others would have to be read."""
        begins, ends = booking.local_start.date(), booking.local_end.date()
        if (
            booking.business != self.business
            or not self.first <= begins <= ends <= self.known_until
        ):
            return None
        return hours_told(booking.practitioner, booking.practitioner, booking.business)

    def next_start(self, practitioner: Any, minutes: int) -> dict[str, str]:
        """When somebody is next free there for so long; on the day that was named, if any.

        Where nothing is free, or nothing is known: the next quarter of an hour, or when that day
        begins.
        """
        start = self.now + timedelta(minutes=NEXT_STEP - self.now.minute % NEXT_STEP)
        if free := self._first_free(practitioner, minutes):
            start = free
        elif self.business and self.later:
            hours = self.business.opening_hours.get(f"{self.later:%A}".lower()) or [USUAL_HOURS]
            return {"date": self.later.isoformat(), "time": hours[0][0]}
        return {"date": start.date().isoformat(), "time": start.strftime("%H:%M")}

    def _first_free(self, practitioner: Any, minutes: int) -> datetime | None:
        if self.business is None or practitioner is None:
            return None
        hours, last = hours_told(practitioner, practitioner, self.business), self.later or self.last
        gaps = gaps_of(hours, practitioner, self.first, last, from_now())
        start = next(gaps.starts(timedelta(minutes=minutes)), None)
        return start and start.astimezone(self.business.zone)


def _day(text: Any) -> date | None:
    """The day that an address names; None for what is none."""
    moment = moment_in(f"{text}T00:00")
    return moment.date() if moment and is_plausible(moment.date()) else None
