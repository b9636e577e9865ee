"""The demo's invoices of the last weeks, with what was paid, credited and voided of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casewell.appointments.models import Attendee
from casewell.contacts.models import Contact
from casewell.demo.days import CLOSES
from casewell.demo.people import BATCH
from casewell.demo.price_list import BENEFIT, DVA, GP_PLAN, PRODUCTS
from casewell.invoices.lines import Line
from casewell.invoices.models import (
    Allocation,
    DraftInvoice,
    Invoice,
    InvoiceItem,
    InvoiceTerms,
    Payment,
    PaymentType,
)
from casewell.invoices.models.draft import issued_lines, lines_of_visit
from casewell.invoices.money import NOTHING
from casewell.invoices.stating import stated_of
from casewell.lib.zones import at

if TYPE_CHECKING:
    from datetime import date

    from casewell.demo.people import World

BEHIND = 21  # days of which most visits are invoiced
FORGOTTEN, DRAFTED, VOIDED, CREDITED = 23, 29, 41, 37  # one in so many visits
WITH_PRODUCT, DISCOUNTED = 11, 19
PAYERS = ("insurer", "workers_compensation")
TAKES_DAYS = {"Medicare": 1, "DVA": 6, "Direct deposit": 12}


@dataclass
class Takings:
    """All rows that are made, before they are stored together."""

    world: World
    terms: InvoiceTerms
    types: dict[str, PaymentType]
    payer: Contact
    invoices: list[Invoice] = field(default_factory=list)
    items: list[InvoiceItem] = field(default_factory=list)
    drafts: list[DraftInvoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    usual: dict[Any, list[Line]] = field(default_factory=dict)

    def invoice(self, visit: Attendee, number: int) -> None:
        """One visit: forgotten, drafted, or issued and then paid or not."""
        if not number % FORGOTTEN:
            return
        draft = self._draft(visit, number)
        if not number % DRAFTED:
            self.drafts.append(draft)
            return
        invoice = self._issue(draft)
        if not number % VOIDED:
            invoice.voided_at = invoice.issued_at + timedelta(hours=1)
            invoice.void_reason = "Wrong item"
            return
        paid = self._pay(invoice, visit, number)
        if not number % CREDITED:
            self._credit(invoice, invoice.total_amount - paid)

    def store(self) -> None:
        stored: tuple[list[Any], ...] = (
            self.invoices,
            self.items,
            self.drafts,
            self.payments,
            self.allocations,
        )
        for rows in stored:
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)

    def _draft(self, visit: Attendee, number: int) -> DraftInvoice:
        booking, case = visit.booking, visit.case
        day = booking.local_start.date()
        payer = self.payer if case and case.referral_type in PAYERS else None
        lines = self._lines(visit, number)
        return DraftInvoice(
            account=self.world.account,
            patient=visit.patient,
            practitioner=booking.practitioner,
            business=booking.business,
            attendee=visit,
            payer=payer,
            invoice_to=payer.company_name if payer else "",
            issue_date=day,
            due_date=self.terms.due(day),
            lines=[line.written() for line in lines],
        )

    def _lines(self, visit: Attendee, number: int) -> list[Line]:
        lines = self._usual_lines(visit)
        if not number % DISCOUNTED:
            lines[0] = replace(lines[0], discount_percentage=Decimal(10))
        if not number % WITH_PRODUCT:
            lines.append(Line.of_item(self.world.items[PRODUCTS[number % len(PRODUCTS)]]))
        return lines

    def _usual_lines(self, visit: Attendee) -> list[Line]:
        """The item of its case's funder, or what its type costs with that concession."""
        case, discipline = visit.case, visit.booking.practitioner.designation
        of_funder = {"DVA treatment cycle": DVA, "Chronic condition (GP plan)": GP_PLAN}
        if code := of_funder.get(case.name if case else "", {}).get(discipline):
            return [Line.of_item(self.world.items[code])]
        key = (visit.booking.appointment_type_id, visit.patient.concession_type_id)
        if key not in self.usual:
            self.usual[key] = lines_of_visit(visit)
        return list(self.usual[key])

    def _issue(self, draft: DraftInvoice) -> Invoice:
        amounts = draft.amounts
        invoice = Invoice(
            pk=draft.pk,
            number=self.terms.first_number + len(self.invoices),
            issued_at=at(draft.issue_date, CLOSES, self.world.account.zone),
            net_amount=amounts.net,
            tax_amount=amounts.tax,
            total_amount=amounts.total,
            discounted_amount=amounts.discount,
            stated=stated_of(draft, self.terms),
            **draft.parties(),
        )
        self.invoices.append(invoice)
        self.items += issued_lines(invoice, draft.typed)
        return invoice

    def _pay(self, invoice: Invoice, visit: Attendee, number: int) -> Decimal:
        """What came in by today; who pays depends on the case, and some have not yet."""
        kind = visit.case.referral_type if visit.case else ""
        if kind == "medicare":
            benefit = min(Decimal(BENEFIT), invoice.total_amount)
            parts = {"Medicare": benefit, "EFTPOS": invoice.total_amount - benefit}
        elif kind == "dva":
            parts = {"DVA": invoice.total_amount}
        elif kind in PAYERS:
            parts = {"Direct deposit": invoice.total_amount if number % 3 else NOTHING}
        else:
            parts = self._at_the_desk(invoice.total_amount, number)
        return sum((self._receive(invoice, *part) for part in parts.items()), NOTHING)

    def _at_the_desk(self, total: Decimal, number: int) -> dict[str, Decimal]:
        if not number % 13:
            return {"Cash": Decimal(20)}
        if not number % 7:
            return {}
        if not number % 3:
            return {"Health fund terminal": Decimal(42), "EFTPOS": total - 42}
        return {"EFTPOS" if number % 5 else "Cash": total}

    def _receive(self, invoice: Invoice, name: str, amount: Decimal) -> Decimal:
        day = invoice.issue_date + timedelta(days=TAKES_DAYS.get(name, 0))
        if amount <= 0 or day > self.world.today:
            return NOTHING
        payment = Payment(
            patient=invoice.patient,
            payer=invoice.payer,
            business=invoice.business,
            payment_type=self.types[name],
            amount=amount,
            paid_on=day,
        )
        self.payments.append(payment)
        self._allocate(invoice, amount, payment=payment)
        return amount

    def _credit(self, invoice: Invoice, owed: Decimal) -> None:
        """Take its first line back; what is owed for it is settled, the rest is the patient's."""
        first = next(item for item in self.items if item.invoice is invoice)
        line = Line.taking_back(first, first.quantity)
        draft = DraftInvoice(
            account=self.world.account,
            **{name: getattr(invoice, name) for name in ("patient", "practitioner", "business")},
            attendee=invoice.attendee,
            payer=invoice.payer,
            issue_date=invoice.issue_date,
            notes="Charged by mistake",
            lines=[line.written()],
        )
        reversal = self._issue(draft)
        reversal.original, reversal.stated = invoice, invoice.stated
        self.items[-1].source = first
        if settled := min(owed, -reversal.total_amount):
            self._allocate(invoice, settled, credit=reversal)

    def _allocate(self, invoice: Invoice, amount: Decimal, **source: Any) -> None:
        self.allocations.append(
            Allocation(patient=invoice.patient, invoice=invoice, amount=amount, **source)
        )


def make_invoices(world: World, attendees: list[Attendee]) -> None:
    """Those of the visits of the last weeks, in the order of their days."""
    terms = InvoiceTerms.of(world.account)
    ways: Any = PaymentType.objects.all()
    payer = Contact.objects.get(type_code=Contact.Kind.PAYER)
    takings = Takings(world, terms, {way.name: way for way in ways}, payer)
    since = world.today - timedelta(days=BEHIND)
    kept = _seen(attendees, since, world.today, world.patients[0].pk)
    _place(kept)
    for number, visit in enumerate(kept, 1):
        takings.invoice(visit, number)
    takings.store()


def _place(visits: list[Attendee]) -> None:
    """Tell the visits their places in their cases, in one query."""
    keys = [visit.pk for visit in visits if visit.case_id]
    placed = Attendee.objects.with_position().filter(pk__in=keys).in_bulk()
    for visit in visits:
        if visit.case_id:
            visit.position = placed[visit.pk].position
            visit.session_limit = placed[visit.pk].session_limit


def _seen(attendees: list[Attendee], since: date, until: date, ada: int) -> list[Attendee]:
    """Who came in these days, and whenever Ada came, in order."""
    days = {visit: visit.booking.local_start.date() for visit in attendees if visit.arrived}
    kept = [
        visit
        for visit, day in days.items()
        if since <= day <= until or (visit.patient_id == ada and day <= until)
    ]
    return sorted(kept, key=lambda visit: (visit.booking.starts_at, visit.pk))
