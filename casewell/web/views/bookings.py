"""The panel of a booking that is there: what it shows, and what can be done with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.appointments.change_forms import CancelForm, NoteForm, TypeForm
from casewell.appointments.clock_times import fold_of
from casewell.appointments.forms import TimeForm
from casewell.lib.errors import RuleViolation
from casewell.web.case_choices import NONE, choices_for
from casewell.web.clashes import unseen
from casewell.web.meanwhile import changes_of, changes_seen, refusal_of
from casewell.web.patient_card import alert_names, card_of
from casewell.web.requests import key_in, way_back
from casewell.web.views.calendar_tiles import position_text
from casewell.web.views.moves import carried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.forms import BaseForm
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee, Booking, Clash
    from casewell.web.requests import PracticeRequest


def booking(request: PracticeRequest, pk: int) -> HttpResponse:
    """A booking with its patient, its case and what can be done."""
    return _shown(request, _booking(request, pk))


def _booking(request: PracticeRequest, pk: int) -> Booking:
    rows = request.account.bookings.select_related(
        "account", "business", "practitioner", "appointment_type", "unavailable_block_type"
    )
    return get_object_or_404(rows, pk=pk)


def _held(request: PracticeRequest, pk: int) -> Booking:
    """The booking to change, locked to the end of the request."""
    rows = request.account.bookings.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(rows.select_related("account", "business", "practitioner"), pk=pk)


def _visit(one: Booking) -> Attendee | None:
    """The one patient of an individual appointment; None for a block."""
    rows = one.attendees.with_position().select_related("patient")
    rows = rows.annotate(alert_names=alert_names(), changes_seen=changes_seen())
    visit = rows.order_by("id").first()
    if visit is not None:
        visit.booking = one
    return visit


def _visit_to_change(request: PracticeRequest, pk: int) -> Attendee:
    visits = request.account.attendees.filter(booking_id=pk).select_related(
        "patient", "case", "booking__practitioner"
    )
    return get_object_or_404(visits.order_by("id")[:1])


def _shown(
    request: PracticeRequest,
    one: Booking,
    *,
    refusal: str = "",
    chosen: str | None = None,
    clashes: Iterable[Clash] = (),
    **sent: BaseForm,
) -> HttpResponse:
    """The panel; `sent` are forms, by their names in the template, that were refused."""
    visit, today = _visit(one), request.account.today()
    context: dict[str, Any] = {
        "booking": one,
        "visit": visit,
        "time_form": TimeForm(initial=_time_of(one)),
        "type_form": TypeForm(initial={"appointment_type": one.appointment_type_id}),
        "note_form": NoteForm(instance=one),
        "cancel_form": CancelForm(),
        "refusal": refusal,
        "clashes": clashes,
        "carried": json.dumps(carried(one, visit)),
        "today": today,
        "seen_changes": visit.changes_seen if visit else changes_of(one, None).count(),  # type: ignore[attr-defined]
    } | sent
    if visit is not None:
        now_in = str(visit.case_id) if visit.case_id else NONE
        cases = choices_for(
            visit.patient, one.local_start.date(), chosen=chosen or now_in, keep=visit.case_id
        )
        visit.case = cases.of(visit.case_id)
        context["cases"] = cases
        context["card"] = card_of(visit.patient, today, visit.alert_names)  # type: ignore[attr-defined]
        context["position"] = position_text(visit)
    failed = refusal or any(form.errors for form in sent.values())
    return render(request, "bookings/booking.html", context, status=422 if failed else 200)


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
        one = _booking(request, pk)
        return _shown(request, one, refusal=stale, clashes=clashes, time_form=form)
    try:
        one.move(by=request.actor, **form.span())
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal), time_form=form)
    return _back(request, pk)


@require_POST
def change_type(request: PracticeRequest, pk: int) -> HttpResponse:
    one, form = _held(request, pk), TypeForm(request.POST)
    stale = refusal_of(request, one)
    if one.is_block or not form.is_valid() or stale:
        return _shown(request, _booking(request, pk), type_form=form, refusal=stale)
    kind, minutes = form.cleaned_data["appointment_type"], form.cleaned_data["minutes"]
    try:
        one.change_type(kind, minutes, by=request.actor)
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal), type_form=form)
    _say_what_clashes(request, one)
    return _back(request, pk)


def _say_what_clashes(request: PracticeRequest, one: Booking) -> None:
    for clash in one.clashing():
        messages.warning(request, str(clash))


@require_POST
def set_case(request: PracticeRequest, pk: int) -> HttpResponse:
    """Link the visit to the chosen case, or take it out of its case with “no case”."""
    visit, chosen = _visit_to_change(request, pk), request.POST.get("case", NONE)
    if chosen == NONE:
        visit.unlink(by=request.actor)
        return _back(request, pk)
    case = get_object_or_404(request.account.patient_cases, pk=key_in(chosen))
    try:
        visit.link_to(case, by=request.actor)
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal), chosen=chosen)
    return _back(request, pk)


@require_POST
def cancel(request: PracticeRequest, pk: int) -> HttpResponse:
    form, one = CancelForm(request.POST), _booking(request, pk)
    stale = refusal_of(request, one)
    if not form.is_valid() or stale:
        return _shown(request, one, cancel_form=form, refusal=stale)
    reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
    return _acted(request, pk, lambda visit: visit.cancel(reason, note, by=request.actor))


@require_POST
def reinstate(request: PracticeRequest, pk: int) -> HttpResponse:
    return _acted(request, pk, lambda visit: visit.reinstate(by=request.actor))


@require_POST
def mark(request: PracticeRequest, pk: int) -> HttpResponse:
    """Arrived, did not arrive, or neither."""
    word = request.POST.get("attendance", "")
    return _acted(
        request,
        pk,
        lambda visit: visit.mark(
            arrived=word == "arrived", did_not_arrive=word == "did_not_arrive", by=request.actor
        ),
    )


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
        return _shown(request, _booking(request, pk), note_form=form)
    form.save(by=request.actor)
    return _back(request, pk)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.bookings, pk=pk).archive(by=request.actor)
    return _back(request, pk)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.bookings.select_related("practitioner"), pk=pk)
    try:
        one.restore(by=request.actor)
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal))
    return _back(request, pk)


def _acted(request: PracticeRequest, pk: int, act: Callable[[Attendee], None]) -> HttpResponse:
    """The booking after `act` on its visit, or with why that was refused."""
    visit = _visit_to_change(request, pk)
    try:
        act(visit)
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal))
    return _back(request, pk)


def _back(request: PracticeRequest, pk: int) -> HttpResponse:
    """The page that the form came from, where it says so; else the booking itself."""
    if back := way_back(request):
        return redirect(back)
    return redirect("booking", request.account.slug, pk)
