"""Too much money for the crowded practice: long names, long invoices, forty of everything."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from casewell.accounts.models import Account
from casewell.audit.actors import Actor
from casewell.claims.models import Claim
from casewell.invoices.lines import Line
from casewell.invoices.models import DraftInvoice, Payment, PaymentType
from casewell.letters.models import write
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.invoices.models import Invoice

MANY = 40
LONG = "Extended musculoskeletal assessment with a gait analysis report"
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def load_crowded_money() -> None:
    """Invoices, payments, claims and letters of the patient who has the most appointments."""
    account = Account.objects.get(slug="crowded")
    by = Actor(member=account.memberships.order_by("pk")[0])
    with account_scope(account):
        cash = PaymentType.objects.create(account=account, name=f"{LONG} by direct debit")
        visits = account.attendees.filter(case__isnull=False).order_by("booking__starts_at")
        known = visits.select_related(
            "patient", "case", "booking__business", "booking__practitioner"
        )
        for number, visit in enumerate(islice(known, MANY)):
            invoice = _invoice(visit, number, by)
            if number % 3:
                _pay(invoice, cash, part=number % 3 == 1, by=by)
            Claim.of_visit(visit, by=by)
            write(
                visit.patient,
                practitioner=visit.booking.practitioner,
                business=visit.booking.business,
                case=visit.case,
                title=f"{LONG} {number}: {WORD}",
                body=f"Dear {{recipient salutation}},\n\n{WORD} " * 20,
                by=by,
            )


def _invoice(visit: Attendee, number: int, by: Actor) -> Invoice:
    price = Decimal(10) ** (number % 6) + Decimal("0.95")
    lines = [Line(f"{LONG} {n}", price, Decimal("1.25")) for n in range(1 + number % 12)]
    draft = DraftInvoice(
        account_id=visit.account_id,
        patient=visit.patient,
        practitioner=visit.booking.practitioner,
        business=visit.booking.business,
        attendee=visit,
        issue_date=visit.account.today(),
        invoice_to=f"{WORD}\n{LONG}",
        notes=f"{LONG}. {WORD}",
        lines=[line.written() for line in lines],
    )
    return draft.issue(by=by)


def _pay(invoice: Invoice, way: PaymentType, *, part: bool, by: Actor) -> None:
    amount = Decimal("1.05") if part else invoice.total_amount
    Payment.receive(
        invoice.patient,
        amount,
        payment_type=way,
        business=invoice.business,
        paid_on=invoice.issue_date,
        pays={invoice: amount},
        reference=f"REF-{WORD}",
        by=by,
    )
