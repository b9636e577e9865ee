"""A line of a draft as it is typed and kept: plain values, amounts as text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casewell.invoices.money import NOTHING, Charge

if TYPE_CHECKING:
    from casewell.invoices.models import AppointmentTypeBillableItem, BillableItem, InvoiceItem
    from casewell.patients.models import ConcessionType

DECIMALS = frozenset(
    {"quantity", "unit_price", "discount_percentage", "discounted_amount", "tax_rate"}
)


@dataclass(frozen=True)
class Line:
    """What is charged: an item by its name, so many, at a price, less a discount, with a tax."""

    name: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    billable_item: int | None = None
    code: str = ""
    discount_percentage: Decimal | None = None
    discounted_amount: Decimal | None = None
    concession_type_name: str = ""
    tax_name: str = ""
    tax_rate: Decimal = NOTHING

    @classmethod
    def read(cls, written: dict[str, Any]) -> Line:
        """A line from its JSON."""
        values: dict[str, Any] = {
            name: Decimal(value) if name in DECIMALS and value is not None else value
            for name, value in written.items()
        }
        return cls(**values)

    @classmethod
    def of_item(cls, item: BillableItem, concession: ConcessionType | None = None) -> Line:
        """One of an item, at the price of that concession. Wants the item's `tax`."""
        return cls(
            name=item.name,
            code=item.item_code,
            billable_item=item.pk,
            unit_price=item.price_for(concession),
            concession_type_name=concession.name if concession else "",
            tax_name=item.tax.name if item.tax else "",
            tax_rate=item.tax.rate if item.tax else NOTHING,
        )

    @classmethod
    def of(
        cls, link: AppointmentTypeBillableItem, concession: ConcessionType | None = None
    ) -> Line:
        """What a visit of a type is charged with."""
        line = cls.of_item(link.billable_item, concession)
        terms = {
            "quantity": link.quantity,
            "discount_percentage": link.discount_percentage,
            "discounted_amount": link.discounted_amount,
        }
        return cls(**asdict(line) | terms)

    @classmethod
    def taking_back(cls, item: InvoiceItem, quantity: Decimal) -> Line:
        """The line that takes back so many of an issued one, at its price and discount."""
        part = quantity / item.quantity
        money_off = item.discounted_amount
        return cls(
            name=item.name,
            code=item.code,
            billable_item=item.billable_item_id,
            unit_price=item.unit_price,
            quantity=-quantity,
            discount_percentage=item.discount_percentage,
            discounted_amount=None if money_off is None else money_off * part,
            concession_type_name=item.concession_type_name,
            tax_name=item.tax_name,
            tax_rate=item.tax_rate,
        )

    def charge(self, *, tax_inclusive: bool) -> Charge:
        """What it comes to, by the invoice's way of counting tax."""
        return Charge(
            quantity=self.quantity,
            unit_price=self.unit_price,
            tax_rate=self.tax_rate,
            discount_percentage=self.discount_percentage,
            discounted_amount=self.discounted_amount,
            tax_inclusive=tax_inclusive,
        )

    def written(self) -> dict[str, Any]:
        """It as JSON: amounts as text, so that no digit is lost."""
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
        }

    def columns(self) -> dict[str, Any]:
        """It as the columns of an issued line."""
        values = asdict(self)
        return values | {"billable_item_id": values.pop("billable_item")}
