"""For any invoice: totals, taxes, payments and credits add up to the cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from casewell.invoices.lines import Line
from casewell.invoices.models import Invoice, InvoiceItem, balance_of, pay_out
from casewell.invoices.models.crediting import quantities_left
from casewell.invoices.money import CENT, Amounts, Charge, to_the_cent, total_of
from casewell.invoices.statement import statement_of, statement_of_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.invoices.till import Till
    from tests.soak import Trials

PRICES = st.decimals(-100_000, 100_000, places=2)
QUANTITIES = st.decimals(-1000, 1000, places=4)
RATES = st.decimals(0, 100, places=4)
CHARGES = st.builds(
    Charge,
    quantity=QUANTITIES,
    unit_price=PRICES,
    tax_rate=RATES,
    discount_percentage=st.none() | RATES,
    discounted_amount=st.none() | st.decimals(0, 1000, places=2),
    tax_inclusive=st.booleans(),
)
LINES = st.builds(
    Line,
    name=st.just("Class"),
    unit_price=st.decimals(0, 500, places=2),
    quantity=st.decimals(Decimal("0.0001"), 9, places=4),
    discount_percentage=st.none() | RATES,
    tax_rate=RATES,
)
TINY = Decimal("0.0001")
PART = st.decimals(Decimal("0.01"), 1, places=2)


def examples(trials: Trials, short: int, full: int) -> Callable[[Any], Any]:
    """So many examples, of which the seed of the run decides which."""
    many = settings(max_examples=trials(short, full), deadline=None, database=None)
    return lambda check: seed(trials.seed)(many(check))


def test_what_lines_come_to_adds_up_to_the_cent(trials: Trials) -> None:
    @examples(trials, short=120, full=5000)
    @given(st.lists(CHARGES, max_size=5))
    def adds_up_to_the_cent(charges: list[Charge]) -> None:
        each = [charge.amounts for charge in charges]
        total = total_of(charges)
        for charge, amounts in zip(charges, each, strict=True):
            refuse_what_does_not_add_up(charge, amounts)
        assert total.net == sum(one.net for one in each)
        assert total.tax == sum(one.tax for one in each)
        assert total.total == total.net + total.tax

    adds_up_to_the_cent()


def refuse_what_does_not_add_up(charge: Charge, amounts: Amounts) -> None:
    assert amounts.net + amounts.tax == amounts.total
    assert {x.as_tuple().exponent for x in (amounts.net, amounts.tax, amounts.total)} == {-2}
    charged = amounts.total if charge.tax_inclusive else amounts.net
    assert charged == charge.gross - charge.discount
    assert charged * charge.gross >= 0
    exact = amounts.net * charge.tax_rate / 100
    assert abs(amounts.tax - exact) <= (CENT if charge.tax_inclusive else CENT / 2)


def test_what_is_taken_back_whole_is_exactly_the_opposite(trials: Trials) -> None:
    @examples(trials, short=120, full=5000)
    @given(CHARGES)
    def is_the_opposite(charge: Charge) -> None:
        back, amounts = replace(charge, quantity=-charge.quantity).amounts, charge.amounts
        assert (back.net, back.tax, back.total) == (-amounts.net, -amounts.tax, -amounts.total)

    is_the_opposite()


def test_an_invoice_its_payments_and_credits_add_up_whatever_happens(
    till: Till, trials: Trials
) -> None:
    @examples(trials, short=4, full=120)
    @given(
        st.lists(LINES, min_size=1, max_size=3),
        st.lists(st.tuples(PART, PART, st.booleans()), max_size=3),
        st.lists(PART, max_size=3),
    )
    def adds_up_in_the_end(
        lines: list[Line], payments: list[tuple[Decimal, Decimal, bool]], parts: list[Decimal]
    ) -> None:
        invoice = till.invoice(*lines)
        for payment in payments:
            pay(till, invoice, *payment)
        for part in parts:
            take_back(till, invoice, part)
        adds_up(till)
        take_back(till, invoice, Decimal(1))
        for name in ("net_amount", "tax_amount", "total_amount"):
            back = sum(getattr(credit, name) for credit in invoice.credits.all())
            assert back == -getattr(invoice, name)
        adds_up(till)
        pay_out_some(till, parts)
        adds_up(till)

    adds_up_in_the_end()


def pay(till: Till, invoice: Invoice, size: Decimal, share: Decimal, taken_back: bool) -> None:
    amount = max(to_the_cent(invoice.total_amount * size), CENT)
    owed = Invoice.objects.get(pk=invoice.pk).balance
    payment = till.pay(str(amount), {invoice: str(min(owed, to_the_cent(amount * share)))})
    if taken_back:
        payment.reverse(till.practice.account.today(), by=till.practice.by)


def take_back(till: Till, invoice: Invoice, part: Decimal) -> None:
    """That part of what each line has left, where that is anything."""
    left = quantities_left(invoice)
    wanted = {item: (left[item.pk] * part).quantize(TINY) for item in lines_of(invoice)}
    if any(wanted.values()):
        invoice.credit(wanted, by=till.practice.by)


def pay_out_some(till: Till, parts: list[Decimal]) -> None:
    """Those parts of what is on account, each of what the former left."""
    practice = till.practice
    for part in parts:
        credit = balance_of(practice.ada).credit
        amount = to_the_cent(credit * part)
        if amount:
            today = practice.account.today()
            pay_out(practice.ada, amount, payment_type=till.cash, paid_on=today, by=practice.by)
        assert balance_of(practice.ada).credit == credit - amount


def lines_of(invoice: Invoice) -> list[InvoiceItem]:
    return list(invoice.items.order_by("place"))


def adds_up(till: Till) -> None:
    """All that is true of a ledger at any moment."""
    ada, today = till.practice.ada, till.practice.account.today()
    invoices = list(Invoice.objects.with_status())
    for one in invoices:
        lines = lines_of(one)
        assert one.total_amount == sum(line.total_amount for line in lines)
        assert one.tax_amount == sum(line.tax_amount for line in lines)
        between = sorted((Decimal(0), one.total_amount))
        assert between[0] <= one.owed <= between[1]
        assert one.status_code == one.status
    for payment in ada.payments.all():
        assert 0 <= payment.left / payment.amount <= 1
    charged = sum(one.total_amount for one in invoices)
    received = sum(payment.amount for payment in ada.payments.all())
    assert statement_of_open(ada).closing == charged - received
    assert statement_of(ada, today, today).closing == charged - received
