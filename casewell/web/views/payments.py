"""Money that comes in and goes out: payments, credits, refunds, and taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as reverse_url
from django.views.decorators.http import require_POST

from casewell.claims.models import take_back
from casewell.invoices.models import (
    Invoice,
    InvoiceStands,
    Payment,
    balance_of,
    pay_out,
    receive_all,
    use_credit,
    with_money,
)
from casewell.invoices.models.crediting import quantities_left
from casewell.invoices.payment_forms import CreditForm, PaymentsForm, RefundForm
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.web.requests import way_back

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

MOST_OTHERS = 30  # open invoices of one patient, to pay at once


def _invoice(request: PracticeRequest, pk: int) -> Invoice:
    rows = request.account.invoices.with_balance().select_related("patient", "business")
    one = get_object_or_404(rows, pk=pk)
    one.account = request.account
    return one


def _types(request: PracticeRequest) -> QuerySet[Any]:
    return request.account.payment_types.filter(archived_at=None).order_by("name", "id")


def pay(request: PracticeRequest, pk: int) -> HttpResponse:
    """What came in for the invoice: several at once, and for other open ones of the patient."""
    one = _invoice(request, pk)
    if request.method != "POST" and one.balance <= 0:
        messages.info(request, f"{one} owes nothing.")
        return redirect("invoice", request.account.slug, pk)
    others = request.account.invoices.owing().filter(patient=one.patient).exclude(pk=pk)
    known = [one, *others.order_by("issue_date", "id")[:MOST_OTHERS]]
    form = PaymentsForm(request.POST or None, known, _types(request), request.account.today())
    if request.POST.get("act") != "receive" or not form.is_valid():
        return _pay_page(request, one, form)
    if request.POST.get("seen_owed", f"{one.balance:.2f}") != f"{one.balance:.2f}":
        now = formats().money(one.balance)
        return _pay_page(request, one, form, f"Somebody was faster: it owes {now} now.")
    try:
        receive_all(
            form.received, form.pays, paid_on=form.cleaned_data["paid_on"], by=request.actor
        )
    except RuleViolation as refusal:
        return _pay_page(request, one, form, str(refusal))
    messages.success(request, f"{formats().money(form.total)} is received.")
    return redirect("invoice", request.account.slug, pk)


def _pay_page(
    request: PracticeRequest, one: Invoice, form: PaymentsForm, refusal: str = ""
) -> HttpResponse:
    counted = form.is_bound and form.is_valid()
    looks = request.method != "POST" or request.POST.get("act") == "look"
    context = {
        "invoice": one,
        "form": form,
        "counted": counted,
        "refusal": refusal,
        "wrong": not looks and not counted,
    }
    return render(request, "invoices/pay.html", context, status=200 if looks else 422)


@require_POST
def use(request: PracticeRequest, pk: int) -> HttpResponse:
    """Let what the patient has on account pay it. Raises NothingToPay."""
    paid = use_credit(_invoice(request, pk), by=request.actor)
    messages.success(request, f"{formats().money(paid)} on account was used.")
    return redirect("invoice", request.account.slug, pk)


def credit(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take back so many of each line. Raises InvoiceStands where nothing of it can be."""
    one = _invoice(request, pk)
    if one.voided_at or one.original_id:
        raise InvoiceStands(f"{one} cannot be credited.")
    left = quantities_left(one)
    form = CreditForm(request.POST or None, one.items.order_by("place"), left)
    refusal = ""
    if form.is_valid():
        try:
            made = one.credit(form.quantities, notes=form.cleaned_data["notes"], by=request.actor)
        except RuleViolation as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"{made} takes back {formats().money(-made.total_amount)}.")
            return redirect("invoice", request.account.slug, made.pk)
    context = {"invoice": one, "form": form, "refusal": refusal}
    status = 422 if form.is_bound else 200
    return render(request, "invoices/credit.html", context, status=status)


def refund(request: PracticeRequest, pk: int) -> HttpResponse:
    """Pay a credit out."""
    one = _invoice(request, pk)

    def paid_out(typed: dict[str, Any]) -> None:
        Payment.receive(
            one.patient,
            -typed["amount"],
            payment_type=typed["type"],
            business=one.business,
            paid_on=typed["paid_on"],
            reference=typed["reference"],
            pays={one: -typed["amount"]},
            by=request.actor,
        )

    back = reverse_url("invoice", args=[request.account.slug, pk])
    return _paying_out(request, -one.balance, paid_out, of=one, whose=one.patient, back=back)


def refund_patient(request: PracticeRequest, pk: int) -> HttpResponse:
    """Pay out what a patient has on account."""
    rows = with_money(request.account.patients.all())
    patient = get_object_or_404(rows, pk=pk)

    def paid_out(typed: dict[str, Any]) -> None:
        pay_out(
            patient,
            typed["amount"],
            payment_type=typed["type"],
            paid_on=typed["paid_on"],
            reference=typed["reference"],
            by=request.actor,
        )

    back = reverse_url("patient-invoices", args=[request.account.slug, pk])
    of, most = "what is on account", balance_of(patient).credit
    return _paying_out(request, most, paid_out, of=of, whose=patient, back=back)


def _paying_out(
    request: PracticeRequest,
    most: Decimal,
    paid_out: Callable[[dict[str, Any]], None],
    **words: Any,
) -> HttpResponse:
    """The form of what goes out, `most` or less; a POST does it."""
    if request.method != "POST" and most <= 0:
        messages.info(request, f"Of {words['of']} nothing is to be paid out.")
        return redirect(words["back"])
    form = RefundForm(request.POST or None, most, _types(request), request.account.today())
    refusal = ""
    if form.is_valid():
        try:
            paid_out(form.cleaned_data)
        except RuleViolation as refused:
            refusal = str(refused)
        else:
            gone = formats().money(form.cleaned_data["amount"])
            messages.success(request, f"{gone} is paid out.")
            return redirect(words["back"])
    context = {"form": form, "refusal": refusal}
    status = 422 if form.is_bound else 200
    return render(request, "invoices/refund.html", context | words, status=status)


@require_POST
def reverse(request: PracticeRequest, pk: int) -> HttpResponse:
    """Take a payment back, and a claim that it paid. Raises InvoiceStands where somebody did."""
    payment = get_object_or_404(request.account.payments.select_related("payment_type"), pk=pk)
    take_back(payment, request.account.today(), by=request.actor)
    messages.success(request, f"The payment of {formats().money(payment.amount)} is taken back.")
    if back := way_back(request):
        return redirect(back)
    return redirect("patient-invoices", request.account.slug, payment.patient_id)
