"""Patient cases: list, page, form, closing and archiving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.accounts.case_policy import WhenFull
from casewell.accounts.roles import Permission
from casewell.cases.forms import ANCHORS, PatientCaseForm
from casewell.cases.models import PatientCase, PatientCaseQuerySet
from casewell.cases.term_forms import ApprovalForm, RaiseAmountForm, RaiseForm
from casewell.lib.errors import RuleViolation
from casewell.web.case_money import money_of
from casewell.web.case_page import around, cases_with_all, new_approval, with_letters
from casewell.web.file_shelf import shelf_of
from casewell.web.forms import prepared
from casewell.web.letter_shelf import letters_of
from casewell.web.merged import patient_at
from casewell.web.paging import page_of

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

DISCIPLINES = (
    "Acupuncture",
    "Audiology",
    "Chiropractic",
    "Diabetes education",
    "Dietetics",
    "Exercise physiology",
    "Occupational therapy",
    "Osteopathy",
    "Physiotherapy",
    "Podiatry",
    "Psychology",
    "Social work",
    "Speech pathology",
)
FACTS = ("open", "full", "expired", "closed", "archived")


def cases(request: PracticeRequest) -> HttpResponse:
    asked = request.GET.get("fact", "open")
    fact = asked if asked in FACTS else "open"
    today = request.account.today()
    rows = _with_fact(request.account.patient_cases.all(), fact, today).with_usage().with_amounts()
    found = rows.select_related("patient", "contact", "programme").order_by(
        F("ends_on").asc(nulls_last=True), "id"
    )
    context = {"page_obj": page_of(request, found), "facts": FACTS, "fact": fact, "today": today}
    return render(request, "cases/cases.html", context)


def _with_fact(rows: PatientCaseQuerySet, fact: str, today: date) -> PatientCaseQuerySet:
    """Each fact by itself: a case may be full and expired."""
    unclosed = rows.unclosed()
    choices = {
        "full": unclosed.full(),
        "expired": unclosed.expired_on(today),
        "closed": rows.live().exclude(closed_at=None),
        "archived": rows.exclude(archived_at=None),
    }
    return choices.get(fact, unclosed.unexpired_on(today))


def case(request: PracticeRequest, pk: int) -> HttpResponse:
    return case_page(request, pk)


def case_page(request: PracticeRequest, pk: int, **refused: Any) -> HttpResponse:
    """The case, readable without a click; `refused` are forms by their names in the template."""
    one: Any = get_object_or_404(cases_with_all(request.account), pk=pk)
    today = request.account.today()
    visits = (
        one.attendees.with_position()
        .select_related("booking__business", "booking__practitioner", "booking__appointment_type")
        .in_order()
    )
    page = page_of(request, visits, count=one.linked)
    for visit in page:
        visit.case = one
    context = {
        "case": one,
        "page_obj": page,
        "today": today,
        "approval_form": ApprovalForm(instance=new_approval(one)),
        "raise_form": RaiseForm(auto_id="raise_%s"),
        "amount_form": RaiseAmountForm(auto_id="amount_%s"),
        "shelf": shelf_of(request, one.patient, one),
        "money": money_of(one) if request.member.may(Permission.SEE_INVOICES) else None,
        "may_raise": may_raise(request),
        "who_raises": request.account.who_may(WhenFull.RAISE),
    }
    known = context | around(one, today)
    letters = known["letters"] = letters_of(request, one.patient, one)
    known["duties"] = with_letters(known["duties"], letters)
    known["asks"] = bool(one.contact and any(not line.ticked for line in known["letter"]))
    known |= refused
    return render(request, "cases/case.html", known, status=422 if refused else 200)


def may_raise(request: PracticeRequest) -> bool:
    """Whether the practice lets the member's role give a case more sessions than it has."""
    return request.account.lets(request.member.role, WhenFull.RAISE)


def new(request: PracticeRequest, patient_pk: int) -> HttpResponse:
    """Raises RuleViolation where the patient is archived."""
    patient = patient_at(request, patient_pk)
    if patient.archived_at:
        raise RuleViolation(f"{patient} is archived: restore the patient to add a case.")
    proposed = patient.referring_doctor_id
    return _form(
        request, PatientCase(account=request.account, patient=patient, contact_id=proposed)
    )


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.patient_cases.select_for_update(of=("self",), no_key=True)
    return _form(request, get_object_or_404(rows.select_related("patient"), pk=pk))


def _form(request: PracticeRequest, one: PatientCase) -> HttpResponse:
    if "fill" in request.POST:
        by_programme = request.POST["fill"] != "dates"
        form = PatientCaseForm.refilled(request.POST, one, by_programme=by_programme)
        return _drawn(request, form, one)
    raises = one._state.adding or may_raise(request)
    form = PatientCaseForm(request.POST or None, instance=one, may_raise=raises)
    if form.is_valid():
        saved = form.save(by=request.actor)
        for warning in form.warnings:
            messages.warning(request, warning)
        messages.success(request, f"“{saved}” is saved.")
        return redirect("case", request.account.slug, saved.pk)
    return _drawn(request, form, one)


def _drawn(request: PracticeRequest, form: PatientCaseForm, one: PatientCase) -> HttpResponse:
    """The form, which asks anew what follows from a programme and from the dates of its clock."""
    ask = {"hx-post": request.path, "hx-trigger": "change", "hx-params": "not once"}
    whole = {"hx-vals": '{"fill": "programme"}', "hx-target": "closest form"}
    whole |= {"hx-select": "form.record-form", "hx-swap": "outerHTML"}
    words = "#id_expiry_date_helptext"
    expiry = {"hx-vals": '{"fill": "dates"}', "hx-target": words, "hx-select": words}
    form.fields["programme"].widget.attrs |= ask | whole
    form.fields["discipline"].widget.attrs["list"] = "disciplines"
    for name in ANCHORS:
        form.fields[name].widget.attrs |= ask | expiry | {"hx-swap": "outerHTML"}
    status = 422 if form.is_bound else 200
    context = {"form": prepared(form, request), "case": one, "disciplines": DISCIPLINES}
    return render(request, "cases/form.html", context, status=status)


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
