"""What a practice charges: taxes, items, and items by concession and by appointment type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec

from casewell.accounts.roles import Permission
from casewell.api.bodies import Amount, Body, Ref, Text255
from casewell.api.filters import Kind, Number
from casewell.api.resource import USUAL_FILTERS, usual_filters
from casewell.api.rows import Id, Link, Moment, Money, Of, Row, SelfLink, To, exactly
from casewell.api.writing import Writable
from casewell.audit.archiving import archive
from casewell.invoices.price_forms import (
    BillableItemForm,
    ConcessionPriceForm,
    TaxForm,
    TypeItemForm,
    take_off,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.api.calls import Call
    from casewell.invoices.models import (
        AppointmentTypeBillableItem,
        BillableItem,
        ConcessionPrice,
        Tax,
    )

STAYS: dict[str, Kind] = {n: k for n, k in USUAL_FILTERS.items() if n != "archived_at"}
Code = Annotated[str, msgspec.Meta(max_length=100)]


def is_given(amount: Any) -> bool:
    """Whether a discount is an amount of money."""
    return amount is not None


class TaxRow(Row):
    id: Id
    name: str
    amount: Annotated[Money, Of("rate", exactly)]  # the older name of the rate
    rate: Annotated[Money, Of("rate", exactly)]
    created_at: Moment
    updated_at: Moment
    links: SelfLink


class TaxBody(Body):
    required = ("name", "rate")

    name: Text255
    amount: Amount
    rate: Amount

    @classmethod
    def read(cls, sent: dict[str, Any], *, creating: bool) -> dict[str, Any]:
        """The rate by whichever name it was sent; by both, the newer holds."""
        if "amount" in sent and "rate" not in sent:
            sent = sent | {"rate": sent["amount"]}
        return super().read(sent, creating=creating)


class Taxes(Writable):
    """The contract has no way back for a tax: what is taken away is as if it never was there."""

    name = "taxes"
    item = "tax"
    row = TaxRow
    body = TaxBody
    form = TaxForm
    reads = Permission.SEE_CALENDAR
    creates = changes = removes = Permission.EDIT_SETTINGS
    archives = False
    filters: ClassVar = STAYS

    def queryset(self, account: Account) -> QuerySet[Any]:
        return account.taxes.all()

    def records(self, account: Account) -> QuerySet[Any]:
        return account.taxes.all()

    def archive_record(self, call: Call, record: Tax) -> None:
        archive(record, by=call.actor)


class BillableItemRow(Row):
    id: Id
    name: str
    item_code: str | None
    item_type: str
    price: Money
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    tax: Annotated[Link | None, To("taxes", "tax_id")]
    links: SelfLink


class BillableItemBody(Body):
    required = ("name", "item_type", "price")

    name: Text255
    item_code: Code | None
    item_type: Literal["Product", "Service", "Other"]
    price: Amount
    tax_id: Ref | None


class BillableItems(Writable):
    name = "billable_items"
    row = BillableItemRow
    body = BillableItemBody
    form = BillableItemForm
    reads = Permission.SEE_CALENDAR
    creates = changes = removes = Permission.EDIT_SETTINGS
    filters: ClassVar = usual_filters(deleted=False, tax_id=Number())

    def queryset(self, account: Account) -> QuerySet[Any]:
        return account.billable_items.all()

    def records(self, account: Account) -> QuerySet[Any]:
        return account.billable_items.all()

    def archive_record(self, call: Call, record: BillableItem) -> None:
        archive(record, by=call.actor)


class BoundItems(Writable):
    """Items that something was bound to when they were made: it stays, whatever a change says."""

    reads = Permission.SEE_CALENDAR
    creates = changes = Permission.EDIT_SETTINGS
    hides = ()
    archives = False
    bound: ClassVar[tuple[str, ...]]

    def update_record(self, call: Call, record: Any, values: dict[str, Any]) -> Any:
        mine = {name: value for name, value in values.items() if name not in self.bound}
        return super().update_record(call, record, mine)


class ConcessionPriceRow(Row):
    id: Id
    price: Money
    created_at: Moment
    updated_at: Moment
    billable_item: Annotated[Link, To("billable_items", "billable_item_id")]
    concession_type: Annotated[Link, To("concession_types", "concession_type_id")]
    links: SelfLink


class ConcessionPriceBody(Body):
    required = ("billable_item_id", "concession_type_id", "price")

    billable_item_id: Ref
    concession_type_id: Ref
    price: Amount


class ConcessionPrices(BoundItems):
    name = "concession_prices"
    row = ConcessionPriceRow
    body = ConcessionPriceBody
    form = ConcessionPriceForm
    bound = ("billable_item_id", "concession_type_id")
    filters: ClassVar = STAYS | {"billable_item_id": Number(), "concession_type_id": Number()}

    def queryset(self, account: Account) -> QuerySet[ConcessionPrice]:
        return account.concession_prices.all()

    def records(self, account: Account) -> QuerySet[ConcessionPrice]:
        return account.concession_prices.all()


class TypeItemRow(Row):
    id: Id
    quantity: Annotated[Money, Of("quantity", exactly)]
    discount_percentage: Annotated[Money | None, Of("discount_percentage", exactly)]
    discounted_amount: Money | None
    is_monetary_discount: Annotated[bool, Of("discounted_amount", is_given)]
    created_at: Moment
    updated_at: Moment
    appointment_type: Annotated[Link, To("appointment_types", "appointment_type_id")]
    billable_item: Annotated[Link, To("billable_items", "billable_item_id")]
    links: SelfLink


class TypeItemBody(Body):
    required = ("appointment_type_id", "billable_item_id")

    appointment_type_id: Ref
    billable_item_id: Ref
    quantity: Amount
    discount_percentage: Amount | None
    discounted_amount: Amount | None


class TypeItems(BoundItems):
    name = "appointment_type_billable_items"
    row = TypeItemRow
    body = TypeItemBody
    form = TypeItemForm
    removes = Permission.EDIT_SETTINGS
    bound = ("appointment_type_id",)
    filters: ClassVar = STAYS | {"appointment_type_id": Number(), "billable_item_id": Number()}

    def queryset(self, account: Account) -> QuerySet[AppointmentTypeBillableItem]:
        return account.appointment_type_billable_items.all()

    def records(self, account: Account) -> QuerySet[AppointmentTypeBillableItem]:
        rows: QuerySet[AppointmentTypeBillableItem] = account.appointment_type_billable_items.all()
        return rows.select_related("appointment_type", "billable_item")

    def archive_record(self, call: Call, record: AppointmentTypeBillableItem) -> None:
        take_off(record, by=call.actor)
