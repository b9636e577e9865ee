"""Prices, what was invoiced, what was said."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from casewell.appointments.models import AppointmentType
from casewell.invoices.lines import Line
from casewell.invoices.models import (
    AppointmentTypeBillableItem,
    BillableItem,
    ConcessionPrice,
    DraftInvoice,
    InvoiceItem,
    Tax,
)
from casewell.letters.models import Communication
from casewell.patients.models import ConcessionType
from tests.api.examples.example import Body, Example

if TYPE_CHECKING:
    from casewell.invoices.models import Invoice
    from tests.world import Practice


def tax(practice: Practice) -> int:
    return int(Tax.objects.create(name="GST", rate=Decimal("12.5")).pk)


def tax_body(practice: Practice) -> Body:
    return {"name": "VAT", "rate": "7.75", "amount": "7.75"}


def brace() -> BillableItem:
    """An item with a tax."""
    gst = Tax.objects.create(name="GST", rate=10)
    return BillableItem.objects.create(
        name="Brace", item_code="B-1", item_type="Product", price=Decimal("55.00"), tax=gst
    )


def item(practice: Practice) -> int:
    return int(brace().pk)


def item_body(practice: Practice) -> Body:
    return {
        "name": "Consultation",
        "item_code": "500",
        "item_type": "Service",
        "price": "104.50",
        "tax_id": str(tax(practice)),
    }


def concession_price(practice: Practice) -> int:
    pension = ConcessionType.objects.create(name="Pension")
    made = ConcessionPrice.objects.create(
        billable_item=brace(), concession_type=pension, price=Decimal("40.00")
    )
    return int(made.pk)


def concession_price_body(practice: Practice) -> Body:
    return {
        "billable_item_id": str(brace().pk),
        "concession_type_id": ConcessionType.objects.create(name="Student").pk,
        "price": "44.00",
    }


def concession_price_change(practice: Practice) -> Body:
    return {"price": "39.50"}


def type_item(practice: Practice) -> int:
    made = AppointmentTypeBillableItem.objects.create(
        appointment_type=practice.standard,
        billable_item=brace(),
        quantity=Decimal("1.5"),
        discount_percentage=Decimal("12.5"),
        discounted_amount=Decimal("5.00"),
    )
    return int(made.pk)


def type_item_body(practice: Practice) -> Body:
    kind = AppointmentType.objects.create(name="Hydro", duration_in_minutes=40)
    return {"appointment_type_id": str(kind.pk), **type_item_change(practice)}


def type_item_change(practice: Practice) -> Body:
    return {
        "billable_item_id": brace().pk,
        "quantity": "2.0",
        "discount_percentage": "10.0",
        "discounted_amount": None,
    }


def issued(practice: Practice) -> Invoice:
    """An invoice of which all is known, of a visit in a case."""
    draft = DraftInvoice.for_visit(practice.attend(practice.case()))
    draft.lines = [Line.of_item(brace()).written()]
    draft.invoice_to = "Department of Veterans' Affairs"
    draft.extra_information, draft.notes = "File NX123456", "Thank you"
    return draft.issue(by=practice.by)


def invoice(practice: Practice) -> int:
    return int(issued(practice).pk)


def invoice_item(practice: Practice) -> int:
    return int(InvoiceItem.objects.get(invoice=issued(practice)).pk)


def service(practice: Practice) -> int:
    """A type that somebody offers; the business where that is."""
    practice.account.appointment_type_practitioners.create(
        appointment_type=practice.standard, practitioner=practice.amy
    )
    return int(practice.business.pk)


def memo(practice: Practice) -> int:
    made = Communication.objects.create(
        patient=practice.ada,
        type_code=Communication.Way.PHONE_CALL,
        direction_code=Communication.Direction.RECEIVED,
        category_code=Communication.Category.MEMO,
        sender="Ada Rossi",
        recipient="Reception",
        content="Comes ten minutes late.",
        confidential=False,
    )
    return int(made.pk)


def memo_body(practice: Practice) -> Body:
    return {
        "patient_id": str(practice.patient().pk),
        "category_code": 12,
        "type_code": 1,
        "direction_code": 1,
        "from": "Reception",
        "to": "0400 000 000",
        "content": "Your splint is here.\n",
        "confidential": True,
    }


EXAMPLES = {
    "taxes": Example(tax, tax_body),
    "billable_items": Example(item, item_body),
    "concession_prices": Example(concession_price, concession_price_body, concession_price_change),
    "appointment_type_billable_items": Example(type_item, type_item_body, type_item_change),
    "invoices": Example(invoice),
    "invoice_items": Example(invoice_item),
    "services": Example(service),
    "communications": Example(memo, memo_body, variant="MemoCommunication"),
}
