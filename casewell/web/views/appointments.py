"""The list of appointments: filtered, ordered, with columns to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page

from casewell.web.appointment_columns import (
    KEPT,
    Column,
    columns_for,
    columns_of,
    kept_columns,
    order_of,
    visits_with_all,
)
from casewell.web.appointment_filter import AppointmentFilter
from casewell.web.views.calendar_choice import zone_in_words

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from casewell.appointments.models import Attendee
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.web.requests import PracticeRequest

Line = tuple["Attendee", str, list[tuple["Column", str]]]  # with its time zone, and the cells
ROWS, MANY_ROWS = 100, 500  # of a page; the latter to print
MOST = 10_000  # rows that are counted and can be paged through
KEPT_FOR = 365 * 24 * 3600


@gzip_page
def appointments(request: PracticeRequest) -> HttpResponse:
    """The appointments that the address asks for."""
    form = AppointmentFilter(request.GET, request.member)
    if "column" in request.GET:
        return _columns_kept(request, form)
    asked, sort = _asked(request, form), request.GET.get("sort", "")
    counts = _counts(form.visits())
    page = _page_of(request, form.visits().order_by(*order_of(sort)), counts["all"])
    columns = kept_columns(request)
    context = {
        "form": form,
        "asked": asked,
        "counts": counts,
        "too_many": counts["all"] > MOST,
        "most": f"{MOST:,}",
        "page_obj": page,
        "lines": _lines(visits_with_all(request.account, page.object_list, columns), columns),
        "columns": columns,
        "choices": [(column, column in columns) for column in columns_for(request)],
        "sort": sort or "when",
        "many_rows": MANY_ROWS if counts["all"] > ROWS and page.paginator.per_page == ROWS else 0,
    }
    response = render(request, "appointments/appointments.html", context)
    response["HX-Push-Url"] = _address(request, asked)
    return response


def _asked(request: PracticeRequest, form: AppointmentFilter) -> QueryDict:
    """What the address says of filter, order and length, without what is left open."""
    query = form.query
    for name in ("sort", "rows"):
        if request.GET.get(name):
            query[name] = request.GET[name]
    return query


def _address(request: PracticeRequest, asked: QueryDict) -> str:
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _counts(visits: AttendeeQuerySet) -> dict[str, int]:
    """How many there are, up to one more than can be paged through, and what became of them."""
    live = Q(cancelled_at=None)
    return visits.order_by()[: MOST + 1].aggregate(
        all=Count("pk"),
        arrived=Count("pk", filter=live & Q(arrived=True)),
        did_not_arrive=Count("pk", filter=live & Q(did_not_arrive=True)),
        cancelled=Count("pk", filter=~live),
    )


def _page_of(request: PracticeRequest, visits: AttendeeQuerySet, count: int) -> Page[Any]:
    """The ids of one page."""
    size = MANY_ROWS if request.GET.get("rows") == str(MANY_ROWS) else ROWS
    pages = Paginator(visits.values_list("pk", flat=True), size)
    pages.count = min(count, MOST)  # known already: no second count
    page = pages.get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return page


def _lines(visits: list[Attendee], columns: list[Column]) -> list[Line]:
    return [
        (visit, _other_zone(visit), [(column, column.text(visit)) for column in columns])
        for visit in visits
    ]


def _other_zone(visit: Attendee) -> str:
    """The visit's time zone in words, where it is not the practice's own."""
    business = visit.booking.business
    return zone_in_words(business) if business.time_zone != visit.account.time_zone else ""


def _columns_kept(request: PracticeRequest, form: AppointmentFilter) -> HttpResponse:
    """Keep the chosen columns in this browser; the address goes on without them."""
    chosen = columns_of(request, request.GET.getlist("column"))
    response = redirect(_address(request, _asked(request, form)))
    response.set_cookie(
        KEPT,
        ".".join(column.key for column in chosen),
        max_age=KEPT_FOR,
        path=f"/{request.account.slug}/",
        httponly=True,
        samesite="Lax",
    )
    return response
