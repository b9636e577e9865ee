"""Claims: the list, the form with what is wrong, lodging, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.claims.forms import BenefitForm, ClaimForm, RejectionForm
from casewell.claims.lodging import lodge
from casewell.claims.models import Claim, State
from casewell.claims.particulars import Kind
from casewell.claims.prefill import invoice_of
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.web.claim_page import gateway_words, groups_of, lodged_rows
from casewell.web.paging import page_of

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest

ALL = "all"
KINDS = {kind.value: kind.label for kind in Kind}


def claims(request: PracticeRequest) -> HttpResponse:
    """All claims, latest first, by where they stand and whom they go to."""
    asked, kind = request.GET.get("state", ALL), request.GET.get("kind", "")
    rows = request.account.claims.with_state()
    if asked in State.values:
        rows = request.account.claims.in_state(State(asked))
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    found = rows.select_related("patient", "attendee__booking__business").order_by("-id")
    context = {
        "page_obj": page_of(request, found),
        "states": [(ALL, "All"), *((s.value, s.label) for s in State if s is not State.SENDING)],
        "state": asked if asked in State.values else ALL,
        "kinds": KINDS.items(),
        "kind": kind if kind in KINDS else "",
        "gateway": gateway_words(),
        "today": request.account.today(),
    }
    return render(request, "claims/claims.html", context)


def claim(request: PracticeRequest, pk: int) -> HttpResponse:
    """The claim; a POST saves what was typed and, with `act=lodge`, lodges it."""
    one = _claim(request, pk)
    if request.method != "POST":
        return _shown(request, one)
    form = ClaimForm(one, request.POST)
    if not form.is_valid():
        return _shown(request, one, form=form)
    try:
        one.write(form.texts, by=request.actor)
        if request.POST.get("act") == "lodge":
            lodgement = lodge([one], by=request.actor)
            messages.success(request, f"The claim is lodged: {lodgement.filename}.")
        else:
            messages.success(request, "The claim is saved.")
    except RuleViolation as refusal:
        return _shown(request, one, form=form, refusal=str(refusal))
    return redirect("claim", request.account.slug, pk)


def _claim(request: PracticeRequest, pk: int) -> Claim:
    rows = request.account.claims.with_state().with_all()
    return get_object_or_404(rows, pk=pk)


def _shown(
    request: PracticeRequest, one: Claim, *, form: ClaimForm | None = None, refusal: str = ""
) -> HttpResponse:
    return _page(request, one, refused=bool(form or refusal), form=form, refusal=refusal)


def _page(request: PracticeRequest, one: Claim, *, refused: bool, **sent: Any) -> HttpResponse:
    """The claim's page; `sent` are forms by their names in the template."""
    form = sent.pop("form", None) or (ClaimForm(one) if one.can_be_changed else None)
    faults = one.faults() if form else []
    steps = list(one.steps.select_related("lodgement", "payment").order_by("-number"))
    lodged = next((step for step in steps if step.particulars), None)
    invoice = invoice_of(one.attendee)
    context: dict[str, Any] = {
        "claim": one,
        "form": form,
        "groups": groups_of(request, one, faults, form),
        "stops": [fault for fault in faults if fault.stops],
        "warnings": [fault for fault in faults if not fault.stops],
        "steps": steps,
        "lodged": lodged_rows(one, lodged.particulars or {}) if lodged and form else [],
        "kinds": KINDS.items(),
        "invoice": invoice,
        "gateway": gateway_words(),
        "today": request.account.today(),
    }
    if one.state is State.LODGED:
        owed = invoice.balance if invoice else None
        first = {"benefit": owed, "paid_on": request.account.today()}
        context |= {"benefit_form": BenefitForm(initial=first), "rejection_form": RejectionForm()}
    status = 422 if refused else 200
    return render(request, "claims/claim.html", context | sent, status=status)


@require_POST
def of_visit(request: PracticeRequest, pk: int) -> HttpResponse:
    """The claim of a visit, made and filled in where there was none."""
    visit = get_object_or_404(request.account.attendees, pk=pk)
    made = Claim.of_visit(visit, by=request.actor)
    return redirect("claim", request.account.slug, made.pk)


@require_POST
def refill(request: PracticeRequest, pk: int) -> HttpResponse:
    one = _claim(request, pk)
    wanted = request.POST.get("kind", one.kind)
    one.refill(Kind(wanted if wanted in KINDS else one.kind), by=request.actor)
    messages.success(request, "All values are filled in anew from the records.")
    return redirect("claim", request.account.slug, pk)


@require_POST
def pay(request: PracticeRequest, pk: int) -> HttpResponse:
    one, form = _claim(request, pk), BenefitForm(request.POST)
    if not form.is_valid():
        return _page(request, one, refused=True, benefit_form=form)
    said = form.cleaned_data
    try:
        payment = one.pay(
            said["benefit"], said["paid_on"], reference=said["reference"], by=request.actor
        )
    except RuleViolation as refusal:
        return _page(request, one, refused=True, benefit_form=form, refusal=str(refusal))
    words = f"{formats().money(payment.amount)} is paid onto the invoice." if payment else "Paid."
    messages.success(request, words)
    return redirect("claim", request.account.slug, pk)


@require_POST
def reject(request: PracticeRequest, pk: int) -> HttpResponse:
    one, form = _claim(request, pk), RejectionForm(request.POST)
    if not form.is_valid():
        return _page(request, one, refused=True, rejection_form=form)
    one.reject(form.cleaned_data["reason"], by=request.actor)
    messages.success(request, "Rejected: mend it, and lodge it again.")
    return redirect("claim", request.account.slug, pk)


@require_POST
def discard(request: PracticeRequest, pk: int) -> HttpResponse:
    _claim(request, pk).discard(by=request.actor)
    messages.success(request, "The draft is thrown away.")
    return redirect("claims", request.account.slug)


def lodged_file(request: PracticeRequest, pk: int) -> HttpResponse:
    """What was handed over, byte for byte, as a download."""
    one = get_object_or_404(request.account.lodgements, pk=pk)
    answer = HttpResponse(one.document, content_type=one.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{one.filename}"'
    return answer
