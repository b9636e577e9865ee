"""The booking panel: a new appointment, and one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.appointments.forms import TimeForm
from casewell.appointments.models import Attendee, Booking, CancellationReason
from casewell.lib.errors import RuleViolation
from casewell.web.case_choices import NONE, choices_for
from casewell.web.views.calendar import position_text

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

MAX_NOTE = 10_000


def booking(request: PracticeRequest, pk: int) -> HttpResponse:
    """A booking with its patient, its case and what can be done."""
    return _shown(request, _booking(request, pk))


def _booking(request: PracticeRequest, pk: int) -> Booking:
    rows = request.account.bookings.select_related(
        "business", "practitioner", "appointment_type", "unavailable_block_type"
    )
    return get_object_or_404(rows, pk=pk)


def _visit(one: Booking) -> Attendee | None:
    """The one patient of an individual appointment; None for a block."""
    rows = one.attendees.with_position().select_related("patient", "case")
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
    time_form: TimeForm | None = None,
    refusal: str = "",
    chosen: str | None = None,
) -> HttpResponse:
    visit = _visit(one)
    context: dict[str, Any] = {
        "booking": one,
        "visit": visit,
        "time_form": time_form or TimeForm(initial=_time_of(one)),
        "refusal": refusal,
        "reasons": CancellationReason.choices,
        "today": request.account.today(),
    }
    if visit is not None:
        now_in = str(visit.case_id) if visit.case_id else NONE
        context["cases"] = choices_for(
            visit.patient, one.local_start.date(), chosen=chosen or now_in, keep=visit.case
        )
        context["alerts"] = list(visit.patient.medical_alerts.filter(archived_at=None))
        context["position"] = position_text(visit)
    failed = refusal or (time_form is not None and time_form.errors)
    return render(request, "bookings/booking.html", context, status=422 if failed else 200)


def _time_of(one: Booking) -> dict[str, Any]:
    start = one.local_start
    return {
        "business": one.business_id,
        "practitioner": one.practitioner_id,
        "date": start.date(),
        "time": start.time(),
        "minutes": one.minutes,
    }


@require_POST
def move(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.bookings.select_for_update(of=("self",), no_key=True)
    one = get_object_or_404(rows.select_related("business", "practitioner"), pk=pk)
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _shown(request, _booking(request, pk), time_form=form)
    try:
        one.move(by=request.actor, **form.span())
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal))
    if one.conflicts().exists():
        messages.warning(request, f"{one.practitioner} has another booking at that time.")
    return _back(request, pk)


@require_POST
def set_case(request: PracticeRequest, pk: int) -> HttpResponse:
    """Link the visit to the chosen case, or take it out of its case with “no case”."""
    visit, chosen = _visit_to_change(request, pk), request.POST.get("case", NONE)
    if chosen == NONE:
        visit.unlink(by=request.actor)
        return _back(request, pk)
    key = int(chosen) if chosen.isdigit() else 0
    case = get_object_or_404(request.account.patient_cases, pk=key)
    try:
        visit.link_to(case, by=request.actor)
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal), chosen=chosen)
    return _back(request, pk)


@require_POST
def cancel(request: PracticeRequest, pk: int) -> HttpResponse:
    reason = request.POST.get("reason", "")
    if reason not in {str(value) for value in CancellationReason.values}:
        return _shown(request, _booking(request, pk), refusal="Choose why it is cancelled.")
    note = request.POST.get("note", "")[:MAX_NOTE]
    return _acted(request, pk, lambda visit: visit.cancel(int(reason), note, by=request.actor))


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
def set_note(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.bookings.select_for_update(no_key=True)
    one = get_object_or_404(rows, pk=pk)
    one.set_notes(request.POST.get("notes", "")[:MAX_NOTE], by=request.actor)
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


def _acted(request: PracticeRequest, pk: int, act: Any) -> HttpResponse:
    """The booking after `act` on its visit, or with why that was refused."""
    visit = _visit_to_change(request, pk)
    try:
        act(visit)
    except RuleViolation as refusal:
        return _shown(request, _booking(request, pk), refusal=str(refusal))
    return _back(request, pk)


def _back(request: PracticeRequest, pk: int) -> HttpResponse:
    return redirect("booking", request.account.slug, pk)
