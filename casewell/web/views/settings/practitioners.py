"""Settings: practitioners, with their places, types and reference numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from casewell.accounts.models import Practitioner
from casewell.appointments.setting_up import PractitionerForm
from casewell.audit.reference_numbers import number_rows, store_numbers
from casewell.web.paging import page_of
from casewell.web.views.settings.sections import page_of_settings, where_next

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

SECTION = "settings-practitioners"


def practitioners(request: PracticeRequest) -> HttpResponse:
    former = request.GET.get("former") == "yes"
    rows = request.account.practitioners.filter(active=not former).select_related("user")
    found = rows.prefetch_related("places__business").order_by("last_name", "first_name", "id")
    context = {"page_obj": page_of(request, found), "former": former}
    return page_of_settings(request, "settings/practitioners.html", SECTION, context)


def new(request: PracticeRequest) -> HttpResponse:
    return _form(request, Practitioner(account=request.account))


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.practitioners.all()
    held = rows.select_for_update(no_key=True) if request.method == "POST" else rows
    return _form(request, get_object_or_404(held, pk=pk))


def _form(request: PracticeRequest, one: Practitioner) -> HttpResponse:
    posted = request.POST or None
    form = PractitionerForm(posted, instance=one)
    rows = number_rows(one, form.open_businesses, posted)
    if form.is_valid() and rows.is_valid():
        saved = form.save(by=request.actor)
        store_numbers(saved, rows, by=request.actor)
        for warning in filter(None, (row.warning for row in rows.forms)):
            messages.warning(request, warning)
        _tell_of_bookings(request, saved)
        messages.success(request, f"{saved} is saved.")
        return redirect(where_next(request, SECTION), request.account.slug)
    context = {"form": form, "rows": rows, "practitioner": one}
    status = 422 if form.is_bound else 200
    return page_of_settings(request, "settings/practitioner.html", SECTION, context, status)


def _tell_of_bookings(request: PracticeRequest, one: Practitioner) -> None:
    """Say what stays in the calendar of somebody who leaves."""
    if one.active:
        return
    live = request.account.bookings.live().filter(practitioner=one)
    if coming := live.filter(starts_at__gt=timezone.now()).count():
        messages.warning(request, f"{one} still has {coming} bookings to come.")
