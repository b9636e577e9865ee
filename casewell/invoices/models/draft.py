"""A draft: an invoice as it is being written, which can be changed and thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from casewell.audit.models import record_change, recorded
from casewell.invoices.lines import Line
from casewell.invoices.models.errors import AlreadyInvoiced, InvoiceStands
from casewell.invoices.models.invoice import Invoice, InvoiceItem, Parties
from casewell.invoices.models.terms import InvoiceTerms
from casewell.invoices.money import Amounts, total_of
from casewell.invoices.stating import stated_of
from casewell.invoices.usual import usual_lines
from casewell.tenancy.fields import AccountField
from casewell.tenancy.models import TenantModel

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase


class DraftInvoice(Parties):
    """What is to be invoiced. `lines` are `lines.Line` as JSON; the issued one keeps its id."""

    account = AccountField(related_name="draft_invoices")
    lines = models.JSONField(default=list, blank=True)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["account", "patient", "id"], name="drafts_of_patient"),
            models.Index(fields=["account", "attendee", "id"], name="drafts_of_attendee"),
            models.Index(fields=["account", "practitioner", "id"], name="drafts_of_practitioner"),
            models.Index(fields=["account", "business", "id"], name="drafts_of_business"),
            models.Index(fields=["account", "payer", "id"], name="drafts_of_payer"),
        ]

    def __str__(self) -> str:
        return f"Draft invoice of {self.issue_date}"

    @property
    def typed(self) -> list[Line]:
        return [Line.read(each) for each in self.lines]

    @property
    def amounts(self) -> Amounts:
        """What it comes to as it is written now."""
        return total_of(line.charge(tax_inclusive=self.tax_inclusive) for line in self.typed)

    @classmethod
    def for_visit(cls, attendee: Attendee) -> DraftInvoice:
        """What a visit would be invoiced with, not stored: its type's items at its patient's price.

        Wants `patient__concession_type`, `case__payer` and the booking's type and practitioner.
        """
        booking, patient, case = attendee.booking, attendee.patient, attendee.case
        terms = InvoiceTerms.of(patient.account)
        today = patient.account.today()
        return cls(
            account_id=attendee.account_id,
            patient=patient,
            practitioner=booking.practitioner,
            business=booking.business,
            attendee=attendee,
            payer=case.payer if case else None,
            issue_date=today,
            due_date=terms.due(today),
            tax_inclusive=terms.tax_inclusive,
            invoice_to=patient.invoice_default_to,
            extra_information=patient.invoice_extra_information,
            lines=[line.written() for line in lines_of_visit(attendee)],
        )

    def issue(self, *, knowingly: bool = False, again: bool = False, by: Actor) -> Invoice:
        """Make it an invoice with the next number, for good; the draft is no more.

        Raises AlreadyInvoiced where the visit has an invoice that stands, unless it is charged
        `again`; AmountPassed where it passes the amount of its case, unless `knowingly`;
        InvoiceStands where somebody issued it meanwhile.
        """
        with transaction.atomic():
            case = self._held(again=again)
            terms = InvoiceTerms.of(self.account)
            amounts = self.amounts
            invoice = Invoice(
                pk=self.pk,
                number=terms.next_number(),
                issued_at=timezone.now(),
                net_amount=amounts.net,
                tax_amount=amounts.tax,
                total_amount=amounts.total,
                discounted_amount=amounts.discount,
                stated=stated_of(self, terms),
                **self.parties(),
            )
            with recorded(invoice, "issued", by=by):
                invoice.save(force_insert=True)
            add_lines(invoice, self.typed)
            if case:
                case.refuse_amount_passed(amounts.total, knowingly=knowingly)
            type(self).objects.filter(pk=self.pk).delete()
        return invoice

    def discard(self, *, by: Actor) -> None:
        """Throw it away; that it was there stays in the patient's history."""
        with transaction.atomic():
            if type(self).objects.filter(pk=self.pk).delete()[0]:
                record_change(self, "discarded", {"lines": [self.lines, None]}, by=by)

    def _held(self, *, again: bool) -> PatientCase | None:
        """Lock draft, visit and case, in that order; the case where the visit is in one."""
        if not self._state.adding:
            rows = type(self).objects.select_for_update(no_key=True)
            if not rows.filter(pk=self.pk).exists():
                raise InvoiceStands("Somebody issued or discarded this draft meanwhile.")
        if self.attendee is None:
            return None
        self.attendee.hold()
        standing = self.attendee.invoices.standing().filter(original=None)
        if not again and (former := standing.first()):
            raise AlreadyInvoiced(f"This visit is on {former} already.")
        return self.attendee.case.held() if self.attendee.case else None

    def parties(self) -> dict[str, Any]:
        names = [field.name for field in Parties._meta.local_fields] + ["account"]
        kept = set(names) - {"id", "created_at", "updated_at"}
        return {name: getattr(self, name) for name in kept}


def lines_of_visit(attendee: Attendee) -> list[Line]:
    """What the visit's type is charged with, at the price of the patient's concession."""
    kind = attendee.booking.appointment_type_id
    return usual_lines([kind], attendee.patient.concession_type)[kind] if kind else []


def add_lines(invoice: Invoice, lines: list[Line]) -> None:
    """Write down the lines of an invoice that is being issued."""
    InvoiceItem.objects.bulk_create(issued_lines(invoice, lines))


def issued_lines(invoice: Invoice, lines: list[Line]) -> list[InvoiceItem]:
    """The lines with what each comes to, not stored."""
    items = []
    for place, line in enumerate(lines):
        amounts = line.charge(tax_inclusive=invoice.tax_inclusive).amounts
        items.append(
            InvoiceItem(
                account_id=invoice.account_id,
                invoice=invoice,
                place=place,
                net_amount=amounts.net,
                tax_amount=amounts.tax,
                total_amount=amounts.total,
                **line.columns(),
            )
        )
    return items
