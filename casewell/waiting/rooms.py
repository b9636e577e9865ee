"""Free time in the calendar: from a place on, and what bookings left behind them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from casewell.appointments.models import Absence, Booking
from casewell.availability.hours import A_DAY, hours_at, with_hours
from casewell.tenancy.ids import first_id_at
from casewell.waiting.fitting import Room, gaps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from casewell.accounts.models import Account, Business, Practitioner
    from casewell.audit.models import Change
    from casewell.lib.spans import Span

LATELY = timedelta(days=1)
STEP = 5  # minutes
MOST = 40  # freed times that are looked at, the latest first
BOOKING = Booking._meta.label_lower
# What leaves time behind; a shorter booking leaves some.
FREES = ("cancelled", "archived", "moved", "changed type")
PLACE = ("business", "practitioner", "starts_at", "ends_at")


@dataclass(frozen=True)
class Left:
    """A place where a booking was, or where somebody would put one; ids and instants."""

    business: int
    practitioner: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class FreeTime:
    """Rooms in order of time, with those whose time it is and where, by their ids."""

    rooms: list[Room] = field(default_factory=list)
    staff: Mapping[int, Practitioner] = field(default_factory=dict)
    businesses: Mapping[int, Business] = field(default_factory=dict)


def left_by(booking: Booking, changes: Iterable[Change]) -> Iterator[Left]:
    """The places that a booking was at before, by its changes, latest first.

    One that is in the calendar no more has left the place that it has.
    """
    values = {
        "business": booking.business_id,
        "practitioner": booking.practitioner_id,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
    }
    if booking.cancelled_at or booking.archived_at:
        yield Left(**values)
    for change in changes:
        former = {n: _read(n, change.changes[n][0]) for n in PLACE if n in change.changes}
        if former and None not in former.values():
            values |= former
            yield Left(**values)


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_at") and value else value


def left_lately(account: Account) -> list[Left]:
    """The places to come that bookings have left since yesterday, whoever let them; two statements.

    The ids of changes tell when they were made, so that no further index is needed.
    """
    since = first_id_at(int((timezone.now() - LATELY).timestamp() * 1000))
    rows = account.changes.filter(pk__gte=since, target_type=BOOKING, verb__in=FREES)
    by_booking: dict[int, list[Change]] = {}
    for change in rows.order_by("-id")[:MOST]:
        by_booking.setdefault(change.target_id, []).append(change)
    bookings = account.bookings.in_bulk(by_booking)
    places = {
        place: None
        for key, changes in by_booking.items()
        if key in bookings
        for place in left_by(bookings[key], changes)
    }
    return [place for place in places if place.ends_at > timezone.now()]


def left_by_one(booking: Booking) -> list[Left]:
    """The same for one booking."""
    changes = booking.account.changes.of(booking).filter(verb__in=FREES)[:MOST]
    now = timezone.now()
    return [place for place in left_by(booking, changes) if place.ends_at > now]


def free_time(account: Account, places: Collection[Left], *, at_any_hour: bool = False) -> FreeTime:
    """What is free of those places in the practitioners' hours, each as far as the next booking
    or the end of the hours; at most two statements.

    Where a practitioner has left, or is off that day, nothing is free. What begins beside the
    opening hours is free as far as it goes; beside hours of one's own only with `at_any_hour`.
    """
    if not places:
        return FreeTime()
    known = _known(account, places)
    there = {
        place: _stretches(known[place.business, place.practitioner], place, at_any_hour)
        for place in places
        if (place.business, place.practitioner) in known
    }
    busy, now = _busy(account, there), next_step(timezone.now())
    rooms = {
        _room(place, known[place.business, place.practitioner].business, gap): None
        for place, stretches in there.items()
        for (start, end), until in stretches
        for gap in gaps((max(start, now), end), until, busy[place.practitioner])
    }
    return FreeTime(
        sorted(rooms, key=lambda room: (room.start, room.practitioner)),
        {row.practitioner_id: row.practitioner for row in known.values()},
        {row.business_id: row.business for row in known.values()},
    )


def _room(place: Left, business: Business, gap: Span) -> Room:
    start, end = (moment.astimezone(business.zone) for moment in gap)
    return Room(place.practitioner, place.business, start, end)


def _known(account: Account, places: Collection[Left]) -> dict[tuple[int, int], Any]:
    """Who works where, by business and practitioner, with what `hours_at` needs.

    And with their absences: `away` is `[{first, last}, …]`, ISO days.
    """
    absences = Absence.objects.filter(practitioner=OuterRef("practitioner"), undone_at=None)
    days = JSONObject(first="from_date", last="until_date")
    rows: Any = account.practitioner_businesses.filter(
        practitioner__in={place.practitioner for place in places},
        practitioner__active=True,
        business__in={place.business for place in places},
        business__archived_at=None,
    ).annotate(away=ArraySubquery(absences.values(one=days)))
    first, last = (min(p.starts_at for p in places), max(p.ends_at for p in places))
    told = with_hours(rows, first.date() - A_DAY, last.date() + A_DAY)
    return {(row.business_id, row.practitioner_id): row for row in told}


def _stretches(row: Any, place: Left, at_any_hour: bool) -> list[tuple[Span, datetime]]:
    """The parts of the place that lie in the hours of its days, each with when those end."""
    hours, start, end = hours_at(row), place.starts_at, place.ends_at
    first, last = (moment.astimezone(hours.zone).date() for moment in (start, end))
    spans = [
        (max(opens, start), min(closes, end), closes)
        for opens, closes in hours.spans(first, last)
        if opens < end and closes > start
    ]
    # Opening hours promise nothing of one person: what is booked beside them is so on purpose.
    soft = (at_any_hour or hours.week is None) and not hours.is_off(first)
    if soft and start not in [begin for begin, *_ in spans]:
        spans = [(start, end, end)]
    return [
        ((begin, until), closes)
        for begin, until, closes in spans
        if not _is_away(row, begin.astimezone(hours.zone).date())
    ]


def _is_away(row: Any, day: date) -> bool:
    return any(span["first"] <= day.isoformat() <= span["last"] for span in row.away)


def next_step(moment: datetime) -> datetime:
    """The next time of day that one says: no visit begins at 10:03:27.

    >>> next_step(datetime(2026, 3, 3, 10, 3, 27)).time()
    datetime.time(10, 5)
    """
    minutes = STEP - moment.minute % STEP
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=minutes)


def _busy(
    account: Account, there: Mapping[Left, list[tuple[Span, datetime]]]
) -> dict[int, list[Span]]:
    """What the practitioners have between the first and the last of those moments."""
    found: dict[int, list[Span]] = {place.practitioner: [] for place in there}
    stretches = [stretch for some in there.values() for stretch in some]
    if stretches:
        first, last = min(span[0] for span, _ in stretches), max(until for _, until in stretches)
        live = account.bookings.live().filter(practitioner__in=found).overlapping(first, last)
        for practitioner, start, end in live.values_list("practitioner_id", "starts_at", "ends_at"):
            found[practitioner].append((start, end))
    return found


def time_at(
    account: Account, business: Business, practitioner: Practitioner, start: datetime
) -> FreeTime:
    """The free time from where somebody points at in the calendar; none where it is taken.

    Beside the practitioner's hours it is an hour at most.
    """
    place = Left(business.pk, practitioner.pk, start, start + timedelta(hours=1))
    found = free_time(account, [place], at_any_hour=True)
    first = max(start, next_step(timezone.now()))
    return replace(found, rooms=[room for room in found.rooms if room.start <= first])
