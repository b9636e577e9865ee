"""A patient's invoices, drafts and payments, and what is owed and on account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.shortcuts import render

from casewell.invoices.models import Allocation, Payment, balance_of, with_money
from casewell.web.merged import patient_at
from casewell.web.paging import page_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

MOST_PAYMENTS = 100


def invoices(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = with_money(request.account.patients.select_related("concession_type"))
    patient = patient_at(request, pk, rows)
    found = patient.invoices.with_balance().select_related("practitioner", "original")
    context = {
        "patient": patient,
        "balance": balance_of(patient),
        "page_obj": page_of(request, found.newest_first()),
        "drafts": patient.draftinvoices.select_related("practitioner").order_by("-id"),
        "payments": _payments_of(patient)[:MOST_PAYMENTS],
        "today": request.account.today(),
    }
    return render(request, "invoices/of_patient.html", context)


def _payments_of(patient: Patient) -> QuerySet[Payment]:
    """Latest first, each with the invoices that it `paid`, and whether it is `taken_back`."""
    ours = Allocation.objects.filter(payment=OuterRef("pk")).order_by("id")
    named = JSONObject(id="invoice_id", number="invoice__number")
    back = Payment.objects.filter(reverses=OuterRef("pk"))
    rows = patient.payments.select_related("payment_type", "payer")
    return rows.annotate(
        paid=ArraySubquery(ours.values(one=named)), taken_back=Exists(back)
    ).order_by("-paid_on", "-id")
