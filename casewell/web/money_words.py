"""The words of the history for invoices, drafts and payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.invoices.models import DraftInvoice, Invoice, Payment

if TYPE_CHECKING:
    from django.db import models

INVOICE, DRAFT, PAYMENT = (one._meta.label_lower for one in (Invoice, DraftInvoice, Payment))
MONEY_TERMS: dict[str, tuple[type[models.Model], str]] = {
    INVOICE: (Invoice, "the invoice"),
    DRAFT: (DraftInvoice, "the draft of an invoice"),
    PAYMENT: (Payment, "a payment"),
}
# Of each what a sentence leaves to tell.
TOLD_OF_MONEY = {
    INVOICE: {"number", "total_amount", "due_date", "void_reason"},
    DRAFT: {"payer", "issue_date", "due_date", "invoice_to", "notes"},
    PAYMENT: {"amount", "payment_type", "paid_on", "reference"},
}
MONEY_PHRASES = {
    (INVOICE, "credited"): "credited a part or all of {}",
    (DRAFT, "created"): "wrote {}",
    (DRAFT, "edited"): "changed {}",
    (PAYMENT, "reversed"): "took back {}",
}
