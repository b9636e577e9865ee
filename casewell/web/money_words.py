"""The words of the history for invoices, drafts, payments and claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.claims.models import Claim
from casewell.claims.particulars import FIELDS, Value, read
from casewell.invoices.models import DraftInvoice, Invoice, Payment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

INVOICE, DRAFT, PAYMENT, CLAIM = (
    one._meta.label_lower for one in (Invoice, DraftInvoice, Payment, Claim)
)
MONEY_TERMS: dict[str, tuple[type[models.Model], str]] = {
    INVOICE: (Invoice, "the invoice"),
    DRAFT: (DraftInvoice, "the draft of an invoice"),
    PAYMENT: (Payment, "a payment"),
    CLAIM: (Claim, "the claim"),
}
# Of each what a sentence leaves to tell.
TOLD_OF_MONEY = {
    INVOICE: {"number", "total_amount", "due_date", "void_reason"},
    DRAFT: {"payer", "issue_date", "due_date", "invoice_to", "notes"},
    PAYMENT: {"amount", "payment_type", "paid_on", "reference"},
    CLAIM: {"particulars", "lodgement", "benefit", "reason"},
}
MONEY_PHRASES = {
    (INVOICE, "credited"): "credited a part or all of {}",
    (DRAFT, "created"): "wrote {}",
    (DRAFT, "edited"): "changed {}",
    (PAYMENT, "reversed"): "took back {}",
    (CLAIM, "created"): "prepared {}",
    (CLAIM, "edited"): "changed {}",
    (CLAIM, "filled in again"): "filled in {} anew",
    (CLAIM, "taken by the gateway"): "handed {} to the gateway",
    (CLAIM, "paid"): "wrote down the benefit of {}",
    (CLAIM, "benefit taken back"): "took back the benefit of {}",
}


def claimed(former: Any, latter: Any) -> Iterator[tuple[str, str, str]]:
    """Each value of a claim that was changed: its label, what it said and what it says.

    Nothing of a claim that was just filled in: all of it is on its page.
    """
    if not former or not latter:
        return
    said, says = read(former), read(latter)
    for field in FIELDS:
        values = [kept.get(field.name, Value()).value for kept in (said, says)]
        if values[0] != values[1]:
            yield field.label, values[0], values[1]
