"""What speaks against the time of a booking: other bookings, blocks, hours, the patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from casewell.appointments.models.booking_queries import meeting
from casewell.availability.hours import hours_of
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from casewell.appointments.models.booking import Booking
    from casewell.availability.hours import Hours
    from casewell.patients.models import Patient

CLOSED = "closed"
MOST_TOLD = 5


class BookingConflict(RuleViolation):
    """The practitioner's time is taken, and the practice keeps bookings apart."""

    code = "booking_conflict"


@dataclass(frozen=True)
class Clash:
    """One reason against a time, in words; `key` is the same as long as the reason is."""

    key: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def clashes_with(booking: Booking, patients: Iterable[Patient] = ()) -> list[Clash]:
    """What speaks against a booking's time; the practitioner's own bookings first.

    A block holds time however closed the doors are; what it clashes with is appointments alone.
    """
    concerned = {patient.pk for patient in patients} or set(_patients_of(booking))
    hours = None if booking.is_block else booking.hours()
    return _against(booking, _others([booking], concerned, MOST_TOLD), concerned, hours)


def clashes_of(bookings: Sequence[Booking], patients: Iterable[Patient]) -> list[list[Clash]]:
    """The same of each of some bookings, which have all but their times in common."""
    if not bookings:
        return []
    concerned = {patient.pk for patient in patients}
    others = _others(bookings, concerned, MOST_TOLD * len(bookings) * 4)
    hours = None if bookings[0].is_block else _hours_of_all(bookings)
    return [_against(one, others, concerned, hours) for one in bookings]


def _hours_of_all(bookings: Sequence[Booking]) -> Hours:
    """The hours on all their days; sketches of a page that has read them bring them along."""
    first = bookings[0]
    if first.hours_known:
        return first.hours_known
    days = [day for one in bookings for day in (one.local_start.date(), one.local_end.date())]
    return hours_of(first.practitioner, first.business, min(days), max(days))


def _against(
    booking: Booking, others: list[Booking], concerned: set[int], hours: Hours | None
) -> list[Clash]:
    start, end = booking.starts_at, booking.ends_at
    there = [one for one in others if one.starts_at < end and one.ends_at > start]
    found = [
        Clash(str(one.pk), _taken(one))
        if one.practitioner_id == booking.practitioner_id
        else Clash(str(one.pk), _elsewhere(one, concerned))
        for one in there[:MOST_TOLD]
    ]
    outside = _outside(booking, hours) if hours else ""
    return [*found, Clash(CLOSED, outside)] if outside else found


def _outside(booking: Booking, hours: Hours) -> str:
    """Why nobody is there to be booked at that time; empty where the practitioner is."""
    if hours.hold(booking.starts_at, booking.ends_at):
        return ""
    if hours.are_the_doors:
        return f"{booking.business} is not open then."
    words, day = formats(), booking.local_start.date()
    spans = [" – ".join(map(words.clock_of, span)) for span in hours.clock_spans(day)]
    if not spans:
        return f"{booking.practitioner} is not at {booking.business} that day."
    return (
        f"{booking.practitioner} is not at {booking.business} then. "
        f"Hours that day: {' and '.join(spans)}."
    )


def _patients_of(booking: Booking) -> Iterable[int]:
    if booking._state.adding:
        return ()
    return booking.attendees.live().values_list("patient_id", flat=True)


def _others(bookings: Sequence[Booking], concerned: set[int], most: int) -> list[Booking]:
    """Live bookings of the same practitioner or of those concerned, at any of those times."""
    booking, at_those_times = bookings[0], Q()
    for one in bookings:
        at_those_times |= meeting(one.starts_at, one.ends_at)
    others = booking.account.bookings.live().filter(at_those_times)
    if booking.is_block:  # somebody who is off at two places is off twice
        others = others.exclude(kind=booking.Kind.BLOCK)
    visits = booking.account.attendees.live()
    same = Q(practitioner_id=booking.practitioner_id)
    if concerned:
        same |= Q(pk__in=visits.filter(patient__in=concerned).values("booking"))
    seen = Prefetch("attendees", visits.select_related("patient"), to_attr="visits")
    related = others.filter(same).exclude(pk__in=[one.pk for one in bookings])
    named = related.select_related(
        "business", "practitioner", "appointment_type", "unavailable_block_type"
    )
    return list(named.prefetch_related(seen).order_by("starts_at", "id")[:most])


def _taken(other: Booking) -> str:
    if other.is_block:
        why = _short(other.notes or str(other.unavailable_block_type or ""))
        return f"{other.practitioner} is unavailable {_span(other)}{why and f': {why}'}."
    if other.kind == other.Kind.GROUP:
        return f"{other.practitioner} has the class “{other.appointment_type}” {_span(other)}."
    who = _names(visit.patient for visit in other.visits) or "another booking"  # type: ignore[attr-defined]
    return f"{other.practitioner} has {who} {_span(other)}."


def _elsewhere(other: Booking, concerned: set[int]) -> str:
    visits = other.visits  # type: ignore[attr-defined]
    who = _names(visit.patient for visit in visits if visit.patient_id in concerned)
    return f"{who} is with {other.practitioner} {_span(other)}."


def _names(patients: Iterable[Patient]) -> str:
    return ", ".join(str(patient) for patient in patients)


def _span(other: Booking) -> str:
    words = formats()
    return f"{words.clock(other.local_start, short=True)} – {words.clock(other.local_end)}"


def _short(why: str) -> str:
    first = why.partition("\n")[0].strip()
    return first if len(first) <= 60 else f"{first[:59]}…"
