"""What the panel of a new appointment proposes: what was clicked, what is next, or as before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from casewell.appointments.forms import LONGEST
from casewell.appointments.free_times import gaps_in
from casewell.appointments.setting_up import USUAL_MINUTES
from casewell.lib.days import is_plausible
from casewell.web.requests import key_in, moment_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.accounts.models import Business
    from casewell.web.requests import PracticeRequest

NEXT_STEP = 15
AHEAD = timedelta(days=27)
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
    visit = get_object_or_404(rows, booking_id=key_in(key))
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


def next_start(
    request: PracticeRequest, businesses: Iterable[Business], proposed: dict[str, Any], minutes: int
) -> dict[str, str]:
    """When the practitioner that is proposed is next free there for so long; on the day `on`, if
    the address names another than today.

    Where nothing is free, as it was before anybody asked: the next quarter of an hour, or when
    that day begins.
    """
    business = next((b for b in businesses if str(b.pk) == str(proposed["business"])), None)
    now = timezone.now().astimezone(business.zone if business else UTC)
    start = now + timedelta(minutes=NEXT_STEP - now.minute % NEXT_STEP)
    day = moment_in(f"{proposed.get('on', '')}T00:00")
    can_be = business and day and is_plausible(day.date()) and day.date() != now.date()
    later = day.date() if day and can_be else None
    last = later or now.date() + AHEAD
    if business and (free := _first_free(request, proposed, (later or now.date(), last), minutes)):
        start = free.astimezone(business.zone)
    elif business and later:
        hours = business.opening_hours.get(f"{later:%A}".lower()) or [USUAL_HOURS]
        return {"date": later.isoformat(), "time": hours[0][0]}
    return {"date": start.date().isoformat(), "time": start.strftime("%H:%M")}


def _first_free(
    request: PracticeRequest, proposed: dict[str, Any], days: tuple[date, date], minutes: int
) -> datetime | None:
    places = request.account.practitioner_businesses.filter(
        practitioner=key_in(str(proposed["practitioner"] or 0)),
        business=key_in(str(proposed["business"])),
    )
    starts = (
        start
        for gaps in gaps_in(places, *days)
        for start in gaps.starts(timedelta(minutes=minutes))
    )
    return next(starts, None)
