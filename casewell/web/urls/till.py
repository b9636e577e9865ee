"""Addresses of the list of invoices, takings and statements."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import invoice_list, statements, takings

TILL = [
    page("invoices", invoice_list.invoices, may=May.SEE_INVOICES, name="invoices"),
    page("invoices.csv", invoice_list.as_csv, may=May.EXPORT, name="invoices-csv"),
    page("takings", takings.takings, may=May.SEE_INVOICES, name="takings"),
    page("takings.csv", takings.as_csv, may=May.EXPORT, name="takings-csv"),
    page(
        "patients/<int:pk>/statement",
        statements.statement,
        may=May.SEE_INVOICES,
        name="patient-statement",
    ),
    page(
        "patients/<int:pk>/statement.pdf",
        statements.pdf,
        may=May.SEE_INVOICES,
        name="patient-statement-pdf",
    ),
    page(
        "patients/<int:pk>/statement/email",
        statements.email,
        may=May.EDIT_INVOICES,
        name="patient-statement-email",
    ),
]
