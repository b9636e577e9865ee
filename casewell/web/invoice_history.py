"""What was done to an invoice, from its draft to what paid it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.web.history_rows import rows_of, together
from casewell.web.money_words import DRAFT, INVOICE, PAYMENT

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.audit.models import Change
    from casewell.invoices.models import Invoice


def changes_of_invoice(invoice: Invoice) -> QuerySet[Change]:
    """The changes of an invoice, of its draft, of its credits, and what was paid towards it."""
    account, keys = invoice.account, [invoice.pk]
    paid = invoice.allocations.exclude(payment=None).values("payment")
    credits_of_it = invoice.credits.values("pk")
    parts = [(INVOICE, keys), (INVOICE, credits_of_it), (DRAFT, keys), (PAYMENT, paid)]
    return together([rows_of(account, kind, one) for kind, one in parts])
