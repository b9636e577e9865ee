"""Several payments at once, and several invoices that they pay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from casewell.invoices.models.payment import Payment, held_in_order
from casewell.invoices.money import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from casewell.audit.actors import Actor
    from casewell.invoices.models.invoice import Invoice
    from casewell.invoices.models.payment_type import PaymentType


@dataclass(frozen=True)
class Received:
    """So much, in one way."""

    payment_type: PaymentType
    amount: Decimal
    reference: str = ""


def receive_all(
    received: Sequence[Received],
    pays: Sequence[tuple[Invoice, Decimal]],
    *,
    paid_on: date,
    by: Actor,
) -> list[Payment]:
    """Write down what came in at once, which pays these invoices of one patient, in their order.

    What is more than they take is the patient's. The first invoice says at which business.
    Raises TooMuch, NothingToPay.
    """
    first = pays[0][0]
    amounts = [one.amount for one in received]
    shares = shared_out(amounts, [amount for _, amount in pays])
    with transaction.atomic():
        held_in_order([invoice for invoice, _ in pays])
        return [
            Payment.receive(
                first.patient,
                one.amount,
                payment_type=one.payment_type,
                business=first.business,
                paid_on=paid_on,
                reference=one.reference,
                pays={pays[at][0]: part for at, part in enumerate(parts) if part},
                by=by,
            )
            for one, parts in zip(received, shares, strict=True)
        ]


def shared_out(amounts: Sequence[Decimal], wanted: Sequence[Decimal]) -> list[list[Decimal]]:
    """Of each amount, how much goes to each of what is wanted: in their orders, as far as it goes.

    >>> [[int(part) for part in parts] for parts in shared_out([60, 50], [70, 30])]
    [[60, 0], [10, 30]]
    """
    left = list(wanted)
    shares = []
    for amount in amounts:
        rest, parts = amount, []
        for at, open_part in enumerate(left):
            part = max(min(rest, open_part), NOTHING)
            left[at], rest = open_part - part, rest - part
            parts.append(part)
        shares.append(parts)
    return shares
