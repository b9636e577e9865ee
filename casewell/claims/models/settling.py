"""What a lodged claim comes to: a benefit, which is a payment of the visit's invoice, or a no;
and a benefit that is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from casewell.audit.models import record_change
from casewell.claims.models.claim import Claim, State
from casewell.claims.models.errors import ClaimLacks, ClaimStands
from casewell.claims.models.step import ClaimStep
from casewell.claims.prefill import invoice_of
from casewell.invoices.models import Payment, PaymentType

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from casewell.audit.actors import Actor

TAKEN_BACK = "The payment of its benefit was taken back."


def pay(
    claim: Claim, benefit: Decimal, paid_on: date, *, reference: str = "", by: Actor
) -> Payment | None:
    """Write down that `benefit` came for a lodged claim; nothing came to us where it is 0.

    Raises ClaimStands where the claim is not lodged or its visit has no invoice, TooMuch where
    the invoice owes less.
    """
    with transaction.atomic():
        held = _lodged(claim)
        if benefit < 0:
            raise ClaimLacks("A benefit is not below nothing.")
        payment = _received(held, benefit, paid_on, reference, by) if benefit else None
        ClaimStep.add(held, State.PAID, benefit=benefit, payment=payment, by=by)
        record_change(held, "paid", {"benefit": [None, str(benefit)]}, by=by)
    claim.state_code = State.PAID
    return payment


def _received(claim: Claim, benefit: Decimal, paid_on: date, reference: str, by: Actor) -> Payment:
    """The benefit as a payment of the visit's invoice, of the type that is called as its payer."""
    invoice = invoice_of(claim.attendee)
    if invoice is None:
        raise ClaimStands("This visit has no invoice: write it first, and then what was paid.")
    payment_type, _ = PaymentType.objects.get_or_create(
        account_id=claim.account_id, name=claim.claims_from
    )
    return Payment.receive(
        claim.patient,
        benefit,
        payment_type=payment_type,
        business=claim.attendee.booking.business,
        paid_on=paid_on,
        pays={invoice: benefit},
        reference=reference,
        by=by,
    )


def take_back(payment: Payment, paid_on: date, *, by: Actor) -> Payment:
    """`Payment.reverse`; the claim whose benefit it was is lodged again and not paid.

    Raises InvoiceStands where it is taken back already.
    """
    with transaction.atomic():
        claims = _paid_by(payment)
        back = payment.reverse(paid_on, by=by)
        for claim in claims:
            ClaimStep.add(claim, State.LODGED, reason=TAKEN_BACK, payment=back, by=by)
            record_change(claim, "benefit taken back", {"reason": [None, TAKEN_BACK]}, by=by)
    return back


def _paid_by(payment: Payment) -> list[Claim]:
    """The claims that stand as paid by that payment, held before it is, as `pay` does."""
    keys = payment.claim_steps.filter(state=State.PAID).values("claim")
    rows = Claim.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    return [claim for claim in rows.order_by("id") if claim.state is State.PAID]


def reject(claim: Claim, reason: str, *, by: Actor) -> ClaimStep:
    """Write down that a lodged claim was refused, and why. Raises ClaimStands."""
    with transaction.atomic():
        held = _lodged(claim)
        if not reason.strip():
            raise ClaimLacks("Say why it was rejected.")
        step = ClaimStep.add(held, State.REJECTED, reason=reason.strip()[:500], by=by)
        record_change(held, "rejected", {"reason": [None, step.reason]}, by=by)
    claim.state_code = State.REJECTED
    return step


def _lodged(claim: Claim) -> Claim:
    held = claim.held()
    if held.state is not State.LODGED:
        raise ClaimStands(f"This claim is {held.state.label.lower()}, not lodged.")
    return held
