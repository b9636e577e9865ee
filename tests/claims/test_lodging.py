"""What was lodged stands; a rejected claim is mended and lodged again; a benefit is a payment."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from casewell.claims.lodging import lodge
from casewell.claims.models import (
    Claim,
    ClaimLacks,
    ClaimStands,
    ClaimStep,
    Lodgement,
    NotClaimable,
    State,
    take_back,
)
from casewell.claims.particulars import Kind
from casewell.invoices.models import InvoiceStands, TooMuch

if TYPE_CHECKING:
    from tests.claims.veteran import Veteran

pytestmark = pytest.mark.usefixtures("at_noon")
TODAY = date(2026, 3, 3)


def rows_of(lodgement: Lodgement) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(lodgement.document.removeprefix("\ufeff"))))


def again(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def test_a_claim_is_lodged_into_a_file_that_is_kept(vic: Veteran) -> None:
    claim = vic.claim()

    lodgement = lodge([claim], by=vic.practice.by)

    assert lodgement.filename == f"claims-2026-03-03-{lodgement.pk}.csv"
    assert rows_of(lodgement) == [
        {
            "Claim": str(claim.pk),
            "Claimed from": "DVA",
            "Patient": "Vic Tran",
            "Date of birth": "1950-04-25",
            "Medicare card number": "",
            "Reference number on the card": "",
            "DVA file number": "NX123456",
            "Provider": "Amy Shaw",
            "Provider number": "2429591L",
            "Referring provider": "Dr Jane Lee",
            "Referring provider number": "2409661B",
            "Issue date": "2026-02-01",
            "Period": "Standard",
            "Item number": "PH30",
            "Date of service": "2026-03-03",
            "Time of service": "12:00",
            "Fee": "80.50",
        }
    ]
    step = claim.steps.get()
    assert (step.number, step.state, step.said_by) == (1, State.LODGED, "Rita Desk")
    assert (step.particulars, step.lodgement) == (claim.particulars, lodgement)
    assert again(claim).state == State.LODGED


def test_what_would_be_a_formula_is_text_in_the_file(vic: Veteran) -> None:
    claim = vic.claim()
    claim.write(
        claim.texts | {"patient_name": "=HYPERLINK(1)", "item_number": "@SUM"}, by=vic.practice.by
    )

    row = rows_of(lodge([claim], by=vic.practice.by))[0]

    assert [row["Patient"], row["Item number"]] == ["'=HYPERLINK(1)", "'@SUM"]


def test_what_was_lodged_is_no_longer_changed(vic: Veteran) -> None:
    claim = vic.claim()
    lodge([claim], by=vic.practice.by)

    for act in (
        lambda: claim.write({"fee": "1.00"}, by=vic.practice.by),
        lambda: claim.refill(Kind.DVA, by=vic.practice.by),
        lambda: lodge([claim], by=vic.practice.by),
    ):
        with pytest.raises(ClaimStands, match="This claim is lodged"):
            act()
    with pytest.raises(ClaimStands, match="kept"):
        claim.discard(by=vic.practice.by)


@pytest.mark.parametrize(
    "change",
    [
        lambda: ClaimStep.objects.update(state=State.PAID),
        lambda: ClaimStep.objects.all().delete(),
        lambda: Lodgement.objects.update(document=""),
        lambda: Lodgement.objects.all().delete(),
    ],
)
def test_postgresql_itself_lets_nobody_change_what_was_lodged(vic: Veteran, change: Any) -> None:
    lodge([vic.claim()], by=vic.practice.by)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        change()


def test_postgresql_itself_keeps_a_visit_from_a_second_claim_and_a_step_from_a_second_place(
    vic: Veteran,
) -> None:
    claim = vic.claim()
    lodge([claim], by=vic.practice.by)
    twice = Claim(kind="dva", patient=claim.patient, attendee=claim.attendee)
    step = ClaimStep(claim=claim, number=1, state=State.PAID, said_by="nobody")
    foreign = Claim(kind="dva", patient=vic.practice.ada, attendee=vic.visit(7))

    for row in (twice, step, foreign):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_of_several_claims_one_that_lacks_something_keeps_all_from_being_lodged(
    vic: Veteran,
) -> None:
    good, bad = vic.claim(7), vic.claim()
    bad.write(bad.texts | {"item_number": ""}, by=vic.practice.by)

    with pytest.raises(ClaimLacks, match="Vic Tran: Item number is missing"):
        lodge([bad, good], by=vic.practice.by)
    assert [again(one).state for one in (good, bad)] == [State.DRAFT, State.DRAFT]
    assert not Lodgement.objects.exists()

    bad.write(bad.texts | {"item_number": "PH20"}, by=vic.practice.by)
    lodgement = lodge([bad, good], by=vic.practice.by)
    assert [row["Item number"] for row in rows_of(lodgement)] == ["PH30", "PH20"]


def test_a_visit_that_was_cancelled_meanwhile_is_not_lodged(vic: Veteran) -> None:
    claim = vic.claim()
    claim.attendee.cancel(30, by=vic.practice.by)

    with pytest.raises(NotClaimable, match="cancelled"):
        lodge([claim], by=vic.practice.by)


def test_a_visit_that_is_still_to_come_is_not_lodged_whatever_date_is_typed(vic: Veteran) -> None:
    claim = vic.claim(days=-1)
    claim.write(claim.texts | {"service_date": "2026-03-03"}, by=vic.practice.by)

    with pytest.raises(NotClaimable, match=r"Vic Tran on Wed 4 Mar 2026.* is still to come"):
        lodge([claim], by=vic.practice.by)


def test_a_rejected_claim_is_mended_and_lodged_again_and_both_lodgements_are_kept(
    vic: Veteran,
) -> None:
    claim = vic.claim()
    lodge([claim], by=vic.practice.by)
    with pytest.raises(ClaimLacks, match="Say why"):
        claim.reject("  ", by=vic.practice.by)
    claim.reject("Wrong item", by=vic.practice.by)

    claim.write(claim.texts | {"item_number": "PH20"}, by=vic.practice.by)
    lodge([claim], by=vic.practice.by)

    steps = claim.steps.order_by("number")
    assert [(step.state, step.reason) for step in steps] == [
        (State.LODGED, ""),
        (State.REJECTED, "Wrong item"),
        (State.LODGED, ""),
    ]
    lodged = [step.particulars["item_number"]["value"] for step in steps if step.particulars]
    assert lodged == ["PH30", "PH20"]


def test_a_benefit_is_a_payment_of_the_visits_invoice_by_the_funder(vic: Veteran) -> None:
    claim = vic.claim()
    lodge([claim], by=vic.practice.by)

    with pytest.raises(TooMuch, match=r"80\.50"):
        claim.pay(Decimal("80.51"), TODAY, by=vic.practice.by)
    payment = claim.pay(Decimal("70.00"), TODAY, reference="R1", by=vic.practice.by)

    invoice = claim.attendee.invoices.get()
    assert payment is not None
    assert (str(payment.payment_type), payment.amount, payment.reference) == (
        *("DVA", Decimal("70.00"), "R1"),
    )
    assert (invoice.balance, invoice.state) == (Decimal("10.50"), "part-paid")
    assert again(claim).state == State.PAID
    assert claim.steps.get(state=State.PAID).payment == payment
    with pytest.raises(ClaimStands, match="paid, not lodged"):
        claim.pay(Decimal(1), TODAY, by=vic.practice.by)


def test_without_an_invoice_nothing_is_received_and_what_went_to_the_patient_is_no_payment(
    vic: Veteran,
) -> None:
    claim = Claim.of_visit(vic.visit(), by=vic.practice.by)
    lodge([claim], by=vic.practice.by)

    with pytest.raises(ClaimStands, match="no invoice"):
        claim.pay(Decimal(70), TODAY, by=vic.practice.by)
    with pytest.raises(ClaimLacks, match="below nothing"):
        claim.pay(Decimal(-1), TODAY, by=vic.practice.by)
    assert claim.pay(Decimal(0), TODAY, by=vic.practice.by) is None
    assert not vic.practice.account.payments.exists()
    assert again(claim).state == State.PAID


def test_claims_are_found_by_where_they_stand(vic: Veteran) -> None:
    draft, lodged, rejected = (vic.claim(days) for days in (14, 7, 0))
    for one in (lodged, rejected):
        lodge([one], by=vic.practice.by)
    rejected.reject("no", by=vic.practice.by)

    found = {state: list(Claim.objects.in_state(state)) for state in State}

    assert found == {
        State.DRAFT: [draft],
        State.SENDING: [],
        State.LODGED: [lodged],
        State.PAID: [],
        State.REJECTED: [rejected],
    }


def test_a_claim_whose_benefit_is_taken_back_is_lodged_again_and_can_be_paid_anew(
    vic: Veteran,
) -> None:
    claim, other = vic.claim(), vic.claim(7)
    lodge([claim, other], by=vic.practice.by)
    payment = claim.pay(Decimal("70.00"), TODAY, by=vic.practice.by)
    other.pay(Decimal("80.50"), TODAY, by=vic.practice.by)
    assert payment is not None

    back = take_back(payment, TODAY, by=vic.practice.by)

    last = claim.steps.order_by("number").last()
    assert last is not None
    assert (last.number, last.state, last.payment, last.reason) == (
        *(3, State.LODGED, back, "The payment of its benefit was taken back."),
    )
    assert [again(one).state for one in (claim, other)] == [State.LODGED, State.PAID]
    assert claim.attendee.invoices.get().balance == Decimal("80.50")
    with pytest.raises(InvoiceStands, match="taken back already"):
        take_back(payment, TODAY, by=vic.practice.by)
    again(claim).pay(Decimal("75.00"), TODAY, by=vic.practice.by)
    assert again(claim).state == State.PAID


def test_a_payment_that_was_no_benefit_is_taken_back_without_a_claim(vic: Veteran) -> None:
    payment = vic.till.pay("5")

    back = take_back(payment, TODAY, by=vic.practice.by)

    assert (back.amount, ClaimStep.objects.exists()) == (Decimal(-5), False)
