"""Contacts: provider numbers, the cases that name one, and two doctors of one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_a_provider_number_with_a_wrong_letter_is_kept_and_warned_about(
    northside: Practice, desk: Client
) -> None:
    form = {"type_code": "1", "last_name": "Lee", "provider_number": "988939BK"}

    answer = desk.post("/northside/contacts/new", form, follow=True)

    assert "check letter of provider number 988939BK" in answer.content.decode()
    assert northside.account.contacts.get().provider_number == "988939BK"


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (("contact",), "referrer"),
        (("payer",), "payer"),
        (("contact", "payer"), "referrer and payer"),
    ],
)
def test_a_contact_shows_the_cases_that_name_it(
    northside: Practice, desk: Client, roles: tuple[str, ...], said: str
) -> None:
    one, other = northside.doctor(), northside.doctor()
    northside.case("Left knee", **dict.fromkeys(roles, one))
    northside.case("Shoulder", contact=other)

    page = desk.get(f"/northside/contacts/{one.pk}").content.decode()

    assert f"<td>{said}</td>" in page
    assert "Left knee" in page
    assert "Shoulder" not in page


def test_two_doctors_of_one_name_are_told_apart_where_one_is_chosen(
    northside: Practice, desk: Client
) -> None:
    northside.doctor(company_name="Hill Street Medical", city="Brunswick")
    northside.doctor(company_name="Park Clinic", city="Coburg")

    found = desk.get("/northside/contacts/doctors?q=lee").content.decode()
    by_practice = desk.get("/northside/contacts/doctors?q=park+lee").content.decode()

    assert "Hill Street Medical, Brunswick" in found
    assert "Park Clinic, Coburg" in found
    assert "Hill Street" not in by_practice
