"""The launches of one connected app: by days, and as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.http import QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from casewell.audit.models import record_export
from casewell.connections.models import AppLaunch
from casewell.lib.fields import DayField
from casewell.lib.formats import formats, written_as
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of
from casewell.lib.zones import day_span
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from casewell.accounts.models import Account
    from casewell.connections.models import ConnectedApp
    from casewell.web.requests import PracticeRequest

MOST = 100_000  # rows of a file
AT_ONCE = 1_000  # rows that are held in memory
SHOWN = ("patient", "user", "case", "booking__business")
HEADINGS = ("Date", "Time", "Time zone", "User", "Patient", "From", "Opened", "Signed")


class LaunchDays(forms.Form):
    """Which days, by the practice's clocks; an end that is left open is not filtered by."""

    start = DayField(required=False, label="From")
    until = DayField(required=False, label="Until")

    def __init__(self, asked: QueryDict, account: Account) -> None:
        super().__init__(asked, label_suffix="")
        self.account = account

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("start"), cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", "The last day is before the first one.")
        return cleaned

    @property
    def words(self) -> str:
        """The days as they are told; empty for all."""
        start, until = self.cleaned_data.get("start"), self.cleaned_data.get("until")
        told = [f"from {formats().day(start)}"] if start else []
        told += [f"until {formats().day(until)}"] if until else []
        return " ".join(told)

    def launches(self, app: ConnectedApp) -> QuerySet[AppLaunch]:
        """Latest first; none where the days are not valid."""
        found = app.launches.select_related(*SHOWN).order_by("-id")
        if not self.is_valid():
            return found.none()
        zone, days = self.account.zone, self.cleaned_data
        if days["start"]:
            found = found.filter(created_at__gte=day_span(days["start"], zone)[0])
        if days["until"]:
            found = found.filter(created_at__lt=day_span(days["until"], zone)[1])
        return found


def as_csv(request: PracticeRequest, app: ConnectedApp) -> HttpResponse:
    """The list whole; who took it out is written down."""
    form = LaunchDays(request.GET, request.account)
    keys = list(form.launches(app).values_list("pk", flat=True)[: MOST + 1])
    if not form.is_valid() or len(keys) > MOST:
        messages.error(request, "Choose fewer days: no more than 100,000 rows can be taken out.")
        return redirect("settings-app-launches", request.account.slug, app.pk)
    what = {"rows": len(keys), "app": app.name, "days": form.words}
    record_export(AppLaunch, what, account=request.account, by=request.actor)
    response = StreamingHttpResponse(
        _csv(request.account, keys), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="launches.csv"'
    return cast("HttpResponse", response)  # which it is in all that the door asks of it


def _csv(account: Account, keys: list[int]) -> Iterator[str]:
    """The file, part by part; each part is read in a scope of its own, for the view's is over."""
    yield BYTE_ORDER_MARK + line_of(HEADINGS)
    for first in range(0, len(keys), AT_ONCE):
        with account_scope(account), timezone.override(account.zone), written_as(account.formats):
            rows = AppLaunch.objects.filter(pk__in=keys[first : first + AT_ONCE])
            found = rows.select_related(*SHOWN).order_by("-id")
            part = "".join(line_of(_cells(launch)) for launch in found)
        yield part


def _cells(launch: AppLaunch) -> list[str]:
    local = timezone.localtime(launch.created_at)
    return [
        local.date().isoformat(),
        f"{local:%H:%M}",
        str(local.tzinfo),
        str(launch.user),
        launch.patient.listed_name,
        came_from(launch),
        launch.address,
        "yes" if launch.is_signed else "no",
    ]


def came_from(launch: AppLaunch) -> str:
    """The page on which the button was pressed, in words; an appointment with its case."""
    told = []
    if launch.booking:
        start = launch.booking.local_start
        told.append(f"Appointment: {formats().weekday(start)} {formats().clock(start)}")
    if launch.case:
        told.append(f"Case: {launch.case.name}")
    return ", ".join(told) or "Patient"
