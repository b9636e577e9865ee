"""Recalls: the list of those that are due, their form, and what is done about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.audit.models import record_export
from casewell.lib.spreadsheets import BYTE_ORDER_MARK, line_of
from casewell.recalls.forms import RecallForm
from casewell.recalls.models import Recall
from casewell.web.paging import page_of
from casewell.web.recall_filter import RecallFilter
from casewell.web.requests import way_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.recalls.models import RecallQuerySet
    from casewell.web.requests import PracticeRequest

MOST = 100_000  # rows of a file
HEADINGS = ("From", "Patient", "Phone", "E-mail", "Recall", "Note", "Booked")


def due(request: PracticeRequest) -> HttpResponse:
    """Patients to be asked back, who waits longest first."""
    form = RecallFilter(request.GET)
    asked = QueryDict(mutable=True)
    for name in form.fields:
        asked[name] = str(request.GET.get(name, ""))
    context = {
        "form": form,
        "asked": asked,
        "is_filtered": any(asked.values()),
        "page_obj": page_of(request, form.recalls(request.account)),
        "today": request.account.today(),
    }
    return render(request, "recalls/recalls.html", context)


def as_csv(request: PracticeRequest) -> HttpResponse:
    """The same list whole; who took it out is written down."""
    form = RecallFilter(request.GET)
    found = list(form.recalls(request.account)[:MOST])
    what = {"rows": len(found), "filter": form.words}
    record_export(Recall, what, account=request.account, by=request.actor)
    text = "".join(line_of(_cells(one)) for one in found)
    content = BYTE_ORDER_MARK + line_of(HEADINGS) + text
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"recalls-{request.account.today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(one: Recall) -> Iterator[str]:
    yield one.recall_date.isoformat()
    yield one.patient.listed_name
    yield one.patient.phone
    yield one.patient.email
    yield str(one.recall_type)
    yield one.note
    yield one.attendee.booking.local_start.date().isoformat() if one.attendee else ""


def new(request: PracticeRequest, pk: int) -> HttpResponse:
    patient = get_object_or_404(request.account.patients.live(), pk=pk)
    return _form(request, Recall(account=request.account, patient=patient))


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(_held(request), pk=pk))


def _form(request: PracticeRequest, one: Recall) -> HttpResponse:
    form = RecallForm(request.POST or None, instance=one)
    form.propose(request.account.today())
    if form.is_valid():
        saved = form.save(by=request.actor)
        messages.success(request, f"The recall of {saved.patient} is saved.")
        return _back(request, saved)
    status = 422 if form.is_bound else 200
    context = {"form": form, "recall": one, "has_types": form.has_types}
    return render(request, "recalls/form.html", context, status=status)


@require_POST
def archive(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_held(request), pk=pk)
    one.archive(by=request.actor)
    messages.success(request, f"The recall of {one.patient} is off the list.")
    return _back(request, one)


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(_held(request), pk=pk)
    one.restore(by=request.actor)
    messages.success(request, f"The recall of {one.patient} is on the list again.")
    return _back(request, one)


@require_POST
def email(request: PracticeRequest, pk: int) -> HttpResponse:
    """Write to the patient what the recall's type says."""
    one = get_object_or_404(_held(request), pk=pk)
    sent = one.email(by=request.actor)
    messages.success(request, f"An e-mail is on its way to {sent.recipient}.")
    return _back(request, one)


@require_POST
def reopen(request: PracticeRequest, pk: int) -> HttpResponse:
    """The visit that was booked does not do it after all."""
    one = get_object_or_404(_held(request), pk=pk)
    one.reopen(by=request.actor)
    messages.success(request, f"The recall of {one.patient} is open again; the visit stays.")
    return _back(request, one)


def _held(request: PracticeRequest) -> RecallQuerySet:
    rows: RecallQuerySet = request.account.recalls.select_related(
        "patient", "recall_type", "account", "attendee__booking__business"
    )
    is_change = request.method == "POST"
    return rows.select_for_update(of=("self",), no_key=True) if is_change else rows


def _back(request: PracticeRequest, one: Recall) -> HttpResponse:
    if back := way_back(request):
        return redirect(back)
    return redirect("patient", request.account.slug, one.patient_id)
