"""What the panel of a new appointment proposes: what was clicked, what is next, or as before."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from casewell.web.requests import key_in, moment_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.accounts.models import Business
    from casewell.web.requests import PracticeRequest

NEXT_STEP = 15
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


def next_start(businesses: Iterable[Business], key: Any, on: str) -> dict[str, str]:
    """The next quarter of an hour there or, where `on` is another day, when that one begins."""
    business = next((b for b in businesses if str(b.pk) == str(key)), None)
    now = timezone.now().astimezone(business.zone if business else UTC)
    start = now + timedelta(minutes=NEXT_STEP - now.minute % NEXT_STEP)
    day = moment_in(f"{on}T00:00")
    if business and day and day.date() != now.date():
        hours = business.opening_hours.get(f"{day:%A}".lower()) or [USUAL_HOURS]
        return {"date": on, "time": hours[0][0]}
    return {"date": start.date().isoformat(), "time": start.strftime("%H:%M")}
