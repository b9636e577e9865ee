"""Drafts of invoices: begun from a visit or a patient, written, issued, thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from casewell.invoices.models import DraftInvoice, InvoiceStands, InvoiceTerms
from casewell.lib.errors import RuleViolation
from casewell.web.invoice_editor import Editor
from casewell.web.merged import patient_at
from casewell.web.requests import key_in
from casewell.web.visit_invoices import visits_to_invoice

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.accounts.models import Account
    from casewell.appointments.models import Attendee
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest


def new(request: PracticeRequest) -> HttpResponse:
    """A draft of `?visit=`, else of `?patient=`; of a visit that has one, that one."""
    if "visit" in request.GET:
        visits = visits_to_invoice(request.account)
        visit = get_object_or_404(visits, pk=key_in(request.GET["visit"]))
        if request.method != "POST" and visit.drafted:  # type: ignore[attr-defined]
            return redirect("invoice", request.account.slug, visit.drafted[0])  # type: ignore[attr-defined]
        return Editor(request, _of_visit(request.account, visit)).answer()
    patients = request.account.patients.select_related("concession_type")
    patient = patient_at(request, key_in(request.GET.get("patient")), patients)
    return Editor(request, _of_patient(request.account, patient)).answer()


def _of_visit(account: Account, visit: Attendee) -> DraftInvoice:
    visit.patient.account = account
    draft = DraftInvoice.for_visit(visit)
    draft.account = account
    return draft


def _of_patient(account: Account, patient: Patient) -> DraftInvoice:
    """One without a visit. Raises RuleViolation where there is nobody to name on it."""
    terms, today = InvoiceTerms.of(account), account.today()
    practitioner = account.practitioners.active().order_by("last_name", "first_name").first()
    business = account.businesses.live().order_by("id").first()
    if practitioner is None or business is None:
        raise RuleViolation("An invoice names a practitioner and a business: add them first.")
    patient.account = account
    return DraftInvoice(
        account=account,
        patient=patient,
        practitioner=practitioner,
        business=business,
        issue_date=today,
        due_date=terms.due(today),
        tax_inclusive=terms.tax_inclusive,
        invoice_to=patient.invoice_default_to,
        extra_information=patient.invoice_extra_information,
    )


def draft_of(request: PracticeRequest, pk: int) -> DraftInvoice | None:
    """The draft with all that its editor shows."""
    rows = request.account.draft_invoices.select_related(
        "patient__concession_type", "practitioner", "business", "payer"
    )
    visits = Prefetch("attendee", visits_to_invoice(request.account))
    draft = rows.prefetch_related(visits).filter(pk=pk).first()
    if draft is not None:
        draft.account = draft.patient.account = request.account
    return draft


@require_POST
def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    """Raises InvoiceStands where it is issued already."""
    return Editor(request, _still_draft(request, pk)).answer()


@require_POST
def discard(request: PracticeRequest, pk: int) -> HttpResponse:
    draft = _still_draft(request, pk)
    draft.discard(by=request.actor)
    messages.success(request, "The draft is discarded.")
    return redirect("patient-invoices", request.account.slug, draft.patient_id)


def _still_draft(request: PracticeRequest, pk: int) -> DraftInvoice:
    draft = draft_of(request, pk)
    if draft is None and request.account.invoices.filter(pk=pk).exists():
        raise InvoiceStands("This draft was issued meanwhile, and is an invoice now.")
    if draft is None:
        raise Http404
    return draft
