"""What is issued stands: with a number of its own, once for a visit, changed by nobody."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import ProgrammingError, transaction

from casewell.audit.models import Change
from casewell.cases.models import AmountPassed
from casewell.invoices.models import (
    AlreadyInvoiced,
    Invoice,
    InvoiceItem,
    InvoiceStands,
    Status,
    TooMuch,
)

if TYPE_CHECKING:
    from tests.invoices.till import Till


def test_a_visit_is_invoiced_with_what_its_type_costs(till: Till) -> None:
    invoice = till.invoice(visit=till.practice.attend())

    assert (invoice.number, invoice.total_amount) == (1, Decimal("100.00"))
    assert [line.name for line in invoice.items.all()] == ["Consultation"]
    assert Change.objects.of(invoice).get().verb == "issued"


def test_a_concession_has_its_price(till: Till) -> None:
    pensioner = till.practice.account.concession_types.create(name="Pensioner")
    till.consultation.concession_prices.create(concession_type=pensioner, price=Decimal(80))
    ben = till.practice.patient(concession_type=pensioner)

    invoice = till.invoice(visit=till.practice.attend(patient=ben))

    assert invoice.total_amount == Decimal("80.00")
    assert invoice.items.get().concession_type_name == "Pensioner"


def test_numbers_go_on_from_the_last_and_start_where_the_practice_says(till: Till) -> None:
    first = till.invoice_of("10")
    till.practice.account.invoice_terms.update(first_number=700)

    assert (first.number, till.invoice_of("10").number, till.invoice_of("10").number) == (
        1,
        700,
        701,
    )


def test_an_invoice_that_is_undone_gives_its_number_back(till: Till) -> None:
    till.invoice_of("10")
    with transaction.atomic():
        till.invoice_of("10")
        transaction.set_rollback(True)

    assert till.invoice_of("10").number == 2


def test_a_visit_is_charged_once_unless_somebody_means_it(till: Till) -> None:
    visit = till.practice.attend()
    first = till.invoice(visit=visit)

    with pytest.raises(AlreadyInvoiced, match="is on Invoice 1 already"):
        till.invoice(visit=visit)
    again = till.draft(visit=visit).issue(again=True, by=till.practice.by)
    again.void("by mistake", by=till.practice.by)
    first.void("by mistake", by=till.practice.by)

    assert till.invoice(visit=visit).number == 3


def test_a_stored_draft_is_issued_once_and_keeps_its_id(till: Till) -> None:
    draft = till.draft(visit=till.practice.attend())
    draft.save()

    invoice = draft.issue(by=till.practice.by)

    assert invoice.pk == draft.pk
    assert not till.practice.account.draft_invoices.exists()
    with pytest.raises(InvoiceStands, match="meanwhile"):
        draft.issue(again=True, by=till.practice.by)


@pytest.mark.parametrize(
    "change",
    [
        lambda invoice: Invoice.objects.filter(pk=invoice.pk).update(total_amount=1),
        lambda invoice: Invoice.objects.filter(pk=invoice.pk).update(number=9),
        lambda invoice: Invoice.objects.filter(pk=invoice.pk).delete(),
        lambda invoice: InvoiceItem.objects.filter(invoice=invoice).update(unit_price=1),
        lambda invoice: InvoiceItem.objects.filter(invoice=invoice).delete(),
    ],
)
def test_postgresql_itself_lets_nobody_change_what_was_issued(till: Till, change: object) -> None:
    invoice = till.invoice_of("10")

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change(invoice)  # type: ignore[operator]


def test_what_was_paid_can_be_credited_and_not_voided(till: Till) -> None:
    invoice = till.invoice_of("100")
    till.pay("40", {invoice: "40"})

    with pytest.raises(InvoiceStands, match="has payments or credits"):
        Invoice.objects.get(pk=invoice.pk).void("wrong", by=till.practice.by)

    credit = invoice.credit({invoice.items.get(): Decimal(1)}, by=till.practice.by)
    assert (credit.total_amount, credit.number) == (Decimal("-100.00"), 2)
    assert (Invoice.objects.get(pk=invoice.pk).state, credit.state) == ("paid", "credit")
    assert credit.balance == Decimal("-40.00")


def test_parts_of_a_line_are_credited_to_the_cent_and_no_more(till: Till) -> None:
    from casewell.invoices.lines import Line

    line = Line(
        name="Class",
        unit_price=Decimal("33.33"),
        quantity=Decimal(3),
        discount_percentage=Decimal(10),
        tax_rate=Decimal(10),
    )
    invoice = till.invoice(line)
    item = invoice.items.get()

    for _ in range(3):
        invoice.credit({item: Decimal(1)}, by=till.practice.by)

    assert sum(credit.total_amount for credit in invoice.credits.all()) == -invoice.total_amount
    assert sum(credit.tax_amount for credit in invoice.credits.all()) == -invoice.tax_amount
    assert Invoice.objects.get(pk=invoice.pk).status == Status.PAID
    with pytest.raises(TooMuch, match="0 can be credited"):
        invoice.credit({item: Decimal(1)}, by=till.practice.by)


def test_a_case_s_amount_is_passed_only_knowingly_and_given_back_by_a_credit(till: Till) -> None:
    case = till.practice.case(max_invoiceable_amount=Decimal(150))
    till.invoice(visit=till.visit_in(case))
    second = till.draft(visit=till.practice.attend(case))

    with pytest.raises(AmountPassed, match=r"to \$200\.00 of \$150\.00"):
        second.issue(by=till.practice.by)
    invoice = second.issue(knowingly=True, by=till.practice.by)
    assert [case.invoiced, case.invoiceable, case.amount_left] == [
        Decimal(200),
        Decimal(150),
        Decimal(0),
    ]

    invoice.credit({invoice.items.get(): Decimal("0.6")}, by=till.practice.by)
    again = till.practice.account.patient_cases.get(pk=case.pk)
    assert [again.invoiced, again.amount_left] == [Decimal(140), Decimal(10)]
