"""A case on one page, as a PDF."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pypdfium2  # type: ignore[import-untyped]
import pytest

from tests.web.files import url
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def text_in(answer: Any) -> tuple[int, str]:
    """How many pages the PDF has, and what it says."""
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    pages = len(document)
    document.close()
    return pages, " ".join(text.split())


def test_a_summary_says_on_one_page_what_is_used_left_and_until_when(
    northside: Practice, desk: Client
) -> None:
    jane = northside.doctor(provider_number="2429591L", company_name="Hill Medical")
    knee = northside.case(
        max_sessions=10, contact=jane, referral_type="medicare", expiry_date="2027-03-04"
    )
    for days in range(3):
        northside.attend(knee, NOON + timedelta(days=days))
    northside.attend(knee, NOON, cancelled_at=NOON)

    answer = desk.get(url("case-summary", knee.pk))
    pages, said = text_in(answer)
    to_doctor = text_in(desk.get(url("case-summary", knee.pk) + "?to=referrer"))[1]

    assert pages == 1
    assert (
        "Left knee – Ada Rossi.pdf".replace("–", "%E2%80%93").replace(" ", "%20")
        in (answer.headers["Content-Disposition"])
    )
    for words in (
        "Northside Physio",
        "3 of 10 sessions",
        "Left 7",
        "Until 4 Mar 2027",
        "2429591L",
        "3 Thu 5 Mar 2026, 12:00 pm Amy Shaw",
        "By our records",
    ):
        assert words in said
    assert said.startswith("Northside Physio Hill Street Ada Rossi")
    assert to_doctor.startswith("Northside Physio Hill Street Dr Jane Lee Hill Medical")


@pytest.mark.parametrize(
    "name", ["#panic() $x$ *b* \\ ] \" '", "مرحبا עברית 漢字 😀👩‍⚕️", "x" * 255, "\u202eknee\u2066"]
)
def test_a_summary_shows_any_text_as_it_is_and_stays_on_its_page(
    northside: Practice, desk: Client, name: str
) -> None:
    long = "Wolfeschlegelsteinhausenberger " * 8
    lee = northside.doctor(first_name=long, last_name=long, company_name=long)
    patient = northside.patient(last_name=name, first_name=long)
    case = northside.case(name, patient=patient, condition=long, employer=long, contact=lee)
    for hour in range(45):
        northside.attend(case, NOON + timedelta(hours=hour))

    answer = desk.get(url("case-summary", case.pk))

    pages, said = text_in(answer)
    assert (answer.status_code, pages) == (200, 1)
    assert "5 earlier ones are not listed here." in said
    if name.startswith("#"):
        assert "#panic() $x$ *b* \\ ] \" '" in said


def test_an_empty_case_has_a_summary(northside: Practice, desk: Client) -> None:
    pages, said = text_in(desk.get(url("case-summary", northside.case().pk)))

    assert (pages, "None yet." in said, "Left no limit" in said) == (1, True, True)
