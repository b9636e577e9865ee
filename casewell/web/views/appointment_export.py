"""The list of appointments as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casewell.appointments.models import Attendee
from casewell.audit.models import record_export
from casewell.lib.formats import written_as
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of
from casewell.tenancy.scope import account_scope
from casewell.web.appointment_columns import kept_columns, order_of, visits_with_all
from casewell.web.appointment_filter import AppointmentFilter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.http import HttpResponse

    from casewell.accounts.models import Account
    from casewell.web.appointment_columns import Column
    from casewell.web.requests import PracticeRequest

MOST = 100_000  # rows
AT_ONCE = 1_000  # rows that are held in memory


def as_csv(request: PracticeRequest) -> HttpResponse:
    """The same list whole, with the columns that are shown; who took it out is written down."""
    form, columns = AppointmentFilter(request.GET, request.member), kept_columns(request)
    order = order_of(request.GET.get("sort", ""))
    keys = list(form.visits().order_by(*order).values_list("pk", flat=True)[: MOST + 1])
    if not form.is_valid() or len(keys) > MOST:
        messages.error(request, "Choose fewer days: no more than 100,000 rows can be taken out.")
        address = reverse("appointments", args=[request.account.slug])
        return redirect(f"{address}?{request.GET.urlencode()}")
    what = {"rows": len(keys), "filter": form.words, "columns": [column.key for column in columns]}
    record_export(Attendee, what, account=request.account, by=request.actor)
    response = StreamingHttpResponse(
        _csv(request.account, keys, columns), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{_file_name(*form.days)}"'
    return cast("HttpResponse", response)  # which it is in all that the door asks of it


def _file_name(first: date | None, last: date | None) -> str:
    days = [day.isoformat() for day in dict.fromkeys((first, last)) if day]
    return f"{'-'.join(['appointments', *days])}.csv"


def _csv(account: Account, keys: list[int], columns: list[Column]) -> Iterator[str]:
    """The file, part by part; each part is read in a scope of its own, for the view's is over."""
    headings = ["Date", "Start", "Time zone", "Patient", *(column.label for column in columns)]
    yield BYTE_ORDER_MARK + line_of(headings)
    for first in range(0, len(keys), AT_ONCE):
        with account_scope(account), written_as(account.formats):
            visits = visits_with_all(account, keys[first : first + AT_ONCE], columns)
            part = "".join(_line(visit, columns) for visit in visits)
        yield part


def _line(visit: Attendee, columns: list[Column]) -> str:
    start = visit.booking.local_start
    when = [start.date().isoformat(), f"{start:%H:%M}", visit.booking.business.time_zone]
    cells = [column.text(visit) for column in columns]
    return line_of([*when, visit.patient.listed_name, *cells])
