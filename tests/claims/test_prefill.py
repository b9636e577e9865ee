"""A claim is filled in from the records, and says of each value from which."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from casewell.claims.models import Claim, ClaimStands, NotClaimable
from casewell.claims.particulars import Kind, Source, Value
from tests.claims.veteran import CARD, care_plan, number

if TYPE_CHECKING:
    from tests.claims.veteran import Veteran
    from tests.invoices.till import Till

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_veterans_claim_is_filled_in_and_each_value_says_from_where(vic: Veteran) -> None:
    visit = vic.visit()
    invoice = vic.invoice(visit)

    claim = Claim.of_visit(visit, by=vic.practice.by)

    amy, case, doctor = vic.practice.amy.pk, vic.case.pk, vic.doctor.pk
    assert claim.kind == Kind.DVA
    assert claim.values == {
        "patient_name": Value("Vic Tran", Source.PATIENT, vic.patient.pk),
        "birth_date": Value("1950-04-25", Source.PATIENT, vic.patient.pk),
        "dva_file_number": Value("NX123456", Source.PATIENT, vic.patient.pk),
        "provider_name": Value("Amy Shaw", Source.PRACTITIONER, amy),
        "provider_number": Value("2429591L", Source.PRACTITIONER, amy),
        "referrer_name": Value("Dr Jane Lee", Source.REFERRER, doctor),
        "referrer_number": Value("2409661B", Source.REFERRER, doctor),
        "referral_date": Value("2026-02-01", Source.CASE, case),
        "referral_period": Value("Standard", Source.CASE, case),
        "item_number": Value("PH30", Source.INVOICE, invoice.pk),
        "service_date": Value("2026-03-03", Source.VISIT, visit.booking_id),
        "service_time": Value("12:00", Source.VISIT, visit.booking_id),
        "fee": Value("80.50", Source.INVOICE, invoice.pk),
    }
    assert claim.faults() == []


def test_a_care_plans_claim_has_the_item_of_its_discipline_and_before_an_invoice_the_price(
    vic: Veteran, till: Till
) -> None:
    visit = vic.practice.attend(care_plan(vic.practice), arrived=True)

    claim = Claim.of_visit(visit, by=vic.practice.by)

    assert claim.kind == Kind.MEDICARE
    programme = visit.case.programme  # type: ignore[union-attr]
    assert claim.values["item_number"] == Value("10960", Source.PROGRAMME, programme.pk)  # type: ignore[union-attr]
    assert claim.values["fee"] == Value("80.50", Source.PRICE, till.consultation.pk)
    assert [claim.texts["card_number"], claim.texts["reference_number"]] == [CARD, "2"]


def test_a_charged_item_that_the_programme_knows_goes_before_that_of_the_discipline(
    vic: Veteran, till: Till
) -> None:
    till.consultation.item_code = "93000"
    till.consultation.save()
    visit = vic.practice.attend(care_plan(vic.practice), arrived=True)
    invoice = till.invoice(visit=visit)

    claim = Claim.of_visit(visit, by=vic.practice.by)

    assert claim.values["item_number"] == Value("93000", Source.INVOICE, invoice.pk)


def test_the_provider_number_is_that_of_the_visits_business_and_funder(vic: Veteran) -> None:
    other = vic.practice.account.businesses.create(business_name="South", time_zone="UTC")
    vic.practice.account.reference_numbers.create(
        practitioner=vic.practice.amy, business=other, name="DVA", reference_number="ELSEWHERE"
    )
    number(vic.practice, "AHPRA", "PHY0001")
    number(vic.practice, "DVA number", "988939BJ")
    veteran = vic.claim()

    assert veteran.texts["provider_number"] == "988939BJ"
    veteran.refill(Kind.MEDICARE, by=vic.practice.by)
    assert veteran.texts["provider_number"] == "2429591L"
    assert "dva_file_number" not in veteran.texts


def test_what_is_not_known_is_empty_from_nowhere_and_stops_the_claim(till: Till) -> None:
    claim = Claim.of_visit(till.practice.attend(arrived=True), by=till.practice.by)

    assert claim.values["referrer_number"] == claim.values["card_number"] == Value()
    assert {f.field for f in claim.faults() if f.stops} == {
        *("birth_date", "card_number", "reference_number", "provider_number"),
        *("referrer_name", "referrer_number", "referral_date", "item_number"),
    }


def test_what_somebody_types_is_typed_and_what_they_leave_keeps_its_origin(vic: Veteran) -> None:
    claim = vic.claim()

    claim.write(claim.texts | {"fee": "75.00", "referral_period": ""}, by=vic.practice.by)

    kept = Claim.objects.get(pk=claim.pk).values
    assert kept["fee"] == Value("75.00", Source.TYPED)
    assert kept["referral_period"] == Value()
    assert kept["item_number"].source == Source.INVOICE
    assert [change.verb for change in vic.practice.account.changes.filter(target_id=claim.pk)] == [
        *("created", "edited")
    ]


def test_filling_in_again_takes_what_the_records_say_now(vic: Veteran) -> None:
    claim = vic.claim()
    claim.write(claim.texts | {"fee": "1.00"}, by=vic.practice.by)
    vic.patient.dva_card_number = "VX654321"
    vic.patient.save()

    claim.refill(Kind.DVA, by=vic.practice.by)

    assert [claim.texts["dva_file_number"], claim.texts["fee"]] == ["VX654321", "80.50"]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ({"did_not_arrive": True, "arrived": False}, "did not arrive"),
        ({"cancelled_at": "2026-03-01T00:00Z"}, "cancelled"),
        ({"archived_at": "2026-03-01T00:00Z"}, "archived"),
    ],
)
def test_a_visit_that_nobody_came_to_is_not_claimed(
    vic: Veteran, state: dict[str, object], word: str
) -> None:
    visit = vic.visit()
    type(visit).objects.filter(pk=visit.pk).update(**state)

    with pytest.raises(NotClaimable, match=word):
        Claim.of_visit(visit, by=vic.practice.by)
    assert not vic.practice.account.claims.exists()


def test_a_visit_has_one_claim_and_a_draft_can_be_thrown_away(vic: Veteran) -> None:
    visit = vic.visit()
    claim = Claim.of_visit(visit, by=vic.practice.by)

    assert Claim.of_visit(visit, Kind.MEDICARE, by=vic.practice.by).pk == claim.pk
    claim.discard(by=vic.practice.by)
    assert not vic.practice.account.claims.exists()
    assert Claim.of_visit(visit, Kind.MEDICARE, by=vic.practice.by).kind == Kind.MEDICARE


def test_the_fee_is_that_of_the_coded_line_of_the_standing_invoice(
    vic: Veteran, till: Till
) -> None:
    from casewell.invoices.lines import Line

    visit = vic.visit()
    till.invoice(visit=visit).void("wrong", by=vic.practice.by)
    lines = (
        Line(name="Tape", unit_price=Decimal(5)),
        Line(name="Visit", unit_price=Decimal(90), code="PH20"),
    )
    till.invoice(*lines, visit=visit)

    claim = Claim.of_visit(visit, by=vic.practice.by)

    assert [claim.texts["item_number"], claim.texts["fee"]] == ["PH20", "90.00"]
    with pytest.raises(ClaimStands, match="draft, not lodged"):
        claim.reject("no", by=vic.practice.by)
