"""An invoice: its page, voiding it, its PDF, sending it, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from casewell.audit.enclosures import Enclosed
from casewell.audit.mail import send_later
from casewell.audit.models import recorded
from casewell.invoices.models import Allocation, Invoice, Payment, balance_of
from casewell.invoices.payment_forms import EmailForm, VoidForm
from casewell.letters.models import Communication
from casewell.web.history import entries_of
from casewell.web.invoice_editor import Editor
from casewell.web.invoice_facts import facts_of
from casewell.web.invoice_history import changes_of_invoice
from casewell.web.paging import page_of
from casewell.web.papers.invoice import filename_of, pdf_of
from casewell.web.views.invoice_drafts import draft_of

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest


def invoice(request: PracticeRequest, pk: int) -> HttpResponse:
    """What was issued or, at the same address, the draft of it."""
    found = issued(request).filter(pk=pk).first()
    if found is not None:
        return invoice_page(request, found)
    draft = draft_of(request, pk)
    if draft is None:
        raise Http404
    return Editor(request, draft).answer()


def issued(request: PracticeRequest) -> Any:
    """The practice's issued invoices with what their pages show."""
    rows = request.account.invoices.with_balance()
    return rows.select_related(
        "patient", "practitioner", "business", "payer", "attendee__booking", "original"
    )


def invoice_page(request: PracticeRequest, one: Invoice, **refused: Any) -> HttpResponse:
    """The issued invoice; `refused` are forms by their names in the template."""
    one.account = request.account
    on_account = balance_of(one.patient).credit if one.balance > 0 else 0
    context = {
        "invoice": one,
        "stated": one.stated,
        "facts": facts_of(one.stated),
        "items": one.items.order_by("place"),
        "moves": moves_of(one),
        "credits": [] if one.original_id else one.credits.order_by("number"),
        "on_account": on_account,
        "today": request.account.today(),
        "email_to": one.patient.invoice_email
        or (one.payer.email if one.payer else "")
        or one.patient.email,
    }
    return render(
        request, "invoices/invoice.html", context | refused, status=422 if refused else 200
    )


def moves_of(one: Invoice) -> Any:
    """What was paid towards it or given from it, in the order in which it was; `stands` where it
    is a payment that can still be taken back.
    """
    rows = Allocation.objects.filter(Q(invoice=one) | Q(credit=one))
    related = rows.select_related("payment__payment_type", "credit", "invoice")
    back = Payment.objects.filter(reverses=OuterRef("payment_id"))
    return related.annotate(stands=~Exists(back)).order_by("id")


def _held(request: PracticeRequest, pk: int) -> Invoice:
    one: Invoice = get_object_or_404(issued(request), pk=pk)
    return one


@require_POST
def void(request: PracticeRequest, pk: int) -> HttpResponse:
    one, form = _held(request, pk), VoidForm(request.POST)
    if not form.is_valid():
        return invoice_page(request, one, void_form=form)
    one.void(form.cleaned_data["reason"], by=request.actor)
    messages.success(request, f"{one} is void.")
    return redirect("invoice", request.account.slug, pk)


def pdf(request: PracticeRequest, pk: int) -> HttpResponse:
    """The document, drawn from what was stated and charged."""
    one = _held(request, pk)
    one.account = request.account
    name = content_disposition_header(as_attachment=True, filename=filename_of(one))
    return HttpResponse(pdf_of(one), "application/pdf", headers={"Content-Disposition": name or ""})


@require_POST
def email(request: PracticeRequest, pk: int) -> HttpResponse:
    """Have the worker send the PDF, and keep that it was sent."""
    one, form = _held(request, pk), EmailForm(request.POST)
    if not form.is_valid():
        return invoice_page(request, one, email_form=form)
    to, subject = form.cleaned_data["to"], f"{one} from {request.account.name}"
    body = form.cleaned_data["message"] or f"{one} is enclosed."
    sent = send_later(
        request.account,
        to=to,
        subject=subject,
        body=body,
        reply_to=one.business.email_reply_to,
        enclosed=Enclosed("invoice", one.pk),
    )
    _note(request, one, sent)
    messages.success(request, f"{one} goes to {to} within a minute.")
    return redirect("invoice", request.account.slug, pk)


def _note(request: PracticeRequest, one: Invoice, sent: Any) -> None:
    """Write down with the patient's other communications that it was sent."""
    kept = Communication(
        account=request.account,
        patient=one.patient,
        invoice=one,
        mail=sent,
        type_code=Communication.Way.EMAIL,
        direction_code=Communication.Direction.SENT,
        category_code=Communication.Category.INVOICE,
        sender=request.account.name,
        recipient=sent.to,
        subject=sent.subject,
        content=sent.body,
    )
    with recorded(kept, "created", by=request.actor):
        kept.save(force_insert=True)


def history(request: PracticeRequest, pk: int) -> HttpResponse:
    one = _held(request, pk)
    one.account = request.account
    page = page_of(request, changes_of_invoice(one))
    context = {
        "page_obj": page,
        "entries": entries_of(request.account, page.object_list),
        "section": "invoices",
        "of": str(one),
        "back": reverse("invoice", args=[request.account.slug, pk]),
        "today": request.account.today(),
    }
    return render(request, "history.html", context)
