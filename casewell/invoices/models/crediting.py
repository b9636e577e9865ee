"""Taking back what an issued invoice charges, in whole or in part, by an invoice of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from casewell.audit.models import recorded
from casewell.invoices.lines import Line
from casewell.invoices.models.errors import InvoiceStands, NothingToPay, TooMuch
from casewell.invoices.models.invoice import Invoice, InvoiceItem, Parties
from casewell.invoices.models.payment import Allocation
from casewell.invoices.models.terms import InvoiceTerms
from casewell.invoices.money import NOTHING, Amounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from casewell.audit.actors import Actor


def credit(
    invoice: Invoice, quantities: Mapping[InvoiceItem, Decimal], *, notes: str = "", by: Actor
) -> Invoice:
    """Take back so many of each line. What is still owed for them is settled at once; the rest
    is the patient's, to be paid out or put towards another invoice.

    Raises InvoiceStands for a void invoice or a credit, TooMuch for more than a line has left,
    NothingToPay where nothing is taken back.
    """
    with transaction.atomic():
        held = invoice.held()
        if held.voided_at or held.original_id:
            raise InvoiceStands(f"{held} cannot be credited.")
        portions = _portions(held, {item.pk: number for item, number in quantities.items()})
        taken_back = sum((amounts for _, _, amounts in portions), Amounts())
        terms = InvoiceTerms.of(held.account)
        reversal = _reversal(held, taken_back, terms, notes)
        with recorded(reversal, "credited", by=by):
            reversal.save(force_insert=True)
        InvoiceItem.objects.bulk_create(_rows(reversal, portions))
        if settled := min(held.balance, -reversal.total_amount):
            Allocation.make(held, settled, credit=reversal, by=by)
    return reversal


def quantities_left(invoice: Invoice) -> dict[int, Decimal]:
    """How many of each line, by its id, no standing credit has taken back."""
    return {item.pk: left["quantity"] for item, left in _left_of(invoice)}


def _left_of(invoice: Invoice) -> Iterable[tuple[InvoiceItem, dict[str, Decimal]]]:
    """Each line with what of its quantity and amounts is not taken back."""
    names = ("quantity", "net_amount", "tax_amount", "total_amount")
    standing = Q(taken_back__invoice__voided_at=None)
    sums = {f"back_{name}": Sum(f"taken_back__{name}", filter=standing) for name in names}
    for item in invoice.items.annotate(**sums).order_by("place"):
        yield (
            item,
            {
                name: getattr(item, name) + (getattr(item, f"back_{name}") or NOTHING)
                for name in names
            },
        )


def _portions(
    invoice: Invoice, wanted: Mapping[int, Decimal]
) -> list[tuple[InvoiceItem, Line, Amounts]]:
    found = []
    for item, left in _left_of(invoice):
        number = wanted.get(item.pk, NOTHING)
        if not number:
            continue
        if number * left["quantity"] < 0 or abs(number) > abs(left["quantity"]):
            raise TooMuch(f"Of “{item.name}”, {left['quantity'].normalize():f} can be credited.")
        line = Line.taking_back(item, number)
        amounts = line.charge(tax_inclusive=invoice.tax_inclusive).amounts
        if number == left["quantity"]:
            # The last part takes what is left, so that all parts come to the line to the cent.
            net, tax = -left["net_amount"], -left["tax_amount"]
            amounts = Amounts(net, tax, net + tax, amounts.discount)
        found.append((item, line, amounts))
    if not found:
        raise NothingToPay("Say what is credited.")
    return found


def _reversal(invoice: Invoice, amounts: Amounts, terms: InvoiceTerms, notes: str) -> Invoice:
    names = {field.name for field in Parties._meta.local_fields}
    same: dict[str, Any] = {
        name: getattr(invoice, name) for name in names - {"id", "created_at", "updated_at"}
    }
    return Invoice(
        **same
        | {
            "account": invoice.account,
            "issue_date": invoice.account.today(),
            "due_date": None,
            "notes": notes,
        },
        original=invoice,
        number=terms.next_number(),
        issued_at=timezone.now(),
        net_amount=amounts.net,
        tax_amount=amounts.tax,
        total_amount=amounts.total,
        discounted_amount=amounts.discount,
        stated=invoice.stated,
    )


def _rows(
    reversal: Invoice, portions: list[tuple[InvoiceItem, Line, Amounts]]
) -> list[InvoiceItem]:
    return [
        InvoiceItem(
            account_id=reversal.account_id,
            invoice=reversal,
            source=item,
            place=place,
            net_amount=amounts.net,
            tax_amount=amounts.tax,
            total_amount=amounts.total,
            **line.columns(),
        )
        for place, (item, line, amounts) in enumerate(portions)
    ]
