"""The demo's settings of money: taxes, items, prices by concession, ways to pay."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from casewell.demo.price_list import (
    BESIDE,
    CONCESSIONS,
    FOOTER,
    HOW_TO_PAY,
    ITEMS,
    STUDENT,
)
from casewell.invoices.models import (
    AppointmentTypeBillableItem,
    BillableItem,
    ConcessionPrice,
    InvoiceTerms,
    PaymentType,
    Tax,
)
from casewell.invoices.money import to_the_cent
from casewell.patients.models import ConcessionType

if TYPE_CHECKING:
    from casewell.demo.people import World

FIRST_NUMBER = 1001


def make_prices(world: World) -> None:
    """What the practice charges, before there are patients with concessions."""
    PaymentType.start(world.account)
    InvoiceTerms.objects.create(
        how_to_pay=HOW_TO_PAY.format(name=world.account.name),
        footer=FOOTER,
        first_number=FIRST_NUMBER,
    )
    world.concessions = ConcessionType.objects.bulk_create(
        ConcessionType(name=name) for name in CONCESSIONS
    )
    gst = Tax.objects.create(name="GST", rate=Decimal(10))
    items = [
        BillableItem(
            name=name,
            item_code=code,
            item_type=kind,
            price=Decimal(price),
            tax=gst if tax else None,
        )
        for name, code, kind, price, _, tax in ITEMS
    ]
    world.items = {item.item_code: item for item in BillableItem.objects.bulk_create(items)}
    _make_concession_prices(world)
    _make_items_of_types(world)


def _make_concession_prices(world: World) -> None:
    pensioner, student = world.concessions
    agreed = []
    for _, code, kind, price, for_pensioner, _ in ITEMS:
        item = world.items[code]
        if for_pensioner:
            agreed.append((item, pensioner, Decimal(for_pensioner)))
        if kind == "Service" and not code[-1].isdigit():
            less = to_the_cent(Decimal(price) * (100 - STUDENT) / 100)
            agreed.append((item, student, less))
    ConcessionPrice.objects.bulk_create(
        ConcessionPrice(billable_item=item, concession_type=concession, price=price)
        for item, concession, price in agreed
    )


def _make_items_of_types(world: World) -> None:
    by_name = {item.name: item for item in world.items.values()}
    AppointmentTypeBillableItem.objects.bulk_create(
        AppointmentTypeBillableItem(appointment_type=kind, billable_item=item)
        for kind in world.types
        for item in (by_name[kind.name], *(world.items[c] for c in BESIDE.get(kind.name, ())))
    )
