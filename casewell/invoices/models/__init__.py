"""What is owed and what was paid. Issued invoices, payments and what they pay are only added to."""

from __future__ import annotations

from casewell.invoices.models.draft import DraftInvoice
from casewell.invoices.models.errors import AlreadyInvoiced, InvoiceStands, NothingToPay, TooMuch
from casewell.invoices.models.giving import pay_out, payments_left, use_credit
from casewell.invoices.models.invoice import Invoice, InvoiceItem, Status
from casewell.invoices.models.owing import PatientBalance, balance_of, money_of, with_money
from casewell.invoices.models.payment import Allocation, Payment
from casewell.invoices.models.payment_type import PaymentType
from casewell.invoices.models.prices import (
    AppointmentTypeBillableItem,
    BillableItem,
    ConcessionPrice,
    Tax,
)
from casewell.invoices.models.receiving import Received, receive_all
from casewell.invoices.models.terms import InvoiceTerms

__all__ = [
    "Allocation",
    "AlreadyInvoiced",
    "AppointmentTypeBillableItem",
    "BillableItem",
    "ConcessionPrice",
    "DraftInvoice",
    "Invoice",
    "InvoiceItem",
    "InvoiceStands",
    "InvoiceTerms",
    "NothingToPay",
    "PatientBalance",
    "Payment",
    "PaymentType",
    "Received",
    "Status",
    "Tax",
    "TooMuch",
    "balance_of",
    "money_of",
    "pay_out",
    "payments_left",
    "receive_all",
    "use_credit",
    "with_money",
]
