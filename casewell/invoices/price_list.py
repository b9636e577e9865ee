"""What lines are chosen from: a practice's items with their prices, taxes and concessions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Value

from casewell.invoices.lines import Line
from casewell.invoices.money import NOTHING
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.invoices.models import BillableItem
    from casewell.patients.models import ConcessionType


@dataclass(frozen=True)
class NamedRate:
    """A tax as a line keeps it: by its name and rate."""

    name: str
    rate: str

    @property
    def key(self) -> str:
        return f"{self.rate} {self.name}"

    @property
    def label(self) -> str:
        return f"{self.name} {float(self.rate):g}%"


class PriceList:
    """One practice's, in two statements; `kept` are lines whose items and taxes stay choices."""

    def __init__(self, account: Account, kept: Iterable[Line] = ()) -> None:
        self.account = account
        self.kept = list(kept)

    @cached_property
    def items(self) -> dict[int, BillableItem]:
        """The items that can be added, and those that stand on the lines, by their ids."""
        keys = {line.billable_item for line in self.kept if line.billable_item}
        rows: QuerySet[Any] = self.account.billable_items.filter(
            Q(archived_at=None) | Q(pk__in=keys)
        )
        return {item.pk: item for item in rows.select_related("tax").order_by("name", "id")}

    @property
    def offered(self) -> list[tuple[str, str]]:
        """Each item as it is searched for, and its price in words."""
        live = (item for item in self.items.values() if item.archived_at is None)
        return [(searched_as(item), formats().money(item.price)) for item in live]

    @cached_property
    def _named(self) -> list[tuple[str, str, int]]:
        """Taxes and concessions in one statement: what it is, or its rate, its name and its id."""
        taxes = self.account.taxes.filter(archived_at=None)
        concessions = self.account.concession_types.filter(archived_at=None)
        rate: Any = taxes.model._meta.get_field("rate")
        no_rate = Value(None, output_field=rate)
        rows = taxes.values_list("rate", "name", "pk").union(
            concessions.annotate(rate=no_rate).values_list("rate", "name", "pk"), all=True
        )
        found = [("" if rate is None else str(rate), name, key) for rate, name, key in rows]
        return sorted(found, key=lambda row: (row[1], row[2]))

    @cached_property
    def taxes(self) -> dict[str, NamedRate]:
        """The taxes by what a form sends for them; those of the lines are among them."""
        own = [NamedRate(name, rate) for rate, name, _ in self._named if rate]
        on_lines = [NamedRate(x.tax_name, f"{x.tax_rate:.4f}") for x in self.kept if x.tax_name]
        return {tax.key: tax for tax in [*own, *on_lines]}

    @cached_property
    def concessions(self) -> dict[str, int]:
        """The ids of concessions by their names; 0 for one that is no more and on a line."""
        gone = {x.concession_type_name: 0 for x in self.kept if x.concession_type_name}
        return gone | {name: key for rate, name, key in self._named if not rate}

    def line_of(self, words: str, concession: ConcessionType | None) -> Line:
        """One of the item that is called so, has that code, or is the only one to begin so; else
        a line of that name.
        """
        wanted = " ".join(words.split())[:255]
        live = [item for item in self.items.values() if item.archived_at is None]
        for ways in (searched_as, str, lambda item: item.item_code):
            for item in live:
                if ways(item).casefold() == wanted.casefold():
                    return Line.of_item(item, concession)
        begun = [item for item in live if item.name.casefold().startswith(wanted.casefold())]
        if len(begun) == 1:
            return Line.of_item(begun[0], concession)
        return Line(name=wanted, unit_price=NOTHING)

    def price_of(self, item_key: int, concession: str) -> Decimal | None:
        """What an item costs those of the concession so named; None where it is no item."""
        item = self.items.get(item_key)
        if item is None:
            return None
        key = self.concessions.get(concession)
        agreed = (p.price for p in item.concession_prices.all() if p.concession_type_id == key)
        return next(agreed, item.price)


def searched_as(item: BillableItem) -> str:
    """An item as it stands in the search: its name, with its code where it has one."""
    return f"{item.name} · {item.item_code}" if item.item_code else item.name
