"""The bookings of the calendar as data, which its page asks for again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from casewell.appointments.models import Attendee, Booking
from casewell.cases.referral import has_expired, is_expiring
from casewell.lib.formats import formats
from casewell.lib.zones import day_span
from casewell.web.news import is_known, tag_of
from casewell.web.views.calendar_choice import Choice, chosen, opening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from casewell.accounts.models import Practitioner
    from casewell.appointments.models import BookingQuerySet
    from casewell.web.requests import PracticeRequest

MINUTES = "%Y-%m-%dT%H:%M"
NO_COLOUR = "#868e96"


@gzip_page
def bookings(request: PracticeRequest, on: date) -> HttpResponse:
    """The day or week as data; 304 without another query where nothing was changed since."""
    tag = tag_of(request.account)
    if is_known(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag})
    choice = chosen(request, on)
    if choice is None:
        raise Http404
    feed = _feed(request, choice)
    return JsonResponse(feed, headers={"ETag": tag, "Cache-Control": "private, no-cache"})


def _feed(request: PracticeRequest, choice: Choice) -> dict[str, Any]:
    """Times are the wall clock of the businesses, as in `2026-03-03T09:15`."""
    visits, blocks = list(_visits(request, choice)), list(_blocks(request, choice))
    return {
        "now": timezone.now().astimezone(choice.business.zone).strftime(MINUTES),
        "zone": choice.zone_name,
        "several_places": len(choice.businesses) > 1,
        "days": [_day(choice, day) for day in choice.days],
        "resources": _columns(choice, [*blocks, *(visit.booking for visit in visits)]),
        "booking_url": reverse("booking", args=[choice.account.slug, 0]).removesuffix("0"),
        "bookings": [*map(_visit_tile, visits), *map(_block_tile, blocks)],
    }


def _day(choice: Choice, day: date) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "title": formats().weekday(day),
        "weekday": f"{day:%a}",
        "number": day.day,
        "url": choice.url("calendar-day", day, view="day"),
    }


def _columns(choice: Choice, held: list[Booking]) -> list[dict[str, Any]]:
    staff = {key: choice.staff[key] for key in choice.shown or choice.staff}
    # Whoever has a booking has a column, though they have left meanwhile.
    if not choice.shown:
        staff |= {b.practitioner_id: b.practitioner for b in held if b.practitioner_id not in staff}
    return [_column(choice, key, practitioner) for key, practitioner in staff.items()]


def _column(choice: Choice, key: int, practitioner: Practitioner) -> dict[str, Any]:
    works_at = choice.places.get(key, [])
    places = [b for b in choice.businesses if b.pk in works_at] or [choice.business]
    return {
        "id": str(key),
        "title": str(practitioner),
        "subtitle": practitioner.designation,
        "business": str(places[0].pk),
        "places": [str(place.pk) for place in places],
        "open": {
            day.isoformat(): _joined([span for b in places for span in opening(b, day)])
            for day in choice.days
        },
    }


def _joined(spans: list[list[str]]) -> list[list[str]]:
    """The same times, in order and without overlaps.

    >>> _joined([["13:00", "18:00"], ["08:00", "12:00"], ["11:00", "12:30"]])
    [['08:00', '12:30'], ['13:00', '18:00']]
    """
    joined: list[list[str]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], end)
        else:
            joined.append([start, end])
    return joined


def _held(request: PracticeRequest, choice: Choice) -> BookingQuerySet:
    """The bookings of which some part lies in those days."""
    zone = choice.business.zone
    begin, end = day_span(choice.days[0], zone)[0], day_span(choice.days[-1], zone)[1]
    held = request.account.bookings.live().overlapping(begin, end)
    if choice.shown or choice.view == "week":
        held = held.filter(practitioner__in=choice.shown)
    return held.filter(business__in=choice.businesses)


def _visits(request: PracticeRequest, choice: Choice) -> Iterable[Attendee]:
    visits = request.account.attendees.live().filter(booking__in=_held(request, choice))
    related = visits.select_related(
        "booking__appointment_type", "booking__practitioner", "patient", "case"
    )
    places = {business.pk: business for business in choice.businesses}
    for visit in related.with_position().with_first_visit().in_order():
        visit.booking.business = places[visit.booking.business_id]
        yield visit


def _blocks(request: PracticeRequest, choice: Choice) -> Iterable[Booking]:
    blocks = _held(request, choice).filter(kind=Booking.Kind.BLOCK)
    places = {business.pk: business for business in choice.businesses}
    for block in blocks.select_related("unavailable_block_type", "practitioner"):
        block.business = places[block.business_id]
        yield block


def _visit_tile(visit: Attendee) -> dict[str, Any]:
    kind = visit.booking.appointment_type
    return place_of(visit.booking) | {
        "kind": "individual",
        "patient": str(visit.patient),
        "title": str(kind),
        "colour": kind.color if kind else "",
        "case": position_text(visit),
        "marks": [mark for mark, holds in _marks(visit).items() if holds],
    }


def _block_tile(block: Booking) -> dict[str, Any]:
    kind = block.unavailable_block_type
    return place_of(block) | {
        "kind": "block",
        "patient": "",
        "title": block.notes or str(kind or "Unavailable"),
        "colour": kind.color if kind else NO_COLOUR,
        "case": "",
        "marks": [],
    }


def place_of(booking: Booking) -> dict[str, Any]:
    """When and with whom a booking is, as the calendar's page has it."""
    return {
        "id": str(booking.pk),
        "resourceId": str(booking.practitioner_id),
        "place": str(booking.business),
        "business": str(booking.business_id),
        "version": booking.version,
        "start": booking.local_start.strftime(MINUTES),
        "end": booking.local_end.strftime(MINUTES),
    }


def position_text(visit: Attendee) -> str:
    """As on tiles: “3/10”, without a limit “3”, nothing where it does not count."""
    if visit.case is None or visit.position is None:
        return ""
    limit = visit.case.max_sessions
    return f"{visit.position}/{limit}" if limit else str(visit.position)


def _marks(visit: Attendee) -> dict[str, bool]:
    """The facts that a tile marks, in the order in which it shows them."""
    limit = visit.case.max_sessions if visit.case else None
    return {
        "arrived": visit.arrived,
        "did_not_arrive": visit.did_not_arrive,
        "confirmed": visit.confirmed_at is not None and not visit.arrived,
        "first_visit": visit.is_first_visit,
        "telehealth": _is_telehealth(visit),
        "no_case": visit.case_id is None,
        "full": limit is not None and visit.position is not None and visit.position >= limit,
        **_expiry(visit),
        "note": bool(visit.notes or visit.booking.notes),
    }


def _is_telehealth(visit: Attendee) -> bool:
    kind = visit.booking.appointment_type
    return kind is not None and kind.telehealth_enabled


def _expiry(visit: Attendee) -> dict[str, bool]:
    """Whether, at the visit, its case's referral has expired, or is about to."""
    if visit.case is None:
        return {"expired": False, "expiring": False}
    day = visit.booking.local_start.date()
    return {"expired": has_expired(visit.case, day), "expiring": is_expiring(visit.case, day)}
