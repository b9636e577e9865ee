"""Patient cases: list, page, form, closing and archiving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.cases.forms import PatientCaseForm
from casewell.cases.models import PatientCase, PatientCaseQuerySet
from casewell.web.forms import prepared
from casewell.web.paging import page_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

FACTS = ("open", "full", "expired", "closed", "archived")


def cases(request: PracticeRequest) -> HttpResponse:
    asked = request.GET.get("fact", "open")
    fact = asked if asked in FACTS else "open"
    today = request.account.today()
    rows = _with_fact(request.account.patient_cases.all(), fact, today).with_usage()
    found = rows.select_related("patient", "contact").order_by("expiry_date", "id")
    context = {"page_obj": page_of(request, found), "facts": FACTS, "fact": fact, "today": today}
    return render(request, "cases/cases.html", context)


def _with_fact(rows: PatientCaseQuerySet, fact: str, today: date) -> PatientCaseQuerySet:
    """Each fact by itself: a case may be full and expired."""
    unclosed = rows.unclosed()
    choices = {
        "full": unclosed.full(),
        "expired": unclosed.filter(expiry_date__lt=today),
        "closed": rows.live().exclude(closed_at=None),
        "archived": rows.exclude(archived_at=None),
    }
    return choices.get(fact, unclosed.unexpired_on(today))


def case(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.patient_cases.with_usage().select_related(
        "patient", "contact", "payer", "closed_by"
    )
    one = get_object_or_404(rows, pk=pk)
    visits = (
        one.attendees.with_position()
        .select_related("booking__business", "booking__practitioner", "booking__appointment_type")
        .in_order()
    )
    page = page_of(request, visits)
    for visit in page:
        visit.case = one
    context = {"case": one, "page_obj": page, "today": request.account.today()}
    return render(request, "cases/case.html", context)


def new(request: PracticeRequest, patient_pk: int) -> HttpResponse:
    patient = get_object_or_404(request.account.patients, pk=patient_pk)
    proposed = patient.referring_doctor_id
    return _form(
        request, PatientCase(account=request.account, patient=patient, contact_id=proposed)
    )


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.patient_cases.select_for_update(of=("self",), no_key=True)
    return _form(request, get_object_or_404(rows.select_related("patient"), pk=pk))


def _form(request: PracticeRequest, one: PatientCase) -> HttpResponse:
    form = prepared(PatientCaseForm(request.POST or None, instance=one), request)
    if form.is_valid():
        saved = form.save(by=request.actor)
        for warning in form.warnings:
            messages.warning(request, warning)
        messages.success(request, f"“{saved}” is saved.")
        return redirect("case", request.account.slug, saved.pk)
    status = 422 if form.is_bound else 200
    return render(request, "cases/form.html", {"form": form, "case": one}, status=status)


@require_POST
def close(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.patient_cases, pk=pk)
    one.close(request.POST.get("reason", "")[:255], by=request.actor)
    return redirect("case", request.account.slug, pk)


@require_POST
def reopen(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.patient_cases, pk=pk).reopen(by=request.actor)
    return redirect("case", request.account.slug, pk)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.patient_cases, pk=pk).archive(by=request.actor)
    return redirect("case", request.account.slug, pk)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.account.patient_cases, pk=pk).restore(by=request.actor)
    return redirect("case", request.account.slug, pk)
