"""The calendar's page, a day or a week of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from casewell.appointments.setting_up import first_step
from casewell.web.views.calendar_choice import DAY, WEEK, Choice, chosen, zone_in_words

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

NOT_SET_UP = "practices/not_set_up.html"


# Compressed, though it holds a secret: the form tokens are masked anew in every answer, and
# Django pads what it compresses with random bytes, so that lengths tell nothing (BREACH).
@gzip_page
def today(request: PracticeRequest) -> HttpResponse:
    """The calendar of today, in the business's own time zone."""
    return _calendar(request, None)


@gzip_page
def day(request: PracticeRequest, on: date) -> HttpResponse:
    return _calendar(request, on)


def _calendar(request: PracticeRequest, on: date | None) -> HttpResponse:
    step = first_step(request.account)
    choice = None if step else chosen(request, on)
    if choice is None:
        return render(request, NOT_SET_UP, {"step": step})
    response = render(request, "calendar/calendar.html", _context(choice))
    if "view" in request.GET:
        choice.keep(response)
    return response


def _context(choice: Choice) -> dict[str, Any]:
    slug, now = choice.account.slug, choice.business.today()
    return {
        "choice": choice,
        "today": now,
        "is_now": now in choice.days,
        "previous_url": choice.url("calendar-day", choice.moved(-1)),
        "today_url": choice.url("calendar-day", now),
        "next_url": choice.url("calendar-day", choice.moved(1)),
        "views": [
            (view, label, choice.url("calendar-day", view=view))
            for view, label in ((DAY, "Day"), (WEEK, "Week"))
        ],
        "here": reverse("calendar-day", args=[slug, choice.day]),
        "feed_url": choice.url("calendar-bookings"),
        "book_url": reverse("booking-new", args=[slug]),
        "zones": _by_zone(choice),
        "practitioners": _practitioners(choice),
        "practitioners_shown": _shown_in_words(choice),
    }


def _by_zone(choice: Choice) -> list[dict[str, Any]]:
    """The businesses to choose from, those of a zone together: only they can be seen at once."""
    in_order = sorted(choice.offered, key=lambda business: business.time_zone)
    return [
        {
            "name": zone_in_words(same[0]),
            "businesses": [
                {"id": b.pk, "name": str(b), "shown": b in choice.businesses} for b in same
            ],
        }
        for same in (list(group) for _, group in groupby(in_order, lambda b: b.time_zone))
    ]


def _practitioners(choice: Choice) -> list[dict[str, Any]]:
    return [
        {
            "id": key,
            "name": str(who),
            "shown": not choice.shown or key in choice.shown,
            "url": choice.alone(key),
        }
        for key, who in choice.staff.items()
    ]


def _shown_in_words(choice: Choice) -> str:
    if len(choice.shown) == 1:
        return str(choice.staff[choice.shown[0]])
    return f"{len(choice.shown)} of {len(choice.staff)}" if choice.shown else "Practitioners"
