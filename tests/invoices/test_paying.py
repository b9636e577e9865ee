"""Payments are a ledger: what is received pays what is owed, no more, and is taken back whole."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from casewell.invoices.models import Invoice, InvoiceStands, NothingToPay, Status, TooMuch

if TYPE_CHECKING:
    from tests.invoices.till import Till


def now(invoice: Invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def test_the_fund_pays_first_and_the_patient_the_gap(till: Till) -> None:
    invoice = till.invoice_of("100")

    till.pay("61.80", {invoice: "61.80"})
    assert (now(invoice).state, now(invoice).balance) == ("part-paid", Decimal("38.20"))

    till.pay("38.20", {invoice: "38.20"})
    assert (now(invoice).state, now(invoice).status) == ("paid", Status.PAID)


def test_one_payment_pays_several_and_its_rest_is_the_patient_s(till: Till) -> None:
    first, second = till.invoice_of("30"), till.invoice_of("50")

    payment = till.pay("100", {first: "30", second: "50"})

    assert (now(first).state, now(second).state, payment.left) == ("paid", "paid", Decimal(20))


@pytest.mark.parametrize(("amount", "part"), [("200", "101"), ("50", "60"), ("50", "-10")])
def test_nothing_pays_more_than_it_is_or_than_is_owed(till: Till, amount: str, part: str) -> None:
    invoice = till.invoice_of("100")

    with pytest.raises(TooMuch):
        till.pay(amount, {invoice: part})
    assert not till.practice.account.payments.exists()


def test_a_paid_invoice_takes_no_more(till: Till) -> None:
    invoice = till.invoice_of("100")
    till.pay("100", {invoice: "100"})

    with pytest.raises(NothingToPay, match="Invoice 1 owes nothing"):
        till.pay("5", {invoice: "5"})


def test_a_payment_that_is_taken_back_leaves_what_it_paid_owed_again(till: Till) -> None:
    invoice = till.invoice_of("100")
    payment = till.pay("100", {invoice: "100"})

    back = payment.reverse(till.practice.account.today(), by=till.practice.by)

    assert now(invoice).balance == Decimal(100)
    assert (back.amount, back.left) == (Decimal(-100), Decimal(0))
    with pytest.raises(InvoiceStands, match="taken back already"):
        payment.reverse(till.practice.account.today(), by=till.practice.by)


def test_a_credit_is_paid_out(till: Till) -> None:
    invoice = till.invoice_of("100")
    till.pay("100", {invoice: "100"})
    credit = invoice.credit({invoice.items.get(): Decimal(1)}, by=till.practice.by)

    till.pay("-100", {credit: "-100"})

    assert (now(credit).state, now(invoice).state) == ("paid", "paid")
    assert [row.status_code for row in Invoice.objects.with_status()] == [20, 20]
