"""The waiting list: who is on it, putting somebody on it, taking them off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.lib.errors import RuleViolation
from casewell.waiting.forms import FilterForm, Listed, RemovalForm, WaitingForm, WhoForm, entry_like
from casewell.waiting.models import Outcome, WaitingEntry
from casewell.web.forms import prepared
from casewell.web.paging import page_of
from casewell.web.requests import key_in
from casewell.web.waiting_words import lines_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

GIVEN = (Outcome.MOVED, Outcome.BOOKED)


def entries(request: PracticeRequest) -> HttpResponse:
    """Who waits, the most urgent first; or those who got a time or were taken off, latest first."""
    form = FilterForm(request.GET, label_suffix="")
    asked = form.cleaned_data if form.is_valid() else {}
    state = asked.get("state") or Listed.WAITING
    rows = request.account.waiting_entries.with_all().with_wishes()
    if state == Listed.WAITING:
        rows = rows.filter(ended_at=None).in_order()
    else:
        outcomes = GIVEN if state == Listed.GIVEN else (Outcome.REMOVED,)
        rows = rows.filter(outcome__in=outcomes).order_by("-ended_at", "-id")
    if who := asked.get("practitioner"):
        anybody = Q(practitioner_links=None)
        rows = rows.filter(anybody | Q(practitioner_links__practitioner=who))
    if kind := asked.get("type"):
        rows = rows.filter(appointment_type=kind)
    account, page = request.account, page_of(request, rows)
    staff = {one.pk: str(one) for one in account.practitioners.all()}
    places = {one.pk: str(one) for one in account.businesses.all()}
    context = {
        "form": form,
        "state": state,
        "filtered": bool(asked.get("practitioner") or asked.get("type")),
        "page_obj": page,
        "lines": list(lines_of(page, staff, places)),
    }
    return render(request, "waiting/list.html", context)


def new(request: PracticeRequest) -> HttpResponse:
    """Put somebody on the list: for the visit that the address names, or the patient."""
    blank = _blank(request)
    if blank is None:
        who = prepared(WhoForm(request.GET if "patient" in request.GET else None), request)
        return render(request, "waiting/who.html", {"form": who})
    return _form(request, blank)


def _blank(request: PracticeRequest) -> WaitingEntry | None:
    """The entry, not stored yet; None where it is not known whose it is to be."""
    if "visit" in request.GET:
        visits = request.account.attendees.live().told().select_related("case")
        key = key_in(request.GET["visit"])
        return entry_like(get_object_or_404(visits, pk=key))
    patients = request.account.patients.live()
    patient = patients.filter(pk=key_in(request.GET.get("patient"))).first()
    if patient is None:
        return None
    return WaitingEntry(account=request.account, patient=patient)


def entry(request: PracticeRequest, pk: int) -> HttpResponse:
    """An entry with its form; one that has ended says what became of it."""
    rows = request.account.waiting_entries.with_all().with_wishes()
    held = rows.select_for_update(of=("self",), no_key=True) if request.method == "POST" else rows
    one = get_object_or_404(held, pk=pk)
    if one.ended_at:
        return render(request, "waiting/ended.html", {"entry": one})
    return _form(request, one)


def _form(request: PracticeRequest, one: WaitingEntry, **shown: Any) -> HttpResponse:
    adding = one._state.adding
    form = WaitingForm(None if shown else request.POST or None, instance=one)
    if form.is_valid():
        saved = form.save(by=request.actor)
        done = "is on the waiting list" if adding else "is changed on the waiting list"
        messages.success(request, f"{saved.patient} {done}.")
        return redirect("waiting-entry", request.account.slug, saved.pk)
    context = {"entry": one, "form": form, "adding": adding, "removal_form": RemovalForm()} | shown
    status = 422 if form.is_bound or shown else 200
    return render(request, "waiting/form.html", context, status=status)


@require_POST
def remove(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take somebody off the list."""
    one = get_object_or_404(request.account.waiting_entries.with_all(), pk=pk)
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return _form(request, one, removal_form=form)
    try:
        one.remove(form.cleaned_data["reason"], form.cleaned_data["note"], by=request.actor)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{one.patient} is taken off the waiting list.")
    return redirect("waiting-entry", request.account.slug, pk)


@require_POST
def take_back(request: PracticeRequest, pk: int) -> HttpResponse:
    """Let somebody wait again: what was given to them goes back, as far as nobody changed it."""
    one = get_object_or_404(request.account.waiting_entries.with_all(), pk=pk)
    given, moved = one.given, bool(one.former_place)
    try:
        one.take_back(by=request.actor)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{one.patient} is on the waiting list again.")
    if given and moved:
        return redirect("booking", request.account.slug, given.booking_id)
    return redirect("waiting-entry", request.account.slug, pk)
