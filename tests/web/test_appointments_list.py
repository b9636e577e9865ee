"""The list of appointments: its order, its columns, its pages, and what its address says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from casewell.web import long_list
from tests.web.appointments_list import HOUR, LIST, found, person
from tests.web.pages import text_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["Dorn", "Alt", "Bach"]),
        ("-when", ["Bach", "Alt", "Dorn"]),
        ("patient", ["Alt", "Bach", "Dorn"]),
        ("-patient", ["Dorn", "Bach", "Alt"]),
        ("case", ["Bach", "Dorn", "Alt"]),
        ("password", ["Dorn", "Alt", "Bach"]),
    ],
)
def test_the_list_is_ordered_as_its_headings_say(
    northside: Practice, admin: Client, sort: str, names: list[str]
) -> None:
    for hours, name, case in ((0, "Dorn", "Knee"), (1, "Alt", ""), (2, "Bach", "Back")):
        patient = person(northside, name)
        joined = northside.case(case, patient=patient) if case else None
        northside.attend(joined, at=NOON + hours * HOUR, patient=patient)

    assert found(admin, f"sort={sort}") == names


def test_a_heading_says_how_the_list_is_ordered_and_turns_it_round(
    northside: Practice, admin: Client
) -> None:
    northside.attend()
    shown = admin.get(f"{LIST}?sort=patient&state=booked").content.decode()

    assert shown.count("aria-sort") == 1
    assert 'aria-sort="ascending"><a href="?when=today&amp;state=booked&amp;sort=-patient"' in shown


def test_the_address_carries_what_is_chosen_and_no_more(northside: Practice, admin: Client) -> None:
    asked = "when=week&start=2026-01-01&practitioner=&state=booked&sort=patient&page=2"

    pushed = admin.get(f"{LIST}?{asked}").headers["HX-Push-Url"]

    assert pushed == f"{LIST}?when=week&state=booked&sort=patient"
    assert admin.get(LIST).headers["HX-Push-Url"] == f"{LIST}?when=today"


def test_the_chosen_columns_are_kept_in_the_browser_and_leave_the_address(
    northside: Practice, admin: Client
) -> None:
    ben = northside.patient(
        email="ben@wu.example", phone_numbers=[{"number": "0400 1", "phone_type": "Home"}]
    )
    northside.attend(patient=ben)
    assert "Standard" in text_of(admin.get(LIST))

    led = admin.get(f"{LIST}?state=booked&column=email&column=phone&column=nonsense")

    assert led.headers["Location"] == f"{LIST}?when=today&state=booked"
    head = re.findall(r"<th scope=.col.*?</th>", admin.get(LIST).content.decode(), re.DOTALL)
    labels = [re.sub(r"<[^>]+>", "", cell).strip() for cell in head]
    assert labels == ["When", "Patient", "Phone", "Email"]
    shown = text_of(admin.get(LIST))
    assert "ben@wu.example" in shown
    admin.get(f"{LIST}?column=")
    assert "Standard" in text_of(admin.get(LIST))


def test_a_long_list_comes_in_pages(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_list, "ROWS", 2)
    for number, name in enumerate(("One", "Two", "Three", "Four", "Five")):
        northside.attend(at=NOON + number * HOUR, patient=person(northside, name))

    assert found(admin, "") == ["One", "Two"]
    assert found(admin, "page=3") == ["Five"]
    assert found(admin, "page=99") == ["Five"]
    assert found(admin, "page=x") == ["One", "Two"]
    assert len(found(admin, "rows=500")) == 5
    assert "3–4 of 5" in text_of(admin.get(f"{LIST}?page=2"))


def test_of_too_many_the_first_can_be_paged_through_and_it_says_so(
    northside: Practice, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_list, "ROWS", 2)
    monkeypatch.setattr(long_list, "MOST", 3)
    for number, name in enumerate(("One", "Two", "Three", "Four", "Five")):
        northside.attend(at=NOON + number * HOUR, patient=person(northside, name))

    assert "More than 3 appointments" in text_of(admin.get(LIST))
    assert "Only the first 3 can be paged through." in text_of(admin.get(LIST))
    assert found(admin, "page=2") == ["Three"]


def test_an_empty_list_says_what_to_do(admin: Client) -> None:
    assert "No appointments here" in text_of(admin.get(LIST))
