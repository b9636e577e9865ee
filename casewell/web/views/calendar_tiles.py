"""Bookings as the calendar's tiles: read as rows, for there may be thousands of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Value

from casewell.appointments.models import Booking
from casewell.cases.referral import expired_by, expires_soon_after
from casewell.invoices.visits import unpaid
from casewell.patients.models import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from casewell.accounts.models import Account
    from casewell.appointments.models import Attendee, BookingQuerySet
    from casewell.web.views.calendar_choice import Choice


class Held(NamedTuple):
    """Where and when: what visits and blocks have in common."""

    id: int
    practitioner_id: int
    business_id: int
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    notes: str
    series_id: int | None


class Visit(NamedTuple):
    """A row of a visit, in the order of COLUMNS after those of `Held`."""

    title: str | None
    colour: str | None
    telehealth: bool | None
    first_name: str
    preferred_first_name: str
    last_name: str
    case_id: int | None
    limit: int | None
    arrived: bool
    did_not_arrive: bool
    confirmed_at: datetime | None
    notes: str
    position: int | None
    is_first_visit: bool
    is_unpaid: bool


COLUMNS = (
    "booking__appointment_type__name",
    "booking__appointment_type__color",
    "booking__appointment_type__telehealth_enabled",
    "patient__first_name",
    "patient__preferred_first_name",
    "patient__last_name",
    "case_id",
    "session_limit",
    "arrived",
    "did_not_arrive",
    "confirmed_at",
    "notes",
    "position",
    "is_first_visit",
    "is_unpaid",
)
WHERE = len(Held._fields)


def visit_tiles(
    account: Account, held: BookingQuerySet, choice: Choice
) -> Iterator[dict[str, Any]]:
    """One tile for each visit in the bookings that are held and no classes, in order of start."""
    alone = held.exclude(kind=Booking.Kind.GROUP)
    visits = account.attendees.live().filter(booking__in=alone)
    columns = [f"booking__{name}" for name in Held._fields] + list(COLUMNS)
    owes = unpaid() if choice.sees_money else Value(False, BooleanField())
    told = visits.with_position().with_first_visit().annotate(is_unpaid=owes)
    rows = list(told.in_order().values_list(*columns))
    found = [(Held(*row[:WHERE]), Visit(*row[WHERE:])) for row in rows]
    ends = _ends(account, {visit.case_id for _, visit in found if visit.case_id})
    for place, visit in found:
        yield _visit_tile(place, visit, ends.get(visit.case_id), choice)


def _ends(account: Account, cases: set[int]) -> dict[int | None, date | None]:
    """The last day of each of these cases, by its id."""
    if not cases:
        return {}
    rows: Any = account.patient_cases.filter(pk__in=cases).with_terms()  # whose annotation
    return dict(rows.values_list("pk", "ends_on"))  # the type checker loses


def _visit_tile(held: Held, visit: Visit, expires: date | None, choice: Choice) -> dict[str, Any]:
    return placed(held, choice) | {
        "kind": "individual",
        "patient": full_name(visit.first_name, visit.preferred_first_name, visit.last_name),
        "title": visit.title or "",
        "colour": visit.colour or "",
        "case": in_case(visit.position, visit.limit) if visit.case_id else "",
        "marks": [mark for mark, holds in _marks(held, visit, expires, choice).items() if holds],
    }


def placed(held: Held, choice: Choice) -> dict[str, Any]:
    """Times are the wall clock of the businesses."""
    zone = choice.business.zone
    return {
        "id": str(held.id),
        "resourceId": str(held.practitioner_id),
        "place": choice.place_names[held.business_id],
        "business": str(held.business_id),
        "version": held.updated_at.isoformat(),
        "start": _minutes(held.starts_at.astimezone(zone)),
        "end": _minutes(held.ends_at.astimezone(zone)),
    }


def place_of(booking: Booking) -> dict[str, str]:
    """The same of one booking: when and with whom it is, as the calendar's page has it."""
    return {
        "id": str(booking.pk),
        "resourceId": str(booking.practitioner_id),
        "place": str(booking.business),
        "business": str(booking.business_id),
        "version": booking.version,
        "start": _minutes(booking.local_start),
        "end": _minutes(booking.local_end),
    }


def _minutes(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="minutes")


def position_text(visit: Attendee) -> str:
    """As on tiles, of an attendee with its position."""
    return in_case(visit.position, visit.session_limit) if visit.case else ""


def in_case(position: int | None, limit: int | None) -> str:
    """“3/10”, without a limit “3”, nothing where it does not count.

    >>> in_case(3, 10), in_case(3, None), in_case(None, 10)
    ('3/10', '3', '')
    """
    if position is None:
        return ""
    return f"{position}/{limit}" if limit else str(position)


def _marks(held: Held, visit: Visit, expires: date | None, choice: Choice) -> dict[str, bool]:
    """The facts that a tile marks, in the order in which it shows them."""
    limit, position = visit.limit, visit.position
    return {
        "arrived": visit.arrived,
        "did_not_arrive": visit.did_not_arrive,
        "confirmed": visit.confirmed_at is not None and not visit.arrived,
        "first_visit": visit.is_first_visit,
        "telehealth": bool(visit.telehealth),
        "no_case": visit.case_id is None,
        "full": limit is not None and position is not None and position >= limit,
        **_expiry(held, expires, choice),
        "unpaid": visit.is_unpaid,
        "repeats": held.series_id is not None,
        "note": bool(visit.notes or held.notes),
    }


def _expiry(held: Held, expires: date | None, choice: Choice) -> dict[str, bool]:
    """Whether, at the visit, its case's referral has expired, or is about to."""
    if expires is None:
        return {}
    day = held.starts_at.astimezone(choice.business.zone).date()
    return {
        "expired": expired_by(expires, day),
        "expiring": expires_soon_after(expires, day),
    }
