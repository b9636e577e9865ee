"""What a patient owes and has on account, and several payments at once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.invoices.models import (
    Invoice,
    InvoiceStands,
    NothingToPay,
    Received,
    TooMuch,
    balance_of,
    pay_out,
    payments_left,
    receive_all,
    use_credit,
    with_money,
)

if TYPE_CHECKING:
    from casewell.invoices.models import Payment
    from tests.invoices.till import Till


def standing(till: Till) -> tuple[Decimal, Decimal]:
    """What Ada owes and has, in one statement."""
    with CaptureQueriesContext(connection) as asked:
        [ada] = with_money(type(till.practice.ada).objects.filter(pk=till.practice.ada.pk))
        balance = balance_of(ada)
    assert len(asked) == 1
    assert balance == balance_of(till.practice.ada)
    return balance.owed, balance.credit


def test_what_is_owed_and_what_is_on_account_are_counted_apart(till: Till) -> None:
    assert not balance_of(till.practice.ada)
    first, second = till.invoice_of("100"), till.invoice_of("50")
    third = till.invoice_of("30")
    till.pay("60", {first: "40"})
    third.void("by mistake", by=till.practice.by)
    assert standing(till) == (Decimal(110), Decimal(20))

    till.pay("50", {second: "50"}).reverse(till.practice.account.today(), by=till.practice.by)
    assert standing(till) == (Decimal(110), Decimal(20))

    second.credit({second.items.get(): Decimal(1)}, by=till.practice.by)
    assert standing(till) == (Decimal(60), Decimal(20))


def test_the_benefit_and_the_gap_come_in_at_once_and_pay_two_invoices(till: Till) -> None:
    first, second = till.invoice_of("100"), till.invoice_of("30")
    fund = till.practice.account.payment_types.create(name="Fund")
    came = [Received(fund, Decimal("61.80"), "claim 7"), Received(till.cash, Decimal(80))]

    payments = receive_all(
        came,
        [(first, Decimal(100)), (second, Decimal(30))],
        paid_on=till.practice.account.today(),
        by=till.practice.by,
    )

    assert [(str(p), p.left, p.reference) for p in payments] == [
        ("Fund 61.80", Decimal(0), "claim 7"),
        ("Cash 80", Decimal("11.80"), ""),
    ]
    assert [Invoice.objects.get(pk=i.pk).state for i in (first, second)] == ["paid", "paid"]
    with pytest.raises(NothingToPay):
        receive_all(
            came, [(first, Decimal(5))], paid_on=till.practice.account.today(), by=till.practice.by
        )
    assert till.practice.account.payments.count() == 2


def test_credits_then_the_oldest_payment_pay_what_comes_next(till: Till) -> None:
    rest = till.pay("20")
    gone = till.pay("500")
    gone.reverse(till.practice.account.today(), by=till.practice.by)
    paid = till.invoice_of("50")
    till.pay("50", {paid: "50"})
    credit = paid.credit({paid.items.get(): Decimal("0.5")}, by=till.practice.by)
    bill = till.invoice_of("40")

    assert use_credit(bill, by=till.practice.by) == Decimal(40)

    assert [(a.credit, a.payment, a.amount) for a in bill.allocations.order_by("id")] == [
        (credit, None, Decimal(25)),
        (None, rest, Decimal(15)),
    ]
    assert standing(till) == (Decimal(0), Decimal(5))
    with pytest.raises(NothingToPay, match="owes nothing"):
        use_credit(Invoice.objects.get(pk=bill.pk), by=till.practice.by)


def test_nothing_is_used_that_is_not_there(till: Till) -> None:
    bill = till.invoice_of("40")
    with pytest.raises(NothingToPay, match="Nothing is left"):
        use_credit(bill, by=till.practice.by)
    back = till.pay("10")
    back.reverse(till.practice.account.today(), by=till.practice.by)
    with pytest.raises(InvoiceStands, match="is taken back"):
        back.pay({bill: Decimal(10)}, by=till.practice.by)
    credit = bill.credit({bill.items.get(): Decimal(1)}, by=till.practice.by)
    with pytest.raises(InvoiceStands, match="a credit itself"):
        use_credit(credit, by=till.practice.by)
    with pytest.raises(TooMuch):
        till.pay("1", {till.invoice_of("5"): "2"})


def out(till: Till, amount: str) -> list[Payment]:
    practice = till.practice
    return pay_out(
        practice.ada,
        Decimal(amount),
        payment_type=till.cash,
        paid_on=practice.account.today(),
        reference="R1",
        by=practice.by,
    )


def test_what_is_on_account_is_paid_out_credits_first_and_not_spent_again(till: Till) -> None:
    practice = till.practice
    oldest, latest = till.pay("20"), till.pay("30")
    paid = till.invoice_of("50")
    till.pay("50", {paid: "50"})
    credit = paid.credit({paid.items.get(): Decimal("0.5")}, by=practice.by)

    gone = out(till, "55")

    assert [(one.amount, one.gives_back, one.reference) for one in gone] == [
        (Decimal(-25), None, "R1"),
        (Decimal(-20), oldest, "R1"),
        (Decimal(-10), latest, "R1"),
    ]
    assert Invoice.objects.get(pk=credit.pk).balance == 0
    assert standing(till) == (Decimal(0), Decimal(20))
    assert [(one, one.unused) for one in payments_left(practice.ada.pk)] == [  # type: ignore[attr-defined]
        (latest, Decimal(20))
    ]
    assert [oldest.left, latest.left] == [Decimal(0), Decimal(20)]
    bill = till.invoice_of("40")
    assert use_credit(bill, by=practice.by) == Decimal(20)
    with pytest.raises(NothingToPay):
        out(till, "1")


def test_what_was_paid_out_by_mistake_is_taken_back_and_only_then_the_payment(till: Till) -> None:
    practice, today = till.practice, till.practice.account.today()
    payment = till.pay("20")
    with pytest.raises(TooMuch, match="20"):
        out(till, "21")
    [gone] = out(till, "15")

    with pytest.raises(InvoiceStands, match="was paid out"):
        payment.reverse(today, by=practice.by)
    gone.reverse(today, by=practice.by)

    assert (payment.left, standing(till)) == (Decimal(20), (Decimal(0), Decimal(20)))
    payment.reverse(today, by=practice.by)
    assert standing(till) == (Decimal(0), Decimal(0))
