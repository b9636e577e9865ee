"""A day on which Amy is off: its page, what that sends, and what became of the visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.appointments.models import Attendee

if TYPE_CHECKING:
    from tests.world import Practice

DAY = "2026-03-03"


def url_of(northside: Practice, first: str = DAY, last: str = DAY) -> str:
    return f"/northside/bookings/away?practitioner={northside.amy.pk}&from={first}&until={last}"


def sent(visits: list[Attendee], action: str = "cancel", **more: Any) -> dict[str, Any]:
    """What the page sends with those visits ticked."""
    keys = [visit.pk for visit in visits]
    return {"ticked": "yes", "visit": keys, "action": action, "reason": "50"} | more


def now(visits: list[Attendee]) -> list[Attendee]:
    rows = Attendee.objects.filter(pk__in=[v.pk for v in visits])
    return list(rows.select_related("booking__practitioner").in_order())


def state_of(visits: list[Attendee]) -> list[tuple[str, Any, Any, Any]]:
    return [
        (v.state, v.booking.starts_at, v.booking.practitioner_id, v.booking.cancelled_at)
        for v in now(visits)
    ]
