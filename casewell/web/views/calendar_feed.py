"""The bookings of the calendar as data, which its page asks for again and again."""

from __future__ import annotations

import json
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page

from casewell.availability.hours import Hours
from casewell.lib.formats import formats
from casewell.lib.spans import joined
from casewell.lib.zones import day_span
from casewell.web.news import is_known, tag_of
from casewell.web.views.calendar_choice import Choice, chosen
from casewell.web.views.calendar_tiles import visit_tiles
from casewell.web.views.whole_tiles import whole_tiles

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Practitioner
    from casewell.appointments.models import BookingQuerySet
    from casewell.web.requests import PracticeRequest

MINUTES = "%Y-%m-%dT%H:%M"
# Who writes an answer holds one of them, found by the answer's key.
WRITING = tuple(Lock() for _ in range(64))


@gzip_page
def bookings(request: PracticeRequest, on: date) -> HttpResponse:
    """The day or week as data; 304 without another query where nothing was changed since."""
    tag = tag_of(request.account)
    if is_known(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag})
    choice = chosen(request, on)
    if choice is None:
        raise Http404
    told = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return HttpResponse(told_once(request, choice, tag), "application/json", headers=told)


def told_once(request: PracticeRequest, choice: Choice, tag: str) -> bytes:
    """The feed as JSON, written once for all who ask for the same within a moment.

    A booking makes each open calendar of the practice ask for it anew: who asks while it is being
    written waits for it.
    """
    whose = sha256(repr((choice.account.pk, tag, choice.key)).encode())
    answers, key = caches["moment"], whose.hexdigest()
    told: bytes | None = answers.get(key)
    if told is not None:
        return told
    with WRITING[whose.digest()[0] % len(WRITING)]:
        told = answers.get(key)
        if told is None:
            told = json.dumps(_feed(request, choice), cls=DjangoJSONEncoder).encode()
            answers.set(key, told)
    return told


def _feed(request: PracticeRequest, choice: Choice) -> dict[str, Any]:
    """Times are the wall clock of the businesses, as in `2026-03-03T09:15`."""
    held = _held(request, choice)
    tiles = [*visit_tiles(request.account, held, choice), *whole_tiles(held, choice)]
    return {
        "now": timezone.now().astimezone(choice.business.zone).strftime(MINUTES),
        "zone": choice.zone_name,
        "several_places": len(choice.businesses) > 1,
        "days": [_day(choice, day) for day in choice.days],
        "resources": _columns(choice, tiles),
        "booking_url": reverse("booking", args=[choice.account.slug, 0]).removesuffix("0"),
        "bookings": tiles,
    }


def _day(choice: Choice, day: date) -> dict[str, Any]:
    return {
        "date": day.isoformat(),
        "title": formats().weekday(day),
        "weekday": f"{day:%a}",
        "number": day.day,
        "url": choice.url("calendar-day", day, view="day"),
    }


def _columns(choice: Choice, tiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    staff = {key: choice.staff[key] for key in choice.shown or choice.staff}
    # Whoever has a booking has a column, though they have left meanwhile.
    left = {int(tile["resourceId"]) for tile in tiles} - set(staff)
    if left and not choice.shown:
        staff |= choice.account.practitioners.in_bulk(left)
    return [_column(choice, key, practitioner) for key, practitioner in staff.items()]


def _column(choice: Choice, key: int, practitioner: Practitioner) -> dict[str, Any]:
    # Who works there no more has the opening hours, as whoever has no hours of their own.
    hours = choice.hours.get(key) or [Hours(practitioner, choice.business)]
    return {
        "id": str(key),
        "title": str(practitioner),
        "subtitle": practitioner.designation,
        "business": str(hours[0].business.pk),
        "places": [str(one.business.pk) for one in hours],
        "open": {
            day.isoformat(): joined(span for one in hours for span in one.clock_spans(day))
            for day in choice.days
        },
    }


def _held(request: PracticeRequest, choice: Choice) -> BookingQuerySet:
    """The bookings of which some part lies in those days."""
    zone = choice.business.zone
    begin, end = day_span(choice.days[0], zone)[0], day_span(choice.days[-1], zone)[1]
    held = request.account.bookings.live().overlapping(begin, end)
    if choice.shown or choice.view == "week":
        held = held.filter(practitioner__in=choice.shown)
    return held.filter(business__in=choice.businesses)
