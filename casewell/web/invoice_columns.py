"""What the list of invoices tells of each: the columns of its page and of its CSV."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casewell.invoices.models import DraftInvoice, Invoice
from casewell.invoices.money import NOTHING
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from django.http import HttpRequest

KEPT = "invoice-columns"  # the cookie
Cell = str | Decimal


@dataclass(frozen=True)
class Row:
    """An invoice or a draft, as a line of the list."""

    one: Invoice | DraftInvoice
    number: str
    net: Decimal
    tax: Decimal
    total: Decimal
    owed: Decimal
    state: str
    overdue: bool = False

    @property
    def paid(self) -> Decimal:
        """Of a void one nothing is owed, and nothing was paid."""
        return NOTHING if self.state == "void" else self.total - self.owed


@dataclass(frozen=True)
class Column:
    """One column: `of` a row; `wide` ones are left out on a phone; amounts stand at the right."""

    key: str
    label: str
    of: Callable[[Row], Cell]
    usual: bool = False
    wide: bool = True
    amount: bool = False


def _day(day: date | None) -> str:
    return formats().day(day) if day else ""


COLUMNS = [
    Column("payer", "Payer", lambda r: str(r.one.payer or ""), usual=True),
    Column("practitioner", "With", lambda r: str(r.one.practitioner), usual=True),
    Column("business", "Business", lambda r: str(r.one.business)),
    Column("due", "Due", lambda r: _day(r.one.due_date), usual=True),
    Column("state", "State", lambda r: "overdue" if r.overdue else r.state, usual=True, wide=False),
    Column("net", "Before tax", lambda r: r.net, amount=True),
    Column("tax", "Tax", lambda r: r.tax, amount=True),
    Column("total", "Total", lambda r: r.total, usual=True, wide=False, amount=True),
    Column("paid", "Paid", lambda r: r.paid, usual=True, amount=True),
    Column("owed", "Owed", lambda r: r.owed, usual=True, wide=False, amount=True),
    Column("to", "Invoice to", lambda r: r.one.invoice_to),
    Column("notes", "Notes", lambda r: r.one.notes),
]


def columns_of(keys: Iterable[str]) -> list[Column]:
    """The columns with those keys, in the list's own order; the usual ones where there is none."""
    wanted = set(keys)
    chosen = [column for column in COLUMNS if column.key in wanted]
    return chosen or [column for column in COLUMNS if column.usual]


def kept_columns(request: HttpRequest) -> list[Column]:
    """Those that were last chosen in this browser."""
    return columns_of(request.COOKIES.get(KEPT, "").split("."))


def rows_of(model: Any, keys: Iterable[int], today: date) -> list[Row]:
    """These invoices, or drafts, in this order, with all that the columns tell.

    Asked for by their ids, so that balances are not counted for what was only passed over.
    """
    places = {key: place for place, key in enumerate(keys)}
    related = ("patient", "practitioner", "business", "payer")
    found = model.objects.filter(pk__in=places).select_related(*related)
    if model is DraftInvoice:
        rows = [_of_draft(draft) for draft in found]
    else:
        rows = [_of_invoice(invoice, today) for invoice in found.with_balance()]
    return sorted(rows, key=lambda row: places[row.one.pk])


def _of_draft(draft: DraftInvoice) -> Row:
    amounts = draft.amounts
    return Row(draft, "Draft", amounts.net, amounts.tax, amounts.total, NOTHING, "draft")


def _of_invoice(invoice: Invoice, today: date) -> Row:
    return Row(
        invoice,
        str(invoice),
        invoice.net_amount,
        invoice.tax_amount,
        invoice.total_amount,
        invoice.balance,
        "credit" if invoice.original_id and not invoice.voided_at else invoice.state,
        invoice.is_overdue_on(today),
    )
