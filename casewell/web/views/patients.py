"""Patients: list, page, form, alerts, and the search that fills other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewell.accounts.roles import Permission
from casewell.invoices.models import balance_of, with_money
from casewell.patients.forms import AlertForm, PatientForm
from casewell.patients.models import MedicalAlert, Patient
from casewell.waiting.models import waiting_now
from casewell.web.file_shelf import shelf_of
from casewell.web.forms import prepared
from casewell.web.letter_shelf import letters_of
from casewell.web.merged import patient_at
from casewell.web.paging import page_of
from casewell.web.patient_page import (
    alerts_now,
    case_list,
    coming_from,
    counts_at,
    counts_of,
    merge_of,
    merged_lately,
    put_into_cases,
    steps_from,
    visits_of,
)
from casewell.web.recalled import recalls_now, recalls_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

FOUND = 12


def patients(request: PracticeRequest) -> HttpResponse:
    query, archived = request.GET.get("q", ""), request.GET.get("archived") == "yes"
    rows = request.account.patients.filter(archived_at__isnull=not archived)
    context = {
        "page_obj": page_of(request, rows.matching(query).in_order()),
        "q": query,
        "archived": archived,
        "today": request.account.today(),
    }
    return render(request, "patients/patients.html", context)


def search(request: PracticeRequest) -> HttpResponse:
    rows = request.account.patients.live().closest(request.GET.get("q", ""))
    return render(request, "patients/found.html", {"patients": rows.in_order()[:FOUND]})


def patient(request: PracticeRequest, pk: int) -> HttpResponse:
    """All of a patient at a glance: head, cases, coming and past visits, notes, details."""
    rows = request.account.patients.select_related("referring_doctor", "concession_type")
    sees_money = request.member.may(Permission.SEE_INVOICES)
    rows = with_money(rows) if sees_money else rows
    now, today = timezone.now(), request.account.today()
    rows = rows.annotate(
        alerts_now=alerts_now(),
        visit_counts=counts_at(now),
        waiting_now=waiting_now(),
        recalls_now=recalls_now(),
    )
    rows = (
        rows.annotate(merged=merged_lately(now))
        if request.member.may(Permission.MERGE_PATIENTS)
        else rows
    )
    one = patient_at(request, pk, rows)
    visits, counts = visits_of(one, with_money=sees_money), counts_of(one)
    coming = visits.filter(booking__starts_at__gt=now).in_order()
    past = visits.filter(booking__starts_at__lte=now).order_by("-booking__starts_at", "-id")
    shown, next_shown = steps_from(request.GET.get("shown", ""))
    cases = list(
        one.cases.with_usage().with_amounts().select_related("contact", "programme").order_by("-id")
    )
    soon = list(coming[: coming_from(request.GET.get("coming", ""))])
    page = page_of(request, past, shown, count=counts["past"])
    put_into_cases([*soon, *page], cases)
    context = {
        "patient": one,
        "merged": merge_of(one),
        "age": one.age_on(today),
        "today": today,
        "alerts": [MedicalAlert(**alert) for alert in one.alerts_now],  # type: ignore[attr-defined]
        "cases": case_list(cases, today),
        "counts": counts,
        "coming": soon,
        "waiting": one.waiting_now,  # type: ignore[attr-defined]
        "page_obj": page,
        "next_shown": next_shown,
        "shelf": shelf_of(request, one),
        "letters": letters_of(request, one),
        "recalls": list(recalls_of(one)),
        "balance": balance_of(one) if sees_money else None,
    }
    return render(request, "patients/patient.html", context)


def new(request: PracticeRequest) -> HttpResponse:
    return _form(request, Patient(account=request.account))


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.patients.select_for_update(no_key=True)
    return _form(request, patient_at(request, pk, rows))


def _form(request: PracticeRequest, one: Patient) -> HttpResponse:
    form = prepared(PatientForm(request.POST or None, instance=one), request)
    if form.is_valid():
        saved = form.save(by=request.actor)
        messages.success(request, f"{saved} is saved.")
        return redirect("patient", request.account.slug, saved.pk)
    status = 422 if form.is_bound else 200
    return render(request, "patients/form.html", {"form": form, "patient": one}, status=status)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    patient_at(request, pk).archive(by=request.actor)
    return redirect("patient", request.account.slug, pk)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    patient_at(request, pk).restore(by=request.actor)
    return redirect("patient", request.account.slug, pk)


@require_POST
def raise_alert(request: PracticeRequest, pk: int) -> HttpResponse:
    one = patient_at(request, pk)
    form = AlertForm(request.POST)
    if form.is_valid():
        MedicalAlert.raise_for(one, form.cleaned_data["name"], by=request.actor)
    else:
        messages.error(request, " ".join(map(str, form.errors["name"])))
    return redirect("patient", request.account.slug, pk)


@require_POST
def archive_alert(request: PracticeRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(request.account.medical_alerts, pk=pk)
    alert.archive(by=request.actor)
    return redirect("patient", request.account.slug, alert.patient_id)
