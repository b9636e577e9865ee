"""The list of appointments: filtered, ordered, with columns to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from casewell.web import long_list
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
from casewell.web.long_list import address_of, asked_of, of_the_list, page_of_ids, with_columns_kept
from casewell.web.views.calendar_choice import zone_in_words

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.appointments.models.attendee_queryset import AttendeeQuerySet
    from casewell.web.requests import PracticeRequest

Line = tuple["Attendee", str, list[tuple["Column", str]]]  # with its time zone, and the cells


@gzip_page
def appointments(request: PracticeRequest) -> HttpResponse:
    """The appointments that the address asks for."""
    form = AppointmentFilter(request.GET, request.member)
    asked, sort = asked_of(request, form, "sort", "rows"), request.GET.get("sort", "")
    if "column" in request.GET:
        chosen = columns_of(request, request.GET.getlist("column"))
        return with_columns_kept(request, asked, KEPT, chosen)
    counts = _counts(form.visits())
    page = page_of_ids(request, form.visits().order_by(*order_of(sort)), counts["all"])
    columns = kept_columns(request)
    context = {
        "form": form,
        "asked": asked,
        "counts": counts,
        "lines": _lines(visits_with_all(request.account, page.object_list, columns), columns),
        "columns": columns,
        "choices": [(column, column in columns) for column in columns_for(request)],
        "sort": sort or "when",
    } | of_the_list(page, counts["all"])
    response = render(request, "appointments/appointments.html", context)
    response["HX-Push-Url"] = address_of(request, asked)
    return response


def _counts(visits: AttendeeQuerySet) -> dict[str, int]:
    """How many there are, up to one more than can be paged through, and what became of them."""
    live = Q(cancelled_at=None)
    return visits.order_by()[: long_list.MOST + 1].aggregate(
        all=Count("pk"),
        arrived=Count("pk", filter=live & Q(arrived=True)),
        did_not_arrive=Count("pk", filter=live & Q(did_not_arrive=True)),
        cancelled=Count("pk", filter=~live),
    )


def _lines(visits: list[Attendee], columns: list[Column]) -> list[Line]:
    return [
        (visit, _other_zone(visit), [(column, column.text(visit)) for column in columns])
        for visit in visits
    ]


def _other_zone(visit: Attendee) -> str:
    """The visit's time zone in words, where it is not the practice's own."""
    business = visit.booking.business
    return zone_in_words(business) if business.time_zone != visit.account.time_zone else ""
