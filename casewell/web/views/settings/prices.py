"""Settings of money: items, taxes, ways to pay, the terms of invoices, what types are charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from casewell.invoices.charges import charges_of, store_charges
from casewell.invoices.models import InvoiceTerms
from casewell.invoices.setting_up import (
    BillableItemForm,
    InvoiceTermsForm,
    PaymentTypeForm,
    TaxForm,
    archive_tax,
)
from casewell.web.views.settings.collections import TYPES, Collection
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

ITEMS = Collection(
    "settings-item",
    "Billable items",
    "billable item",
    "billable_items",
    ("name", "id"),
    BillableItemForm,
    "settings/items.html",
    "It can no longer be chosen, and visits are no longer charged with it. What is issued keeps "
    "it, and it can be restored.",
    beside=("tax", "concession_prices__concession_type"),
)
TAXES = Collection(
    "settings-tax",
    "Taxes",
    "tax",
    "taxes",
    ("name", "id"),
    TaxForm,
    "settings/taxes.html",
    "It can no longer be chosen. Items that are charged with it need another first; what is "
    "issued keeps it.",
    archive_tax,
)
PAYMENT_TYPES = Collection(
    "settings-payment-type",
    "Payment types",
    "payment type",
    "payment_types",
    ("name", "id"),
    PaymentTypeForm,
    "settings/payment_types.html",
    "It can no longer be chosen. Payments of this type keep it, and it can be restored.",
)


def invoices(request: PracticeRequest) -> HttpResponse:
    """What invoices say, when they are due, how they are numbered."""
    terms = InvoiceTerms.of(request.account)
    form = InvoiceTermsForm(request.POST or None, instance=terms)
    if form.is_valid():
        form.save(by=request.actor)
        messages.success(request, "The settings of invoices are saved.")
        return redirect("settings-invoices", request.account.slug)
    context = {"form": form}
    status = 422 if form.is_bound else 200
    return page_of_settings(request, "settings/invoices.html", "settings-invoices", context, status)


@require_POST
def charges(request: PracticeRequest, pk: int) -> HttpResponse:
    """Change what visits of a type are charged with."""
    types = request.account.appointment_types.select_for_update(no_key=True)
    kind = get_object_or_404(types, pk=pk)
    rows = charges_of(kind, request.POST)
    if rows.is_valid():
        store_charges(kind, rows, by=request.actor)
        messages.success(request, f"What {kind} is charged with is saved.")
        return redirect("settings-type", request.account.slug, pk)
    return TYPES.page_of(request, kind, {"charges": rows}, 422)
