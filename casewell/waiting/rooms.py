"""Free time in the calendar: from a place on, and what bookings left behind them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from casewell.appointments.models import Absence, Booking
from casewell.lib.zones import at
from casewell.tenancy.ids import first_id_at
from casewell.waiting.fitting import Room, gaps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from casewell.accounts.models import Account, Business, Practitioner
    from casewell.audit.models import Change

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


def free_time(account: Account, places: Collection[Left]) -> FreeTime:
    """What is free of those places, each as far as the next booking or closing; at most three
    statements.

    Where a practitioner has left, or is off that day, nothing is free.
    """
    if not places:
        return FreeTime()
    businesses = account.businesses.live().in_bulk({place.business for place in places})
    staff = _staff(account, {place.practitioner for place in places})
    known = [p for p in places if p.business in businesses and p.practitioner in staff]
    ends = {place: closing_after(businesses[place.business], place) for place in known}
    busy, now = _busy(account, ends), next_step(timezone.now())
    rooms = {
        Room(
            place.practitioner,
            place.business,
            *(moment.astimezone(businesses[place.business].zone) for moment in gap),
        ): None
        for place in known
        for gap in gaps(
            (max(place.starts_at, now), place.ends_at), ends[place], busy[place.practitioner]
        )
    }
    there = [room for room in rooms if not _is_off(staff[room.practitioner], room.start.date())]
    there.sort(key=lambda room: (room.start, room.practitioner))
    return FreeTime(there, staff, businesses)


def _staff(account: Account, keys: Collection[int]) -> dict[int, Practitioner]:
    """Active practitioners, each with their absences: `away` is `[{first, last}, …]`, ISO days."""
    absences = Absence.objects.filter(practitioner=OuterRef("pk"), undone_at=None)
    days = JSONObject(first="from_date", last="until_date")
    rows = account.practitioners.active().annotate(away=ArraySubquery(absences.values(one=days)))
    found: dict[int, Practitioner] = rows.in_bulk(keys)
    return found


def _is_off(practitioner: Any, day: date) -> bool:
    spans = practitioner.away
    return any(span["first"] <= day.isoformat() <= span["last"] for span in spans)


def next_step(moment: datetime) -> datetime:
    """The next time of day that one says: no visit begins at 10:03:27.

    >>> next_step(datetime(2026, 3, 3, 10, 3, 27)).time()
    datetime.time(10, 5)
    """
    minutes = STEP - moment.minute % STEP
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=minutes)


def _busy(
    account: Account, ends: Mapping[Left, datetime]
) -> dict[int, list[tuple[datetime, datetime]]]:
    """What the practitioners have between the first and the last of those moments."""
    found: dict[int, list[tuple[datetime, datetime]]] = {p.practitioner: [] for p in ends}
    if ends:
        first, last = min(place.starts_at for place in ends), max(ends.values())
        live = account.bookings.live().filter(practitioner__in=found).overlapping(first, last)
        for practitioner, start, end in live.values_list("practitioner_id", "starts_at", "ends_at"):
            found[practitioner].append((start, end))
    return found


def closing_after(business: Business, place: Left) -> datetime:
    """When the doors close that are open at the place's start, or the place ends after that."""
    local = place.starts_at.astimezone(business.zone)
    spans = business.opening_hours.get(f"{local:%A}".lower(), [])
    closes = [end for start, end in spans if start <= f"{local:%H:%M}" < end]
    if not closes:
        return place.ends_at
    return max(place.ends_at, _at_clock(local.date(), closes[-1], business))


def _at_clock(day: date, clock: str, business: Business) -> datetime:
    if clock == "24:00":
        return at(day + timedelta(days=1), time.min, business.zone)
    return at(day, time.fromisoformat(clock), business.zone)


def time_at(
    account: Account, business: Business, practitioner: Practitioner, start: datetime
) -> FreeTime:
    """The free time from where somebody points at in the calendar; none where it is taken.

    Where the doors are closed it is an hour at most.
    """
    place = Left(business.pk, practitioner.pk, start, start + timedelta(hours=1))
    found = free_time(account, [place])
    first = max(start, next_step(timezone.now()))
    return replace(found, rooms=[room for room in found.rooms if room.start <= first])
