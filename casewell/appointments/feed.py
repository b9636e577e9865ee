"""What a practitioner's calendar feed says: bookings, classes with their count, blocks."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from casewell.appointments.models import Booking
from casewell.audit.models import Change
from casewell.lib.ical import Entry
from casewell.lib.zones import day_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from casewell.appointments.models import Attendee, BookingQuerySet, CalendarFeed

BEHIND, AHEAD = timedelta(days=30), timedelta(days=180)


def entries_of(feed: CalendarFeed, address_of: Callable[[int], str]) -> Iterator[Entry]:
    """Each booking of the practitioner that is on, from 30 days ago to 180 days ahead.

    What is cancelled is left out: a program that reads the whole calendar each time drops it.
    Two statements.
    """
    bookings = list(_bookings(feed))
    visits = _visits(feed, bookings)
    for one in bookings:
        inside = visits[one.pk]
        yield Entry(
            uid=f"{one.pk}.{one.account_id}@casewell",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            summary=_summary(one, inside, with_names=feed.with_names),
            created_at=one.created_at,
            revised_at=max([one.updated_at, *(visit.updated_at for visit in inside)]),
            revision=one.revision,  # type: ignore[attr-defined]
            location=_place(one),
            description=one.notes if feed.with_names else "",
            url=address_of(one.pk),
        )


def _bookings(feed: CalendarFeed) -> BookingQuerySet:
    today, zone = feed.account.today(), feed.account.zone
    first, last = day_span(today - BEHIND, zone)[0], day_span(today + AHEAD, zone)[1]
    told = Change.objects.filter(
        target_type=Booking._meta.label_lower, target_id=OuterRef("pk")
    ).values("target_type")
    changes = Subquery(told.annotate(n=Count("id")).values("n"))
    rows = feed.account.bookings.live().filter(practitioner=feed.practitioner_id)
    found: BookingQuerySet = rows.filter(starts_at__gte=first, starts_at__lt=last)
    return (
        found.annotate(revision=Coalesce(changes, 0))
        .select_related("business", "appointment_type", "unavailable_block_type")
        .order_by("starts_at", "id")
    )


def _visits(feed: CalendarFeed, bookings: Sequence[Booking]) -> dict[int, list[Attendee]]:
    rows = feed.account.attendees.live().filter(booking__in=[one.pk for one in bookings])
    found: dict[int, list[Attendee]] = defaultdict(list)
    for visit in rows.select_related("patient").order_by("id"):
        found[visit.booking_id].append(visit)
    return found


def _summary(one: Booking, visits: Iterable[Attendee], *, with_names: bool) -> str:
    """What it is; who it is only where that is wanted."""
    if one.is_block:
        return str(one.unavailable_block_type or "Unavailable")
    kind = str(one.appointment_type)
    if one.kind == Booking.Kind.GROUP:
        return f"{kind} ({len(list(visits))} of {one.max_attendees})"
    names = ", ".join(str(visit.patient) for visit in visits) if with_names else ""
    return f"{names} – {kind}" if names else kind


def _place(one: Booking) -> str:
    at = one.business
    parts = (str(at), at.address_1, at.address_2, at.city, at.state, at.post_code)
    return ", ".join(filter(None, parts))
