"""A patient's statement: page, PDF, e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from casewell.audit.enclosures import Enclosed
from casewell.audit.mail import send_later
from casewell.audit.models import record_change
from casewell.invoices.statement import statement_of, statement_of_open
from casewell.lib.fields import DayField
from casewell.web.merged import patient_at
from casewell.web.papers.statement import STATEMENT, filename_of, pdf_of

if TYPE_CHECKING:
    from casewell.invoices.statement import Statement
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

OPEN, DAYS = "open", "days"
BODY = "Dear {name},\n\nyour statement is enclosed.\n\n{practice}\n"


class StatementForm(forms.Form):
    """What is owed now, or all of a span of days."""

    of = forms.ChoiceField(
        choices=[(OPEN, "What is owed now"), (DAYS, "All of these days")], label="What"
    )
    start = DayField(label="From")
    until = DayField(label="Until")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, until = cleaned.get("start"), cleaned.get("until")
        if start and until and until < start:
            self.add_error("until", "The last day is before the first one.")
        return cleaned


def statement(request: PracticeRequest, pk: int) -> HttpResponse:
    patient = _patient(request, pk)
    form, found = _asked(request, patient)
    context = {
        "patient": patient,
        "form": form,
        "statement": found,
        "in_favour": -found.closing if found else None,
        "email": patient.invoice_email or patient.email,
    }
    return render(request, "till/statement.html", context, status=200 if found else 422)


def pdf(request: PracticeRequest, pk: int) -> HttpResponse:
    """The statement as a paper."""
    patient = _patient(request, pk)
    form, found = _asked(request, patient)
    if found is None:
        return render(
            request, "till/statement.html", {"patient": patient, "form": form}, status=422
        )
    name = content_disposition_header(as_attachment=True, filename=filename_of(patient))
    headers = {"Content-Disposition": name or ""}
    return HttpResponse(pdf_of(found), "application/pdf", headers=headers)


class EmailForm(forms.Form):
    """To whom the statement of what is owed goes."""

    to = forms.EmailField(label="To", max_length=254)


@require_POST
def email(request: PracticeRequest, pk: int) -> HttpResponse:
    """Send what is owed, as it is when it is sent, to somebody."""
    patient = _patient(request, pk)
    form = EmailForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say a whole email address, such as ada@example.com.")
        return redirect("patient-statement", request.account.slug, pk)
    to = form.cleaned_data["to"]
    send_later(
        request.account,
        to=to,
        subject=f"Statement from {request.account.name}",
        body=BODY.format(name=patient.first_name, practice=request.account.name),
        reply_to=request.member.user.email,
        enclosed=Enclosed(STATEMENT, patient.pk),
    )
    record_change(patient, "sent statement", {"to": [None, to]}, by=request.actor)
    messages.success(request, f"The statement is on its way to {to}.")
    return redirect("patient-statement", request.account.slug, pk)


def _patient(request: PracticeRequest, pk: int) -> Patient:
    return patient_at(request, pk, request.account.patients.select_related("account"))


def _asked(request: PracticeRequest, patient: Patient) -> tuple[StatementForm, Statement | None]:
    today = request.account.today()
    usual = {"of": OPEN, "start": today - timedelta(days=90), "until": today}
    form = StatementForm(usual | {name: said for name, said in request.GET.items() if said})
    if not form.is_valid():
        return form, None
    asked = form.cleaned_data
    if asked["of"] == OPEN:
        return form, statement_of_open(patient)
    return form, statement_of(patient, asked["start"], asked["until"])
