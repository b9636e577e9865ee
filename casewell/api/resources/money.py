"""The resources of money and letters: prices, what was invoiced, what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.api.resources.communications import Communications
from casewell.api.resources.invoices import InvoiceItems, Invoices
from casewell.api.resources.prices import BillableItems, ConcessionPrices, Taxes, TypeItems
from casewell.api.resources.services import Services

if TYPE_CHECKING:
    from casewell.api.resource import Resource

MONEY: list[type[Resource]] = [
    Invoices,
    InvoiceItems,
    BillableItems,
    ConcessionPrices,
    Taxes,
    TypeItems,
    Services,
    Communications,
]
