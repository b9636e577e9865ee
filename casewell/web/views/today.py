"""Today, the desk's own list: who arrives, in order, and what to put right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.gzip import gzip_page

from casewell.lib.days import is_plausible
from casewell.web.arrivals import arrivals_of
from casewell.web.desk_facts import with_desk_facts
from casewell.web.news import is_known, tag_of
from casewell.web.views.calendar_choice import keep_business
from casewell.web.views.today_choice import Desk, desk_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

ROWS = 100  # of a page: more than a practice has on most days


@gzip_page
def today(request: PracticeRequest) -> HttpResponse:
    """Today at the business, whatever day it is there."""
    return _page(request, None)


@gzip_page
def day(request: PracticeRequest, on: date) -> HttpResponse:
    return _page(request, on)


@gzip_page
def arrivals(request: PracticeRequest, on: date | None = None) -> HttpResponse:
    """The list alone, as its page asks for it again and again; 304 where nothing is new."""
    desk = desk_of(request, on)
    if desk is None:
        raise Http404
    tag = _tag(desk)
    if is_known(request, tag):
        return HttpResponseNotModified(headers={"ETag": tag})
    response = render(request, "today/today.html#arrivals", _context(request, desk, tag))
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return response


def _page(request: PracticeRequest, on: date | None) -> HttpResponse:
    desk = desk_of(request, on)
    if desk is None:
        return redirect("calendar", request.account.slug)  # which says what is lacking
    if chosen := _chosen_day(request):
        return redirect(desk.url("today-day", chosen))
    response = render(request, "today/today.html", _context(request, desk, _tag(desk)))
    if "business" in request.GET:
        keep_business(request, response, desk.business)
    return response


def _chosen_day(request: PracticeRequest) -> date | None:
    """The day in the head's form; None where it is none that can be meant."""
    try:
        day = parse_date(request.GET.get("date", ""))
    except ValueError:
        return None
    return day if day and is_plausible(day) else None


def _tag(desk: Desk) -> str:
    """On the day itself the list is drawn anew each minute too: what was to come is late."""
    minute = int(desk.now.timestamp()) // 60 if desk.is_now or desk.on is None else ""
    return tag_of(desk.account, minute)


def _context(request: PracticeRequest, desk: Desk, tag: str) -> dict[str, Any]:
    counts = _counts(desk)
    page = _page_of_list(request, desk, counts)
    asked_page = f"&page={page.number}" if "page" in request.GET else ""
    rows = arrivals_of(request.member, list(page.object_list), desk.now)
    return {
        "desk": desk,
        "counts": counts,
        "page_obj": page,
        "arrivals": rows,
        "now_before": _now_before(desk, page.object_list),
        "tag": tag,
        "feed_url": f"{desk.url('today-day-arrivals', desk.on)}{asked_page}",
        "here": f"{desk.url('today-day', desk.on)}{asked_page}",
        "path": desk.url("today-day", desk.on).partition("?")[0],
        "previous_url": desk.url("today-day", desk.day - timedelta(days=1)),
        "next_url": desk.url("today-day", desk.day + timedelta(days=1)),
        "today_url": desk.url("today-day", None),
    }


def _counts(desk: Desk) -> dict[str, int]:
    came, stayed_away = Q(arrived=True), Q(did_not_arrive=True)
    live = Q(cancelled_at=None)
    return desk.visits().aggregate(
        all=Count("pk", filter=live),
        arrived=Count("pk", filter=live & came),
        did_not_arrive=Count("pk", filter=live & stayed_away),
        cancelled=Count("pk", filter=~live),
        over=Count("pk", filter=live & Q(booking__ends_at__lte=desk.now)),
    )


def _page_of_list(request: PracticeRequest, desk: Desk, counts: dict[str, int]) -> Page[Any]:
    """The page asked for; on the day itself else the one on which now is."""
    related = ("booking__practitioner", "booking__appointment_type", "patient")
    pages: Paginator[Any] = Paginator(desk.visits().live().in_order().values("pk"), ROWS)
    pages.count = counts["all"]  # known already: no second count
    now_on = counts["over"] // ROWS + 1 if desk.is_now else 1
    page = pages.get_page(request.GET.get("page", min(now_on, pages.num_pages)))
    # Positions are counted for the rows shown alone, not for those of the pages before.
    shown = desk.account.attendees.filter(pk__in=page.object_list)
    rows = with_desk_facts(shown.with_position().with_first_visit()).select_related(*related)
    page.object_list = list(rows.in_order())
    for visit in page.object_list:
        visit.booking.business = desk.business
    return page


def _now_before(desk: Desk, visits: Any) -> int | None:
    """The visit above which the line of now stands; 0 below all, None on another day."""
    if not desk.is_now:
        return None
    return next((v.pk for v in visits if v.booking.starts_at > desk.now), 0)
