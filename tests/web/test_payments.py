"""Money on pages: what comes in, what is credited, what is taken back, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.invoices.models import Invoice
from tests.invoices.till import Till
from tests.web.pages import SLUG, said, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


@pytest.fixture
def till(northside: Practice) -> Till:
    return Till.of(northside)


def test_the_benefit_then_the_gap_and_another_invoice_are_paid_at_once(
    till: Till, desk: Client
) -> None:
    first, second = till.invoice_of("100"), till.invoice_of("30")
    fund = till.practice.account.payment_types.create(name="Fund")
    address = f"{SLUG}/invoices/{first.pk}/payments"
    assert "owes $100.00" in text_of(desk.get(address))
    body = {
        "paid_on": "2026-03-03",
        "type_0": str(fund.pk),
        "amount_0": "61.80",
        "reference_0": "R7",
        "type_1": str(till.cash.pk),
        f"pays_{second.pk}": "30",
    }

    looked = desk.post(address, body | {"act": "look"})
    assert "$130.00 in all, $100.00 to Invoice 1" in text_of(looked)
    answer = desk.post(address, body | {"act": "receive"})

    assert said(answer) == ["$130.00 is received."]
    assert [Invoice.objects.get(pk=i.pk).state for i in (first, second)] == ["paid", "paid"]
    assert desk.get(address).headers["Location"] == f"{SLUG}/invoices/{first.pk}"
    late = desk.post(address, body | {"act": "receive", "amount_1": "1", "seen_owed": "100.00"})
    assert late.status_code == 422
    assert "Somebody was faster: it owes $0.00 now." in text_of(late)
    assert till.practice.account.payments.count() == 2


WRONG_PAYMENTS: list[tuple[dict[str, str], str]] = [
    ({"type_0": ""}, "Say how it was paid."),
    ({"type_0": "77"}, "Select a valid choice"),
    ({"amount_0": "-5"}, "greater than or equal"),
    ({"amount_0": "100", "type_1": "cash"}, "Nothing is left to pay."),
    ({"paid_on": "0001-01-01"}, "Choose a date"),
    ({"pays": "500"}, "more is given away"),
]


def test_what_cannot_have_come_in_is_refused_in_words(till: Till, desk: Client) -> None:
    first, second = till.invoice_of("100"), till.invoice_of("30")
    cash = str(till.cash.pk)
    body = {"act": "receive", "paid_on": "2026-03-03", "amount_0": "50", "type_0": cash}

    for fields, words in WRONG_PAYMENTS:
        typed = {n: cash if v == "cash" else v for n, v in fields.items()}
        if "pays" in typed:
            typed[f"pays_{second.pk}"] = typed.pop("pays")
        answer = desk.post(f"{SLUG}/invoices/{first.pk}/payments", body | typed)
        assert answer.status_code == 422, fields
        assert words in text_of(answer), fields
    assert not till.practice.account.payments.exists()


def test_what_is_credited_is_paid_out_or_used_for_the_next(till: Till, admin: Client) -> None:
    invoice = till.invoice_of("100")
    till.pay("100", {invoice: "100"})
    page, item = f"{SLUG}/invoices/{invoice.pk}", invoice.items.get()
    assert "1 left, $100.00 each" in text_of(admin.get(f"{page}/credits"))
    too_many = admin.post(f"{page}/credits", {f"of_{item.pk}": "2"})
    assert (too_many.status_code, Invoice.objects.count()) == (422, 1)
    assert "Say what is credited" in text_of(admin.post(f"{page}/credits", {f"of_{item.pk}": "0"}))
    made = admin.post(f"{page}/credits", {f"of_{item.pk}": "0.5", "notes": "Too much"})
    credit = made.headers["Location"]
    assert "Left to give −$50.00" in text_of(admin.get(credit))
    assert admin.get(f"{credit}/credits").status_code == 422

    bill = till.invoice_of("20")
    assert "$50.00 of the patient is on account" in text_of(admin.get(f"{SLUG}/invoices/{bill.pk}"))
    assert said(admin.post(f"{SLUG}/invoices/{bill.pk}/on-account")) == [
        "$20.00 on account was used."
    ]
    body = {"type": str(till.cash.pk), "paid_on": "2026-03-03"}
    assert admin.post(f"{credit}/refunds", body | {"amount": "31"}).status_code == 422
    assert 'value="30.00"' in admin.get(f"{credit}/refunds").content.decode()
    assert admin.post(f"{credit}/refunds", body | {"amount": "30"}).status_code == 302
    assert admin.get(f"{credit}/refunds").status_code == 302
    assert "To Invoice 3" in text_of(admin.get(credit))


def test_money_on_account_is_paid_out_from_the_patients_invoices(till: Till, admin: Client) -> None:
    ada = till.practice.ada
    page, out = f"{SLUG}/patients/{ada.pk}/invoices", f"{SLUG}/patients/{ada.pk}/refunds"
    assert out not in admin.get(page).content.decode()
    nothing = admin.get(out)
    assert (nothing.headers["Location"], said(nothing)) == (
        *(page, ["Of what is on account nothing is to be paid out."]),
    )
    till.pay("20.50")

    assert f'href="{out}"' in admin.get(page).content.decode()
    assert 'value="20.50"' in admin.get(out).content.decode()
    body = {"type": str(till.cash.pk), "paid_on": str(till.practice.account.today())}
    too_much = admin.post(out, body | {"amount": "20.51"})
    assert (too_much.status_code, "20.50 is left" in text_of(too_much)) == (422, True)
    done = admin.post(out, body | {"amount": "20"})

    assert (done.headers["Location"], said(done)) == (page, ["$20.00 is paid out."])
    assert "has $0.50 on account" in text_of(admin.get(page))
    assert "Paid out: Cash" in text_of(admin.get(f"{SLUG}/patients/{ada.pk}/statement?of=days"))


def test_a_payment_is_taken_back_and_an_invoice_voided_once(till: Till, admin: Client) -> None:
    invoice = till.invoice_of("100")
    payment = till.pay("100", {invoice: "100"})
    page = f"{SLUG}/invoices/{invoice.pk}"
    paid = admin.post(f"{page}/voiding", {"reason": "Wrong"})
    assert (paid.status_code, "has payments or credits" in text_of(paid)) == (422, True)

    back = admin.post(f"{SLUG}/payments/{payment.pk}/reversal", {"next": page})
    assert back.headers["Location"] == page
    twice = admin.post(f"{SLUG}/payments/{payment.pk}/reversal")
    assert (twice.status_code, "taken back already" in text_of(twice)) == (422, True)
    assert "Owed $100.00" in text_of(admin.get(page))
    assert admin.post(f"{page}/voiding", {"reason": " "}).status_code == 422
    assert admin.post(f"{page}/voiding", {"reason": "Wrong"}).status_code == 302
    assert "Void since" in text_of(admin.get(page))
    history = text_of(admin.get(f"{page}/history"))
    for words in ("voided the invoice", "took back a payment", "issued the invoice"):
        assert words in history
    whole = text_of(admin.get(f"{SLUG}/patients/{till.practice.ada.pk}/history?of=invoices"))
    assert "voided the invoice" in whole


def test_the_desk_may_not_take_back_and_sees_no_way_to(till: Till, desk: Client) -> None:
    invoice = till.invoice_of("100")
    shown = desk.get(f"{SLUG}/invoices/{invoice.pk}").content.decode()

    for what in ("voiding", "credits", "refunds"):
        assert desk.post(f"{SLUG}/invoices/{invoice.pk}/{what}").status_code == 403
        assert f"{invoice.pk}/{what}" not in shown
