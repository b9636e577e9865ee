"""The panel of a booking that is there: what it shows, and what can be done with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewell.accounts.roles import Permission
from casewell.appointments.change_forms import CancelForm, NoteForm, TypeForm
from casewell.appointments.class_forms import VisitNoteForm
from casewell.appointments.forms import TimeForm
from casewell.appointments.models import Booking, reach
from casewell.appointments.models.classes import cancel_class
from casewell.appointments.models.joining import take_out
from casewell.invoices.models import balance_of, money_of
from casewell.lib.errors import RuleViolation
from casewell.reminders.models import with_reminders
from casewell.waiting.models import waits_as
from casewell.web.case_choices import NONE, choices_for
from casewell.web.clashes import unseen
from casewell.web.class_page import shown_class, time_of
from casewell.web.meanwhile import changes_of, changes_seen, refusal_of
from casewell.web.patient_card import alert_names, card_of
from casewell.web.places_told import telling_who_came_in
from casewell.web.reminded import reminders_of
from casewell.web.requests import key_in, of_visit, visit_key, way_back
from casewell.web.series import reach_in, say_how_many, say_what_clashes, series_of, with_series
from casewell.web.views.calendar_tiles import position_text
from casewell.web.views.moves import carried
from casewell.web.visit_invoices import with_invoices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.forms import BaseForm
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee, Clash
    from casewell.cases.models import PatientCase
    from casewell.waiting.models import WaitingEntry
    from casewell.web.full_case import Stuck
    from casewell.web.requests import PracticeRequest


def booking(request: PracticeRequest, pk: int) -> HttpResponse:
    """A booking with its patient, its case and what can be done."""
    return shown(request, booking_of(request, pk))


def booking_of(request: PracticeRequest, pk: int) -> Booking:
    rows = request.account.bookings.select_related(
        "account",
        "business",
        "practitioner",
        "appointment_type",
        "unavailable_block_type",
    )
    return get_object_or_404(with_series(rows), pk=pk)


def _held(request: PracticeRequest, pk: int) -> Booking:
    """The booking to change, locked to the end of the request."""
    rows = request.account.bookings.select_for_update(of=("self",), no_key=True)
    return get_object_or_404(rows.select_related("account", "business", "practitioner"), pk=pk)


def _visit(one: Booking, key: int, *, with_money: bool) -> Attendee | None:
    """The one patient of an individual appointment, of a class the one with that id; None for a
    block. `with_money` for those who may see what is invoiced and owed.
    """
    rows = one.attendees.with_position().select_related("patient")
    rows = rows.annotate(
        alert_names=alert_names(), changes_seen=changes_seen(), waits_as=waits_as("pk")
    )
    rows = with_reminders(rows)
    if with_money:
        rows = with_invoices(rows).annotate(**money_of("patient_id"))
    in_class = one.kind == one.Kind.GROUP
    visit: Attendee | None = (
        get_object_or_404(rows, pk=key) if in_class else rows.order_by("id").first()
    )
    if visit is not None:
        visit.booking = one
    return visit


def visit_to_change(request: PracticeRequest, pk: int) -> Attendee:
    """The visit that the address means: of a class it has to say which."""
    key = visit_key(request)
    meant = Q(pk=key) if key else ~Q(booking__kind=Booking.Kind.GROUP)
    visits = request.account.attendees.filter(meant, booking_id=pk).select_related(
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
    key, in_class = visit_key(request), one.kind == Booking.Kind.GROUP
    if in_class and not key:
        return shown_class(request, one, refusal=refusal, clashes=clashes, **sent)
    sees_money = request.member.may(Permission.SEE_INVOICES)
    visit, today = _visit(one, key, with_money=sees_money), request.account.today()
    context: dict[str, Any] = {
        "booking": one,
        "visit": visit,
        "time_form": TimeForm(initial=time_of(one)),
        "type_form": TypeForm(initial={"appointment_type": one.appointment_type_id}),
        "note_form": VisitNoteForm(instance=visit) if in_class else NoteForm(instance=one),
        "in_class": in_class,
        "of_visit": of_visit(request),
        "cancel_form": CancelForm(),
        "refusal": refusal,
        "full_case": stuck.dialogue if stuck else None,
        "clashes": clashes,
        "carried": json.dumps(carried(one, visit)),
        "series": series_of(one),
        "reach": reach_in(request),
        "freed": bool(one.cancelled_at or one.archived_at or request.GET.get("freed")),
        "waited": _waited(request, one),
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


def _waited(request: PracticeRequest, one: Booking) -> WaitingEntry | None:
    """The entry of the waiting list that was just given this appointment, to take that back."""
    key = key_in(request.GET.get("waited"))
    ended = request.account.waiting_entries.filter(pk=key, given__booking=one)
    return ended.select_related("patient", "appointment_type").first() if key else None


def _left(request: PracticeRequest, visit: Attendee) -> PatientCase | None:
    """The case that the visit was just taken out of, to take that back."""
    key = key_in(request.GET.get("left"))
    return visit.patient.cases.live().filter(pk=key).first() if key and not visit.case_id else None


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
        moved = reach.move(one, reach_in(request), by=request.actor, **form.span())
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal), time_form=form)
    say_how_many(request, moved, "are moved")
    say_what_clashes(request, [each for each in moved if each.pk != one.pk])
    if way_back(request):
        return back_from(request, pk)
    return redirect(f"{reverse('booking', args=[request.account.slug, pk])}?freed=yes")


@require_POST
def change_type(request: PracticeRequest, pk: int) -> HttpResponse:
    one, form = _held(request, pk), TypeForm(request.POST)
    stale = refusal_of(request, one)
    if one.is_block or not form.is_valid() or stale:
        return shown(request, booking_of(request, pk), type_form=form, refusal=stale)
    kind, minutes = form.cleaned_data["appointment_type"], form.cleaned_data["minutes"]
    try:
        changed = reach.throughout(
            one,
            reach_in(request),
            lambda each: each.change_type(kind, minutes, by=request.actor),
        )
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal), type_form=form)
    say_how_many(request, changed, f"are now “{kind}”")
    _say_what_clashes(request, one)
    say_what_clashes(request, [each for each in changed if each.pk != one.pk])
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
    if one.kind == Booking.Kind.GROUP and not visit_key(request):
        off = reach.throughout(
            one, reach_in(request), lambda each: cancel_class(each, reason, note, by=request.actor)
        )
        say_how_many(request, off, "are cancelled")
        return back_from(request, pk)

    def act(visit: Attendee) -> None:
        gone = reach.cancel(visit, reach_in(request), reason, note, by=request.actor)
        say_how_many(request, gone, "are cancelled")

    return _acted(request, pk, act)


@require_POST
def confirm(request: PracticeRequest, pk: int) -> HttpResponse:
    """The patient will come or, with `confirmed=no`, has not said so."""
    if request.POST.get("confirmed") == "no":
        return _acted(request, pk, lambda visit: visit.unconfirm(by=request.actor))
    return _acted(request, pk, lambda visit: visit.confirm(by=request.actor))


@require_POST
def set_note(request: PracticeRequest, pk: int) -> HttpResponse:
    one = _held(request, pk)
    if one.kind == Booking.Kind.GROUP and visit_key(request):
        return _set_note_of_visit(request, pk)
    form = NoteForm(request.POST, instance=one)
    if not form.is_valid():
        return shown(request, booking_of(request, pk), note_form=form)
    one = form.save(by=request.actor)
    others = [each for each in reach.reached(one, reach_in(request)) if each.pk != one.pk]
    for each in others:
        each.set_notes(one.notes, by=request.actor)
    say_how_many(request, [one, *others], "have this note")
    return back_from(request, pk)


def _set_note_of_visit(request: PracticeRequest, pk: int) -> HttpResponse:
    form = VisitNoteForm(request.POST, instance=visit_to_change(request, pk))
    if not form.is_valid():
        return shown(request, booking_of(request, pk), note_form=form)
    form.save(by=request.actor)
    return back_from(request, pk)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take it out of the calendar; of a class, with a visit in the address, that visit alone."""
    if visit_key(request):
        return _acted(request, pk, lambda visit: take_out(visit, by=request.actor))
    one = get_object_or_404(request.account.bookings.select_related("business"), pk=pk)
    gone = reach.throughout(one, reach_in(request), lambda each: each.archive(by=request.actor))
    say_how_many(request, gone, "are archived")
    return back_from(request, pk)


def _acted(request: PracticeRequest, pk: int, act: Callable[[Attendee], None]) -> HttpResponse:
    """The booking after `act` on its visit, or with why that was refused."""
    visit = visit_to_change(request, pk)
    try:
        with telling_who_came_in(request, visit.booking):
            act(visit)
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal))
    return back_from(request, pk)


def back_from(request: PracticeRequest, pk: int) -> HttpResponse:
    """The page that the form came from, where it says so; else the booking itself."""
    if back := way_back(request):
        return redirect(back)
    return redirect(f"{reverse('booking', args=[request.account.slug, pk])}{of_visit(request)}")
