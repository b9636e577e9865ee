"""The visits of a practitioner who is off, and what stands in the way of moving them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from casewell.appointments.models import Booking
from casewell.availability.hours import days_between, hours_at, with_hours
from casewell.availability.repeating import edge
from casewell.lib.formats import formats
from casewell.lib.placeholders import filled
from casewell.lib.zones import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.accounts.models import Account, Practitioner
    from casewell.appointments.models import Absence, Attendee
    from casewell.availability.hours import Hours

# No zone is farther from UTC than this.
FARTHEST = timedelta(hours=15)
UTC = ZoneInfo("UTC")


def visits_of(
    account: Account, practitioner: Practitioner, first: date, last: date
) -> list[Attendee]:
    """The live visits that start on those days, on the clocks of each visit's business."""
    since = at(first, time.min, UTC) - FARTHEST
    until = at(last, time.max, UTC) + FARTHEST
    visits = account.attendees.live().filter(
        booking__practitioner=practitioner,
        booking__cancelled_at=None,
        booking__archived_at=None,
        booking__starts_at__gte=since,
        booking__starts_at__lte=until,
    )
    related = visits.select_related(
        "patient", "case", "booking__account", "booking__business", "booking__appointment_type"
    ).in_order()
    found = [v for v in related if first <= v.booking.local_start.date() <= last]
    for visit in found:
        visit.booking.practitioner = practitioner
    return found


@dataclass
class Line:
    """One visit of the list: where it would go, and what is there already."""

    visit: Attendee
    ticked: bool
    starts_at: datetime | None = None
    practitioner: Practitioner | None = None
    clashes: list[Booking] = field(default_factory=list)


def lines_of(visits: list[Attendee], ticked: set[int], absence: Absence | None) -> list[Line]:
    """The list, with the clashes that `absence` would bring about; one statement."""
    lines = [Line(visit, visit.pk in ticked) for visit in visits]
    moving = [line for line in lines if line.ticked]
    spans = {}
    for line in moving:
        booking = line.visit.booking
        places = absence.place_for(booking) if absence else {}
        if not places:
            return lines
        line.starts_at = places.get("starts_at", booking.starts_at).astimezone(
            booking.business.zone
        )
        line.practitioner = places.get("practitioner", booking.practitioner)
        spans[line.visit.pk] = (places.get("starts_at", booking.starts_at), booking.minutes)
    if not moving or absence is None:
        return lines
    starts = [start for start, _ in spans.values()]
    others = (
        absence.account.bookings.live()
        .filter(practitioner=moving[0].practitioner)
        .overlapping(min(starts), max(starts) + timedelta(days=1))
        .exclude(pk__in=[line.visit.booking_id for line in moving])
        .select_related("business")
    )
    _meet(moving, spans, list(others))
    return lines


def _meet(lines: list[Line], spans: dict[int, tuple[datetime, int]], others: list[Booking]) -> None:
    for line in lines:
        start, minutes = spans[line.visit.pk]
        end = start + timedelta(minutes=minutes)
        line.clashes = [b for b in others if b.starts_at < end and b.ends_at > start]


def blocks_of(
    account: Account, practitioner: Practitioner, first: date, last: date
) -> Iterator[Booking]:
    """Blocks, not stored yet, over the hours at each business where they work, each day."""
    places: Any = practitioner.places.filter(business__archived_at=None)
    known = [hours_at(place) for place in with_hours(places, first, last).order_by("id")]
    for day in days_between(first, last):
        for hours in known:
            yield from _block(account, hours, day)


def _block(account: Account, hours: Hours, day: date) -> Iterator[Booking]:
    spans = hours.clock_spans(day)
    if not spans:
        return
    yield Booking(
        account=account,
        business=hours.business,
        practitioner=hours.practitioner,
        starts_at=edge(day, spans[0][0], hours.zone),
        ends_at=edge(day, spans[-1][1], hours.zone, last=True),
        notes="Away",
    )


def message_to(visit: Attendee, absence: Absence, text: str, former: datetime) -> str:
    """The text for one patient; `former` is when the visit was to be."""
    words, zone = formats(), visit.booking.business.zone
    local = former.astimezone(zone)
    happens = "is cancelled"
    if absence.place_for(visit.booking):
        start = visit.booking.local_start
        happens = (
            f"is moved to {words.weekday(start)} at {words.clock(start)} "
            f"with {visit.booking.practitioner}"
        )
    values = {
        "first name": visit.patient.called,
        "practice": absence.account.name,
        "practitioner": str(absence.practitioner),
        "date": words.weekday(local),
        "time": words.clock(local),
        "what happens": happens,
    }
    return filled(text, values)
