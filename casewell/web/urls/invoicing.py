"""Addresses of invoices, drafts and payments."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import invoice, invoice_drafts, patient_invoices, payments

INVOICING = [
    page("invoices/new", invoice_drafts.new, may=May.EDIT_INVOICES, name="invoice-new"),
    page("invoices/<int:pk>", invoice.invoice, may=May.SEE_INVOICES, name="invoice"),
    page(
        "invoices/<int:pk>/draft", invoice_drafts.edit, may=May.EDIT_INVOICES, name="invoice-draft"
    ),
    page(
        "invoices/<int:pk>/discarding",
        invoice_drafts.discard,
        may=May.EDIT_INVOICES,
        name="invoice-discard",
    ),
    page("invoices/<int:pk>/payments", payments.pay, may=May.EDIT_INVOICES, name="invoice-pay"),
    page("invoices/<int:pk>/on-account", payments.use, may=May.EDIT_INVOICES, name="invoice-use"),
    page("invoices/<int:pk>/email", invoice.email, may=May.EDIT_INVOICES, name="invoice-email"),
    page("invoices/<int:pk>/pdf", invoice.pdf, may=May.SEE_INVOICES, name="invoice-pdf"),
    page(
        "invoices/<int:pk>/history", invoice.history, may=May.SEE_INVOICES, name="invoice-history"
    ),
    page("invoices/<int:pk>/voiding", invoice.void, may=May.CREDIT_INVOICES, name="invoice-void"),
    page(
        "invoices/<int:pk>/credits", payments.credit, may=May.CREDIT_INVOICES, name="invoice-credit"
    ),
    page(
        "invoices/<int:pk>/refunds", payments.refund, may=May.CREDIT_INVOICES, name="invoice-refund"
    ),
    page(
        "payments/<int:pk>/reversal",
        payments.reverse,
        may=May.CREDIT_INVOICES,
        name="payment-reverse",
    ),
    page(
        "patients/<int:pk>/invoices",
        patient_invoices.invoices,
        may=May.SEE_INVOICES,
        name="patient-invoices",
    ),
    page(
        "patients/<int:pk>/refunds",
        payments.refund_patient,
        may=May.CREDIT_INVOICES,
        name="patient-refund",
    ),
]
