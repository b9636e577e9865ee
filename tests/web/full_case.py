"""A full case and the doors into it, and what its dialogue sends."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from tests.world import Practice


def in_days(
    practice: Practice, days: int, case: PatientCase | None = None, **state: Any
) -> Attendee:
    return practice.attend(case, timezone.now() + timedelta(days=days), **state)


def full(practice: Practice, **fields: Any) -> tuple[PatientCase, list[Attendee]]:
    """A case of three, one visit seen and two to come."""
    case = practice.case("DVA cycle", max_sessions=3, **fields)
    return case, [in_days(practice, day, case) for day in (-7, 7, 14)]


def sent_with(answer: Any, way: str, **more: Any) -> dict[str, Any]:
    """What the dialogue of an answer sends for a way."""
    part = answer.content.decode().split('class="full-case"')[0].rsplit("<form", 1)[1]
    whole = part + answer.content.decode().split('class="full-case"')[1].split("</section>")[0]
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', whole))
    ticked = re.findall(r'name="follow_visit" value="(\d+)" checked', whole)
    drawn = dict(re.findall(r'name="(next-\w+)" value="([^"]*)"', whole))
    follows = drawn | {"follow_visit": ticked, "follow_close": "yes"} if way == "follow" else {}
    return hidden | follows | {"way": way} | more


def visits_of(case: PatientCase) -> list[int]:
    return list(case.attendees.in_order().values_list("pk", flat=True))


def link(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3)
    return f"bookings/{extra.booking_id}/case", {"case": str(case.pk)}, extra


def reinstate(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3, case, cancelled_at=timezone.now())
    return f"bookings/{extra.booking_id}/reinstatement", {}, extra


def arrive_after_all(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3, case, did_not_arrive=True)
    return f"bookings/{extra.booking_id}/attendance", {"attendance": "none"}, extra


def restore(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee]:
    extra = in_days(practice, 3, case)
    extra.booking.archive(by=practice.by)
    return f"bookings/{extra.booking_id}/restore", {}, extra


def book(practice: Practice, case: PatientCase) -> tuple[str, dict[str, Any], Attendee | None]:
    start = timezone.localtime(timezone.now() + timedelta(days=3), practice.business.zone)
    fields = {
        "patient": practice.ada.pk,
        "practitioner": practice.amy.pk,
        "business": practice.business.pk,
        "appointment_type": practice.standard.pk,
        "date": f"{start:%Y-%m-%d}",
        "time": f"{start:%H:%M}",
        "minutes": "33",
        "notes": "Brings the scans",
        "case": str(case.pk),
    }
    return "bookings/new", fields, None


DOORS = [book, link, reinstate, arrive_after_all, restore]
