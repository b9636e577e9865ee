"""Finding a patient: by which words, who comes first, and how two of a name are told apart."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casewell.tenancy import search
from casewell.tenancy.search import rewrite_words
from tests.web.pages import SLUG, text_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.patients.models import Patient
    from tests.world import Practice


def found(northside: Practice, query: str) -> list[Patient]:
    return list(northside.account.patients.matching(query))


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("+61 400 123 456", "0400 123"),
        ("0400 123 456", "+61 400 123 456"),
        ("0400 123 456", "0061400123456"),
        ("0400 123 456", "61400123456"),
        ("(03) 9000 1111", "+61 3 9000 1111"),
        ("+1 212 555 0100", "0212 555"),
    ],
)
def test_a_number_is_found_with_the_countrys_code_and_without(
    northside: Practice, kept: str, typed: str
) -> None:
    northside.patient(phone_numbers=[{"number": "0499 999 999", "phone_type": "Home"}])
    northside.ada.phone_numbers = [{"number": kept, "phone_type": "Mobile"}]
    northside.ada.save()
    rewrite_words(northside.ada)

    assert found(northside, typed) == [northside.ada]


@pytest.mark.parametrize(
    "query",
    [
        *("bet", "ross", "R-77", "ada rossi"),
        *("1961-03-12", "12/3/1961", "12 Mar 1961", "rossi 12 march 1961"),
    ],
)
def test_a_patient_is_found_by_any_of_their_words(northside: Practice, query: str) -> None:
    northside.patient()
    ada = northside.ada
    ada.preferred_first_name, ada.old_reference_id = "Betty", "R-77"
    ada.date_of_birth = "1961-03-12"
    ada.save()
    ada.refresh_from_db()
    rewrite_words(ada)

    assert found(northside, query) == [ada]
    assert list(northside.account.patients.closest(query)) == [ada]


def test_a_birth_date_is_searched_as_the_practice_writes_it(
    northside: Practice, desk: Client
) -> None:
    northside.patient("Mar", "Wu", date_of_birth=date(1961, 3, 12))
    northside.patient("Dec", "Wu", date_of_birth=date(1961, 12, 3))

    answers = []
    for way in ("d/m/Y", "m/d/Y"):
        northside.account.date_format = way
        northside.account.save()
        answers.append(text_of(desk.get(f"{SLUG}/patients/search?q=12/03/1961")))

    assert [("Wu, Mar" in said, "Wu, Dec" in said) for said in answers] == [
        (True, False),
        (False, True),
    ]


def test_two_of_the_same_name_are_told_apart(northside: Practice, desk: Client) -> None:
    northside.patient("Ben", "Wu", date_of_birth=date(1961, 3, 12), old_reference_id="R-77")
    phones = [{"number": "0400 123 456", "phone_type": "Mobile"}]
    northside.patient("Benjamin", "Wu", preferred_first_name="Ben", phone_numbers=phones)

    said = text_of(desk.get(f"{SLUG}/patients/search?q=wu"))

    assert said == "Wu, Ben 12 Mar 1961 · R-77 Wu, Ben (Benjamin) 0400 123 456"


def test_an_archived_patient_hides_nobody_who_is_here(
    northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many archived ones come before."""
    for number in range(3):
        northside.patient(f"Al{number}", "Wu").archive(by=northside.by)
    amy = northside.patient("Amy", "Wu")

    monkeypatch.setattr(search, "NEAREST", 1)

    assert list(northside.account.patients.live().closest("a wu")) == [amy]


@pytest.mark.parametrize(
    "query", ["ros", "ADA ros", "0400 000", "000123", "12/3/1961", "1961-03-12", "ref-77"]
)
def test_a_patient_is_found_by_any_of_these(northside: Practice, desk: Client, query: str) -> None:
    northside.patient("Ben", "Wu", date_of_birth=NOON.date())
    northside.patient(
        "Ádá",
        "Rossini",
        date_of_birth=date(1961, 3, 12),
        phone_numbers=[{"number": "0400 000 123", "phone_type": "Mobile"}],
        old_reference_id="REF-77",
    )

    found = desk.get("/northside/patients/search", {"q": query}).content.decode()

    assert "Rossini, Ádá" in found
    assert "Wu" not in found
