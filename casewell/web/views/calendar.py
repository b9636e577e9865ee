"""The calendar of a day, and the feed that keeps it current."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max
from django.http import Http404, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.practice import WEEKDAYS
from casewell.appointments.models import Attendee, Booking
from casewell.lib.formats import formats
from casewell.tenancy.ids import first_id_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.web.requests import PracticeRequest

MINUTES = "%Y-%m-%dT%H:%M"
NO_BUSINESS = "practices/no_business.html"


def today(request: PracticeRequest) -> HttpResponse:
    """The calendar of today, in the business's own time zone."""
    return _day(request, None)


def day(request: PracticeRequest, on: date) -> HttpResponse:
    return _day(request, on)


def _day(request: PracticeRequest, on: date | None) -> HttpResponse:
    businesses = list(request.account.businesses.live().order_by("id"))
    if not businesses:
        return render(request, NO_BUSINESS)
    business = _chosen(businesses, request.GET.get("business"))
    chosen = on or business.today()
    slug = request.account.slug
    feed = reverse("calendar-bookings", args=[slug, chosen])
    context = {
        "day": chosen,
        "previous": chosen - timedelta(days=1),
        "next": chosen + timedelta(days=1),
        "today": business.today(),
        "businesses": [{"id": b.pk, "name": str(b)} for b in businesses],
        "business": {"id": business.pk, "name": str(business), "time_zone": business.time_zone},
        "feed_url": f"{feed}?business={business.pk}",
        "clock": request.account.time_format,
        "step": request.account.slot_minutes,
        "book_url": reverse("booking-new", args=[slug]),
    }
    return render(request, "calendar/day.html", context)


def _chosen(businesses: list[Business], key: str | None) -> Business:
    if not key:
        return businesses[0]
    for business in businesses:
        if str(business.pk) == key:
            return business
    raise Http404


def bookings(request: PracticeRequest, on: date) -> HttpResponse:
    """The day as data; 304 without another query where nothing was changed since."""
    tag = _validator(request)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    key = request.GET.get("business", "")
    business = get_object_or_404(request.account.businesses.live(), pk=key if key.isdigit() else 0)
    feed = _feed(request, business, on)
    return JsonResponse(feed, headers={"ETag": tag, "Cache-Control": "private, no-cache"})


def _validator(request: PracticeRequest) -> str:
    """A word that changes with every change in the practice.

    Ids are made before their transaction commits, so the highest alone could miss one that
    commits late: the number of changes since yesterday tells it too.
    """
    yesterday = int(timezone.now().timestamp() // 86_400 - 1) * 86_400_000
    since = request.account.changes.filter(pk__gte=first_id_at(yesterday))
    seen = since.aggregate(n=Count("pk"), last=Max("pk"))
    return f'"{seen["n"]}-{seen["last"] or 0}"'


def _feed(request: PracticeRequest, business: Business, on: date) -> dict[str, Any]:
    spans = business.opening_hours.get(WEEKDAYS[on.weekday()], [])
    visits, blocked = list(_visits(request, business, on)), list(_blocks(request, business, on))
    tiles = [_tile(visit, request.account.slug) for visit in visits]
    blocks = [_block(block, request.account.slug) for block in blocked]
    # Whoever has a booking has a column, though they have left meanwhile.
    held = {b.practitioner_id: b.practitioner for b in [*blocked, *(v.booking for v in visits)]}
    staff = {p.pk: p for p in Practitioner.objects.working_at(business)} | held
    return {
        "now": timezone.now().astimezone(business.zone).strftime(MINUTES),
        "days": [{"date": on.isoformat(), "title": formats().weekday(on), "url": request.path}],
        "resources": [
            {
                "id": str(p.pk),
                "title": str(p),
                "subtitle": p.designation,
                "business": str(business.pk),
                "open": {on.isoformat(): spans},
            }
            for p in staff.values()
        ],
        "bookings": tiles + blocks,
    }


def _visits(request: PracticeRequest, business: Business, on: date) -> Iterable[Attendee]:
    held = request.account.bookings.live().filter(business=business).on_day(on, business.zone)
    visits = request.account.attendees.live().filter(booking__in=held)
    related = visits.select_related(
        "booking__appointment_type", "booking__practitioner", "patient", "case"
    )
    for visit in related.with_position().with_first_visit().in_order():
        visit.booking.business = business
        yield visit


def _blocks(request: PracticeRequest, business: Business, on: date) -> Iterable[Booking]:
    held = request.account.bookings.live().filter(business=business).on_day(on, business.zone)
    blocks = held.filter(kind=Booking.Kind.BLOCK).select_related(
        "unavailable_block_type", "practitioner"
    )
    for block in blocks:
        block.business = business
        yield block


def _tile(visit: Attendee, slug: str) -> dict[str, Any]:
    kind = visit.booking.appointment_type
    return _place(visit.booking, slug) | {
        "kind": "individual",
        "patient": str(visit.patient),
        "title": str(kind),
        "colour": kind.color if kind else "",
        "case": position_text(visit),
        "marks": [mark for mark, holds in _marks(visit).items() if holds],
    }


def _block(block: Booking, slug: str) -> dict[str, Any]:
    kind = block.unavailable_block_type
    return _place(block, slug) | {
        "kind": "block",
        "patient": "",
        "title": block.notes or str(kind or "Unavailable"),
        "colour": kind.color if kind else "#868e96",
        "case": "",
        "marks": [],
    }


def _place(booking: Booking, slug: str) -> dict[str, Any]:
    return {
        "id": str(booking.pk),
        "resourceId": str(booking.practitioner_id),
        "start": booking.local_start.strftime(MINUTES),
        "end": booking.local_end.strftime(MINUTES),
        "url": reverse("booking", args=[slug, booking.pk]),
    }


def position_text(visit: Attendee) -> str:
    """As on tiles: “3/10”, without a limit “3”, nothing where it does not count."""
    if visit.case is None or visit.position is None:
        return ""
    limit = visit.case.max_sessions
    return f"{visit.position}/{limit}" if limit else str(visit.position)


def _marks(visit: Attendee) -> dict[str, bool]:
    limit = visit.case.max_sessions if visit.case else None
    return {
        "arrived": visit.arrived,
        "did_not_arrive": visit.did_not_arrive,
        "first_visit": visit.is_first_visit,
        "note": bool(visit.notes or visit.booking.notes),
        "no_case": visit.case_id is None,
        "full": limit is not None and visit.position is not None and visit.position >= limit,
    }
