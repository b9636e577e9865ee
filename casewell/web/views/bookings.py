"""The panel of a booking that is there: what it shows, and what can be done with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewell.accounts.roles import Permission
from casewell.appointments.change_forms import CancelForm, NoteForm, TypeForm
from casewell.appointments.clock_times import fold_of
from casewell.appointments.forms import TimeForm
from casewell.invoices.models import balance_of, money_of
from casewell.lib.errors import RuleViolation
from casewell.reminders.models import with_reminders
from casewell.web.case_choices import NONE, choices_for
from casewell.web.clashes import unseen
from casewell.web.meanwhile import changes_of, changes_seen, refusal_of
from casewell.web.patient_card import alert_names, card_of
from casewell.web.reminded import reminders_of
from casewell.web.requests import key_in, way_back
from casewell.web.views.calendar_tiles import position_text
from casewell.web.views.moves import carried
from casewell.web.visit_invoices import with_invoices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.forms import BaseForm
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee, Booking, Clash
    from casewell.cases.models import PatientCase
    from casewell.web.full_case import Stuck
    from casewell.web.requests import PracticeRequest


def booking(request: PracticeRequest, pk: int) -> HttpResponse:
    """A booking with its patient, its case and what can be done."""
    return shown(request, booking_of(request, pk))


def booking_of(request: PracticeRequest, pk: int) -> Booking:
    rows = request.account.bookings.select_related(
        "account", "business", "practitioner", "appointment_type", "unavailable_block_type"
    )
    return get_object_or_404(rows, pk=pk)


def _held(request: PracticeRequest, pk: int) -> Booking:
    """The booking to change, locked to the end of the request."""
    rows = request.account.bookings.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(rows.select_related("account", "business", "practitioner"), pk=pk)


def _visit(one: Booking, *, with_money: bool) -> Attendee | None:
    """The one patient of an individual appointment; None for a block. `with_money` for those who
    may see what is invoiced and owed.
    """
    rows = one.attendees.with_position().select_related("patient")
    rows = with_reminders(rows.annotate(alert_names=alert_names(), changes_seen=changes_seen()))
    if with_money:
        rows = with_invoices(rows).annotate(**money_of("patient_id"))
    visit = rows.order_by("id").first()
    if visit is not None:
        visit.booking = one
    return visit


def visit_to_change(request: PracticeRequest, pk: int) -> Attendee:
    visits = request.account.attendees.filter(booking_id=pk).select_related(
        "patient", "case", "booking__practitioner"
    )
    return get_object_or_404(visits.order_by("id")[:1])


def shown(
    request: PracticeRequest,
    one: Booking,
    *,
    refusal: str = "",
    stuck: Stuck | None = None,
    chosen: str | None = None,
    clashes: Iterable[Clash] = (),
    **sent: BaseForm,
) -> HttpResponse:
    """The panel; `sent` are forms, by their names in the template, that were refused."""
    sees_money = request.member.may(Permission.SEE_INVOICES)
    visit, today = _visit(one, with_money=sees_money), request.account.today()
    context: dict[str, Any] = {
        "booking": one,
        "visit": visit,
        "time_form": TimeForm(initial=_time_of(one)),
        "type_form": TypeForm(initial={"appointment_type": one.appointment_type_id}),
        "note_form": NoteForm(instance=one),
        "cancel_form": CancelForm(),
        "refusal": refusal,
        "full_case": stuck.dialogue if stuck else None,
        "clashes": clashes,
        "carried": json.dumps(carried(one, visit)),
        "today": today,
        "is_to_come": one.starts_at > timezone.now(),
        "seen_changes": visit.changes_seen if visit else changes_of(one, None).count(),  # type: ignore[attr-defined]
    } | sent
    if visit is not None:
        now_in = str(visit.case_id) if visit.case_id else NONE
        chosen = chosen or request.GET.get("case") or now_in
        day = one.local_start.date()
        cases = choices_for(visit.patient, day, chosen=chosen, visit=visit)
        visit.case = cases.of(visit.case_id)
        context["cases"] = cases
        context["left"] = _left(request, visit)
        context["reminders"] = list(reminders_of(visit))
        context["card"] = card_of(visit.patient, today, visit.alert_names)  # type: ignore[attr-defined]
        context["position"] = position_text(visit)
        context["balance"] = balance_of(visit) if sees_money else None
    failed = refusal or stuck or any(form.errors for form in sent.values())
    return render(request, "bookings/booking.html", context, status=422 if failed else 200)


def _left(request: PracticeRequest, visit: Attendee) -> PatientCase | None:
    """The case that the visit was just taken out of, to take that back."""
    key = key_in(request.GET.get("left"))
    return visit.patient.cases.live().filter(pk=key).first() if key and not visit.case_id else None


def _time_of(one: Booking) -> dict[str, Any]:
    start = one.local_start
    return {
        "business": one.business_id,
        "practitioner": one.practitioner_id,
        "date": start.date(),
        "time": start.time(),
        "minutes": one.minutes,
        "fold": fold_of(one.starts_at, one.business.zone),
    }


@require_POST
def move(request: PracticeRequest, pk: int) -> HttpResponse:
    one = _held(request, pk)
    form = TimeForm(request.POST)
    clashes = one.elsewhere(**form.span()).clashing() if form.is_valid() else []
    stale = refusal_of(request, one) or unseen(request, clashes)
    if not form.is_valid() or stale:
        one = booking_of(request, pk)
        return shown(request, one, refusal=stale, clashes=clashes, time_form=form)
    try:
        one.move(by=request.actor, **form.span())
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal), time_form=form)
    return back_from(request, pk)


@require_POST
def change_type(request: PracticeRequest, pk: int) -> HttpResponse:
    one, form = _held(request, pk), TypeForm(request.POST)
    stale = refusal_of(request, one)
    if one.is_block or not form.is_valid() or stale:
        return shown(request, booking_of(request, pk), type_form=form, refusal=stale)
    kind, minutes = form.cleaned_data["appointment_type"], form.cleaned_data["minutes"]
    try:
        one.change_type(kind, minutes, by=request.actor)
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal), type_form=form)
    _say_what_clashes(request, one)
    return back_from(request, pk)


def _say_what_clashes(request: PracticeRequest, one: Booking) -> None:
    for clash in one.clashing():
        messages.warning(request, str(clash))


@require_POST
def cancel(request: PracticeRequest, pk: int) -> HttpResponse:
    form, one = CancelForm(request.POST), booking_of(request, pk)
    stale = refusal_of(request, one)
    if not form.is_valid() or stale:
        return shown(request, one, cancel_form=form, refusal=stale)
    reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
    return _acted(request, pk, lambda visit: visit.cancel(reason, note, by=request.actor))


@require_POST
def confirm(request: PracticeRequest, pk: int) -> HttpResponse:
    """The patient will come or, with `confirmed=no`, has not said so."""
    if request.POST.get("confirmed") == "no":
        return _acted(request, pk, lambda visit: visit.unconfirm(by=request.actor))
    return _acted(request, pk, lambda visit: visit.confirm(by=request.actor))


@require_POST
def set_note(request: PracticeRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST, instance=_held(request, pk))
    if not form.is_valid():
        return shown(request, booking_of(request, pk), note_form=form)
    form.save(by=request.actor)
    return back_from(request, pk)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.bookings, pk=pk).archive(by=request.actor)
    return back_from(request, pk)


def _acted(request: PracticeRequest, pk: int, act: Callable[[Attendee], None]) -> HttpResponse:
    """The booking after `act` on its visit, or with why that was refused."""
    visit = visit_to_change(request, pk)
    try:
        act(visit)
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal))
    return back_from(request, pk)


def back_from(request: PracticeRequest, pk: int) -> HttpResponse:
    """The page that the form came from, where it says so; else the booking itself."""
    if back := way_back(request):
        return redirect(back)
    return redirect("booking", request.account.slug, pk)
