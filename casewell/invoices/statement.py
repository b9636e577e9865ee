"""A patient's statement: what is owed now, or all that happened in a span of days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from casewell.invoices.money import NOTHING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from casewell.invoices.models import Invoice
    from casewell.patients.models import Patient


@dataclass(frozen=True)
class Entry:
    """One line: an invoice or credit that was issued, or a payment that came in or went out.

    `charged` less `paid` is what it adds to the balance, which stands after it.
    """

    day: date
    what: str
    charged: Decimal = NOTHING
    paid: Decimal = NOTHING
    balance: Decimal = NOTHING
    invoice: Any = None


@dataclass(frozen=True)
class Statement:
    """What a patient owes. Of open invoices `first` and `last` are None."""

    patient: Patient
    first: date | None
    last: date | None
    opening: Decimal
    entries: list[Entry]
    on_account: Decimal  # paid and not used yet, of open invoices alone

    @property
    def charged(self) -> Decimal:
        return sum((entry.charged for entry in self.entries), NOTHING)

    @property
    def paid(self) -> Decimal:
        return sum((entry.paid for entry in self.entries), NOTHING)

    @property
    def closing(self) -> Decimal:
        """What is owed after all of it; below nothing where it is the patient's."""
        return self.opening + self.charged - self.paid - self.on_account


def statement_of_open(patient: Patient) -> Statement:
    """The invoices that are owed for and the credits still to be given, oldest first."""
    found: Any = patient.invoices.standing().with_balance()
    entries, balance = [], NOTHING
    for invoice in found.exclude(owed=0).order_by("number"):
        balance += invoice.owed
        paid = invoice.total_amount - invoice.owed
        entries.append(
            Entry(invoice.issue_date, str(invoice), invoice.total_amount, paid, balance, invoice)
        )
    return Statement(patient, None, None, NOTHING, entries, on_account_of(patient))


def statement_of(patient: Patient, first: date, last: date) -> Statement:
    """All that was charged and paid in these days, after what was owed before them."""
    invoices, payments = patient.invoices.standing(), patient.payments
    before = (
        invoices.filter(issue_date__lt=first).aggregate(sum=Sum("total_amount")),
        payments.filter(paid_on__lt=first).aggregate(sum=Sum("amount")),
    )
    opening = (before[0]["sum"] or NOTHING) - (before[1]["sum"] or NOTHING)
    charged = [_charged(one) for one in invoices.filter(issue_date__range=(first, last))]
    received = payments.filter(paid_on__range=(first, last)).select_related("payment_type")
    entries = charged + [
        (one.paid_on, 1, one.pk, _payment_words(one), NOTHING, one.amount, None) for one in received
    ]
    return Statement(patient, first, last, opening, _balanced(opening, entries), NOTHING)


def on_account_of(patient: Patient) -> Decimal:
    """What the patient's payments have left that pays no invoice yet."""
    received = patient.payments.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    used = patient.allocations.filter(credit=None).aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return received - used


def _charged(one: Invoice) -> tuple[Any, ...]:
    return one.issue_date, 0, one.number, str(one), one.total_amount, NOTHING, one


def _payment_words(one: Any) -> str:
    kind = "Taken back" if one.reverses_id else "Paid out" if one.amount < 0 else "Payment"
    reference = f", {one.reference}" if one.reference else ""
    return f"{kind}: {one.payment_type}{reference}"


def _balanced(opening: Decimal, rows: list[tuple[Any, ...]]) -> list[Entry]:
    """The entries in order, of a day the invoices first, each with the balance after it."""
    entries, balance = [], opening
    for day, _, _, what, charged, paid, invoice in sorted(rows, key=lambda row: row[:3]):
        balance += charged - paid
        entries.append(Entry(day, what, charged, paid, balance, invoice))
    return entries
