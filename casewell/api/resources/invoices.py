"""Invoices as they were issued, and their lines: read, never written. Drafts are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from django.db.models import Case, DateTimeField, Value, When
from django.db.models.functions import Cast

from casewell.accounts.roles import Permission
from casewell.api.filters import Day as DayFilter
from casewell.api.filters import Moment as MomentFilter
from casewell.api.filters import Number
from casewell.api.resource import Listing, Resource, hidden_list, usual_filters
from casewell.api.resources.prices import is_given
from casewell.api.rows import (
    Always,
    At,
    Day,
    Id,
    Link,
    Moment,
    Money,
    Of,
    Row,
    SelfLink,
    To,
    by_id,
    exactly,
)
from casewell.appointments.models import Booking
from casewell.invoices.models import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.invoices.models import Invoice, InvoiceItem

Address = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})]
# What was issued is in the books for good.
NEVER: Any = Cast(Value(None), DateTimeField())
METHODS = {False: 2, True: 3}
METHOD_WORDS = {False: "Tax exclusive", True: "Tax inclusive"}


def status_word(code: int) -> str:
    return str(Status(code).label)


def as_number(amount: Decimal) -> float:
    """The one amount that the contract has as a number."""
    return float(amount)


class InvoiceRow(Row):
    id: Id
    number: int
    issue_date: Day
    status: Annotated[Literal[10, 20, 30, 40], Of("status_code")]
    status_description: Annotated[str, Of("status_code", status_word)]
    invoice_to: str | None
    patient_extra_information: Annotated[str | None, Of("extra_information")]
    notes: str | None
    calculation_method: Annotated[int, Of("tax_inclusive", METHODS.get)]
    calculation_method_description: Annotated[str, Of("tax_inclusive", METHOD_WORDS.get)]
    net_amount: Money
    tax_amount: Money
    total_amount: Money
    discounted_amount: Money
    online_payment_url: Annotated[Address | None, Always()]
    closed_at: Annotated[Moment | None, Of("voided_at")]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    appointment: Annotated[Link | None, To("appointments", "appointment_id")]
    attendee: Annotated[Link | None, To("attendees", "attendee_id")]
    business: Annotated[Link, To("businesses", "business_id")]
    invoice_items: Annotated[Link, At("/invoices/{id}/invoice_items")]
    original_invoice: Annotated[Link | None, To("invoices", "original_id")]
    patient: Annotated[Link, To("patients", "patient_id")]
    practitioner: Annotated[Link, To("practitioners", "practitioner_id")]
    reversed_invoices: Annotated[Link, At("/invoices" + by_id("invoice"))]
    signature: Annotated[Link | None, Always()]
    links: SelfLink


def lists_inside() -> Iterator[Listing]:
    """The lists inside what an invoice is of; the contract calls most of them older."""
    for within, of, one in (
        ("appointments", "attendee__booking_id", "appointment_id"),
        ("patients", "patient_id", "patient_id"),
        ("practitioners", "practitioner_id", "practitioner_id"),
    ):
        older = within != "appointments"
        yield Listing(within=within, of=of, lacks=frozenset({one}), older=older)
        yield hidden_list("deleted", within=within, of=of)
    yield Listing(within="attendees", of="attendee_id", lacks=frozenset({"attendee_id"}))
    yield Listing(within="patient_cases", of="attendee__case_id")


class Invoices(Resource):
    name = "invoices"
    row = InvoiceRow
    reads = Permission.SEE_INVOICES
    made_by = "number"  # one that is issued has the id of its draft
    lists = (Listing(), hidden_list("deleted"), *lists_inside())
    additions = frozenset({"invoice_id"})
    filters: ClassVar = usual_filters(
        appointment_id=Number("attendee__booking_id"),
        attendee_id=Number(),
        business_id=Number(),
        closed_at=MomentFilter("voided_at"),
        invoice_id=Number("original_id"),  # what links to the credits of an invoice ask by
        issue_date=DayFilter(),
        number=Number(),
        original_invoice_id=Number("original_id"),
        patient_id=Number(),
        practitioner_id=Number(),
        status=Number("status_code"),
    )
    joined = frozenset({"status", "status_code"})

    def queryset(self, account: Account) -> QuerySet[Invoice]:
        alone = When(attendee__booking__kind=Booking.Kind.INDIVIDUAL, then="attendee__booking_id")
        rows: Any = self.counted(account)
        with_status: QuerySet[Invoice] = rows.with_status().annotate(appointment_id=Case(alone))
        return with_status

    def counted(self, account: Account) -> QuerySet[Invoice]:
        return account.invoices.annotate(archived_at=NEVER)


class InvoiceItemRow(Row):
    id: Id
    name: str | None
    code: str | None
    quantity: Annotated[Money, Of("quantity", exactly)]
    unit_price: Money
    discount_percentage: Annotated[Money | None, Of("discount_percentage", exactly)]
    discounted_amount: Money | None
    is_monetary_discount: Annotated[bool, Of("discounted_amount", is_given)]
    concession_type_name: str | None
    tax_name: str | None
    tax_rate: Annotated[Money, Of("tax_rate", exactly)]
    net_price: Annotated[Money, Of("net_amount")]
    tax_amount: Money
    total_including_tax: Annotated[float, Of("total_amount", as_number)]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    deleted_at: Annotated[Moment | None, Of("archived_at")]
    billable_item: Annotated[Link | None, To("billable_items", "billable_item_id")]
    invoice: Annotated[Link, To("invoices", "invoice_id")]
    product: Annotated[Link | None, Always()]
    links: SelfLink


INSIDE: dict[str, Any] = {"within": "invoices", "of": "invoice_id"}


class InvoiceItems(Resource):
    name = "invoice_items"
    row = InvoiceItemRow
    reads = Permission.SEE_INVOICES
    lists = (
        Listing(),
        hidden_list("deleted"),
        Listing(**INSIDE, lacks=frozenset({"invoice_id"})),
        hidden_list("deleted", **INSIDE),
    )
    filters: ClassVar = usual_filters(invoice_id=Number(), source_item_id=Number("source_id"))

    def queryset(self, account: Account) -> QuerySet[InvoiceItem]:
        return account.invoice_items.annotate(archived_at=NEVER)
