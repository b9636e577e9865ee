"""A practice with prices: what tests of invoices and payments start from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casewell.invoices.lines import Line
from casewell.invoices.models import (
    BillableItem,
    DraftInvoice,
    Invoice,
    Payment,
    PaymentType,
    Tax,
)

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from tests.world import Practice


@dataclass
class Till:
    """A practice's prices: a consultation at 100.00 and a brace at 55.00 with 10 % tax in it."""

    practice: Practice
    gst: Tax
    consultation: BillableItem
    brace: BillableItem
    cash: PaymentType

    @classmethod
    def of(cls, practice: Practice) -> Till:
        account = practice.account
        gst = account.taxes.create(name="GST", rate=Decimal(10))
        consultation = account.billable_items.create(name="Consultation", price=Decimal(100))
        practice.standard.billable_item_links.create(billable_item=consultation)
        return cls(
            practice,
            gst,
            consultation,
            account.billable_items.create(name="Brace", price=Decimal(55), tax=gst),
            account.payment_types.create(name="Cash"),
        )

    def draft(self, *lines: Line, visit: Attendee | None = None, **fields: Any) -> DraftInvoice:
        """A draft that is not stored, of these lines or of the visit's own."""
        practice = self.practice
        if visit and not lines:
            return DraftInvoice.for_visit(visit)
        fields = {
            "patient": visit.patient if visit else practice.ada,
            "practitioner": practice.amy,
            "business": practice.business,
            "attendee": visit,
            "issue_date": practice.account.today(),
        } | fields
        return DraftInvoice(lines=[line.written() for line in lines], **fields)

    def invoice(self, *lines: Line, visit: Attendee | None = None, **fields: Any) -> Invoice:
        """An issued one."""
        return self.draft(*lines, visit=visit, **fields).issue(by=self.practice.by)

    def invoice_of(self, amount: str, **fields: Any) -> Invoice:
        """An issued one of a single line that comes to `amount`."""
        return self.invoice(Line(name="Consultation", unit_price=Decimal(amount)), **fields)

    def visit_in(self, case: PatientCase) -> Attendee:
        return self.practice.attend(case)

    def pay(self, amount: str, pays: dict[Invoice, str] | None = None) -> Payment:
        """Cash from the patient of the invoices, or from Ada, towards these invoices."""
        practice = self.practice
        patient = next(iter(pays)).patient if pays else practice.ada
        return Payment.receive(
            patient,
            Decimal(amount),
            payment_type=self.cash,
            business=practice.business,
            paid_on=practice.account.today(),
            pays={invoice: Decimal(part) for invoice, part in (pays or {}).items()},
            by=practice.by,
        )
