"""What an invoice says on paper, and its drawing by typst.

All of it is frozen on the day of issue, but for what was paid, which is as on the day of drawing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewell.audit.enclosures import CannotEnclose, Enclosure, encloses
from casewell.invoices.models import Invoice
from casewell.lib.formats import formats, written_as
from casewell.lib.typeset import pdf_of as drawn
from casewell.lib.uploads import plain_name
from casewell.web.invoice_facts import facts_of

if TYPE_CHECKING:
    from decimal import Decimal

    from casewell.invoices.models import InvoiceItem

TEMPLATE = Path(__file__).with_name("invoice.typ")


def pdf_of(invoice: Invoice) -> bytes:
    """The document as PDF."""
    return drawn(TEMPLATE, words_of(invoice))


def filename_of(invoice: Invoice) -> str:
    return plain_name(f"{invoice} – {invoice.stated['patient']}.pdf".replace("/", "-"))


def words_of(invoice: Invoice) -> dict[str, Any]:
    """All texts of the document, in the practice's own formats."""
    stated, money = invoice.stated, formats().money
    return {
        "practice": stated["practice"],
        "title": str(invoice) if invoice.original_id else f"{stated['title']} {invoice.number}",
        "void": f"Void: {invoice.void_reason}" if invoice.voided_at else "",
        "of": f"Takes back from {invoice.original}" if invoice.original else "",
        "from": _from(stated),
        "to": stated["to"],
        "dates": _filled(
            ("Issued", formats().day(invoice.issue_date)),
            ("Due", formats().day(invoice.due_date) if invoice.due_date else ""),
        ),
        "who": _filled(
            ("Patient", stated["patient"]),
            ("Address", ", ".join(stated.get("patient_address", []))),
            ("Practitioner", _and(stated["practitioner"], stated.get("discipline", ""))),
            *stated.get("numbers", []),
        ),
        "facts": [[fact.label, fact.text] for fact in facts_of(stated)],
        "lines": [_line(item) for item in invoice.items.order_by("place")],
        "sums": _sums(invoice),
        "owed": "" if invoice.voided_at else _owed(invoice),
        "notes": [text for text in (invoice.extra_information, invoice.notes) if text],
        "how_to_pay": stated.get("how_to_pay", "") if invoice.balance > 0 else "",
        "footer": stated.get("footer", ""),
        "all": money(invoice.total_amount),
    }


def _from(stated: dict[str, Any]) -> list[str]:
    """Business, address, registration and how to reach it, a line each."""
    names = ("registration", "contact", "website", "business_notes")
    rest = [line for name in names for line in stated.get(name, "").splitlines()]
    return [stated["business"], *stated.get("business_address", []), *rest]


def _line(item: InvoiceItem) -> list[str]:
    """What, how many, the price, the tax, what it comes to."""
    less = ""
    if item.discounted_amount:
        less = f"less {formats().money(item.discounted_amount)}"
    elif item.discount_percentage:
        less = f"less {_short(item.discount_percentage)}%"
    under = ", ".join(part for part in (item.code, item.concession_type_name, less) if part)
    tax = formats().money(item.tax_amount) if item.tax_name else ""
    amounts = (formats().money(item.unit_price), tax, formats().money(item.total_amount))
    return [item.name, under, _short(item.quantity), *amounts]


def _sums(invoice: Invoice) -> list[list[str]]:
    amounts, money = invoice.amounts, formats().money
    return _filled(
        ("Discount", money(amounts.discount) if amounts.discount else ""),
        ("Without tax", money(amounts.net) if amounts.tax else ""),
        ("Tax", money(amounts.tax) if amounts.tax else ""),
        ("Total", money(amounts.total)),
        ("Paid or credited", money(invoice.allocated) if invoice.allocated else ""),
    )


def _owed(invoice: Invoice) -> str:
    if invoice.balance < 0:
        return f"Left to give: {formats().money(-invoice.balance)}"
    return f"Owed: {formats().money(invoice.balance)}"


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _and(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _filled(*rows: tuple[str, str] | list[str]) -> list[list[str]]:
    return [[label, text] for label, text in rows if text]


def _enclosed(key: int) -> Enclosure:
    """The invoice with that id as the file of a message; inside its account's scope."""
    rows = Invoice.objects.with_balance().select_related("account", "original")
    invoice = rows.filter(pk=key).first()
    if invoice is None:
        raise CannotEnclose("The invoice is not there.")
    with written_as(invoice.account.formats):
        return Enclosure(filename_of(invoice), pdf_of(invoice))


def register() -> None:
    encloses("invoice", _enclosed)
