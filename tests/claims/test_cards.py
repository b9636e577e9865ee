"""Pure rules: card numbers, item numbers, what stops a claim, what is keyed in which order."""

from __future__ import annotations

from datetime import date

import pytest

from casewell.claims.checks import Known, faults_of
from casewell.claims.item_numbers import items_of
from casewell.claims.particulars import FIELDS, Kind, Source, Value, fields_of, read, written
from casewell.claims.sheets import EASYCLAIM, HEALTH_FUND, Service, on_both, sheet_of
from casewell.lib.dva_files import is_file_number
from casewell.lib.medicare_cards import check_digit, is_card_number, is_reference_number

MEDICARE = {
    "patient_name": "Ada Rossi",
    "birth_date": "1961-03-12",
    "card_number": "2123456701",
    "reference_number": "1",
    "provider_name": "Amy Shaw",
    "provider_number": "2429591L",
    "referrer_name": "Dr Jane Lee",
    "referrer_number": "2409661B",
    "referral_date": "2026-02-01",
    "referral_period": "Standard",
    "item_number": "10960",
    "service_date": "2026-03-03",
    "service_time": "12:00",
    "fee": "100.00",
}
NOW = Known(date(2026, 3, 3))


@pytest.mark.parametrize(
    ("card", "fits"),
    [
        ("2123456701", True),
        ("2123 45670 1", True),
        ("6000000061", True),
        ("6000000071", False),
        ("2123456711", False),  # another check digit
        ("2123456700", False),  # no card is the 0th issue
        ("1123456791", False),  # begins with 1
        ("7123456751", False),
        ("212345670", False),
        ("21234567011", False),  # with the reference number
        ("٢123456701", False),
        ("", False),
    ],
)
def test_a_card_number_is_ten_digits_of_which_the_ninth_fits(card: str, fits: bool) -> None:
    assert is_card_number(card) is fits


def test_a_single_wrong_digit_of_a_card_is_always_noticed() -> None:
    card = "2123456701"
    wrong = [
        card[:place] + digit + card[place + 1 :]
        for place in range(9)
        for digit in "0123456789"
        if digit != card[place]
    ]

    assert check_digit(card[:8]) == card[8]
    assert [one for one in wrong if is_card_number(one)] == []
    assert [is_reference_number(one) for one in ("1", "9", "0", "12", "")] == [
        *[True, True],
        *[False, False, False],
    ]


@pytest.mark.parametrize(
    ("number", "fits"),
    [("NX123456", True), ("N 123456", True), ("QSM12345A", True), ("WKM1234", True)]
    + [(one, False) for one in ("X123456", "NX1234567", "NXXX12345", "N123456", "NX12345AB", "")],
)
def test_a_dva_file_number_has_its_shape(number: str, fits: bool) -> None:
    assert is_file_number(number) is fits


def test_items_go_by_discipline_and_what_depends_on_more_is_left_empty() -> None:
    plan, eating = items_of("au-medicare-gpccmp"), items_of("au-medicare-eating-disorder")

    assert plan.number_for(" Physiotherapy ") == "10960"
    assert [plan.number_for(one) for one in ("Acupuncture", "")] == ["", ""]
    assert "93000" in plan.known
    assert "Services Australia" in plan.source
    assert [eating.number_for(one) for one in ("dietetics", "psychology")] == ["82350", ""]
    for programme in ("au-medicare-better-access", "au-dva-cycle", "nz-acc", "unheard of"):
        assert not items_of(programme).by_discipline
        assert items_of(programme).otherwise


def test_a_claim_that_says_all_has_no_fault() -> None:
    assert faults_of(Kind.MEDICARE, MEDICARE, NOW) == []
    assert list(MEDICARE) == [field.name for field in fields_of(Kind.MEDICARE)]


@pytest.mark.parametrize(
    ("field", "text", "sentence", "stops"),
    [
        ("card_number", "2123456711", "This is no Medicare card number", True),
        ("reference_number", "0", "one digit, from 1 to 9", True),
        ("patient_name", "", "Patient is missing.", True),
        ("referrer_number", "", "Referring provider number is missing.", True),
        ("item_number", "", "Item number is missing.", True),
        ("provider_number", "2429591K", "provider number 2429591K does not fit", False),
        ("referrer_number", "2409661C", "provider number 2409661C does not fit", False),
        ("service_date", "2026-03-04", "The service is still to come.", True),
        ("fee", "0.00", "The fee is nothing.", True),
        ("referral_date", "2026-03-04", "issued after the service", False),
    ],
)
def test_each_fault_has_its_sentence_and_only_some_stop_a_claim(
    field: str, text: str, sentence: str, stops: bool
) -> None:
    faults = faults_of(Kind.MEDICARE, MEDICARE | {field: text}, NOW)

    assert [(fault.field, fault.stops) for fault in faults] == [(field, stops)]
    assert sentence in faults[0].sentence


def test_a_case_that_had_expired_at_the_service_warns_and_on_its_last_day_does_not() -> None:
    def said(last: date) -> list[str]:
        faults = faults_of(Kind.MEDICARE, MEDICARE, Known(NOW.today, last))
        return [f.sentence for f in faults if not f.stops]

    assert said(date(2026, 3, 2)) == [
        "The case had expired at the service: it ran until 2 Mar 2026."
    ]
    assert said(date(2026, 3, 3)) == []


def test_dva_asks_for_a_file_number_and_for_no_card() -> None:
    texts = {**MEDICARE, "card_number": "", "reference_number": "", "dva_file_number": "12"}

    assert [fault.field for fault in faults_of(Kind.DVA, texts, NOW)] == ["dva_file_number"]
    assert [fault.field for fault in faults_of(Kind.DVA, {}, NOW)] == [
        field.name for field in fields_of(Kind.DVA) if field.required
    ]


def test_values_go_to_json_and_back() -> None:
    values = {field.name: Value("x", Source.CASE, 7) for field in FIELDS} | {"fee": Value()}

    assert read(written(values)) == values


def test_the_two_sheets_are_in_keying_order() -> None:
    texts = MEDICARE | {"member_number": "AB 12-34", "provider_number": "242 9591l"}
    visit = Service(1, "Visit", MEDICARE)

    fund = sheet_of(HEALTH_FUND, texts, [visit])
    medicare = sheet_of(EASYCLAIM, texts, [visit])

    assert [(key.label, key.value) for key in fund.once] == [
        ("Servicing provider", "2429591L"),
        ("Member", "AB1234"),
    ]
    assert [(key.label, key.value) for key in fund.services[0][1]] == [
        ("Item", "10960"),
        ("Date", "03/03/2026"),
        ("Fee", "100.00"),
    ]
    assert [(key.label, key.value) for key in medicare.once] == [
        ("Medicare card", "2123456701"),
        ("Reference number", "1"),
        ("Servicing provider", "2429591L"),
        ("Referrer", "2409661B"),
        ("Referral date", "01/02/2026"),
        ("Referral period", "Standard"),
    ]


def test_a_service_is_told_of_that_is_on_both_sheets_unless_one_cannot_be_keyed() -> None:
    visit, brace = Service(1, "Visit", MEDICARE), Service(2, "Brace", {"fee": "55.00"})
    member = MEDICARE | {"member_number": "1234"}
    medicare = sheet_of(EASYCLAIM, member, [visit])

    assert on_both(sheet_of(HEALTH_FUND, member, [brace, visit]), medicare) == [visit]
    assert on_both(sheet_of(HEALTH_FUND, member, [brace]), medicare) == []
    assert on_both(sheet_of(HEALTH_FUND, MEDICARE, [visit]), medicare) == []
