"""The example app reads patients through the API and matches them."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.examples.installation import API_KEY, field_of

if TYPE_CHECKING:
    from typing import Any

    from tests.examples.conftest import Visitor
    from tests.examples.installation import Installation


def test_an_id_seen_for_the_first_time_is_read_and_made_once(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42", email="mia@example.com", preferred_first_name="Mimi")
    first, again = sam.opens("42"), sam.opens("42")

    assert "<h1>Mimi Chen</h1>" in first.text
    assert "mia@example.com" in first.text
    assert again.request.path == first.request.path
    assert sam.get("/patients").text.count("Mimi Chen") == 1


def test_the_api_is_asked_as_its_rules_say(casewell: Installation, sam: Visitor) -> None:
    casewell.knows("42")
    sam.opens("42")
    (call,) = casewell.calls

    assert call.path == "/v1/patients/42?q%5B%5D=archived_at%3A%2A"  # archived ones as well
    assert call.headers["User-Agent"] == "Stride example (support@stride.example)"
    credentials = base64.b64encode(f"{API_KEY}:".encode()).decode()
    assert call.headers["Authorization"] == f"Basic {credentials}"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "does not accept this app&#39;s API key"),
        (403, "may not do this in Casewell"),
        (429, "try again in 7 seconds"),
        (500, "no Casewell API answers"),
        (302, "no Casewell API answers"),
    ],
)
def test_where_the_api_refuses_the_patient_opens_all_the_same(
    casewell: Installation, sam: Visitor, status: int, said: str
) -> None:
    casewell.answers["GET", "/v1/patients/42"] = (status, {"message": "no"})
    page = sam.opens("42")

    assert page.status_code == 200
    assert "<h1>Patient 42</h1>" in page.text
    assert "Details could not be read:" in page.text
    assert said in page.text


def test_where_there_is_no_api_yet_details_are_read_by_trying_again(
    casewell: Installation, sam: Visitor
) -> None:
    page = sam.opens("42")  # a page of HTML that says 404
    assert "Details could not be read: no Casewell API answers" in page.text
    key = page.request.path
    assert "Details could not" in sam.follow(sam.post(f"{key}/read", page)).text

    casewell.knows("42")
    now = sam.follow(sam.post(f"{key}/read", page))
    assert now.request.path == key
    assert "<h1>Mia Chen</h1>" in now.text
    assert "Details could not" not in now.text


def test_a_page_where_the_api_should_be_is_no_patient(casewell: Installation, sam: Visitor) -> None:
    casewell.answers["GET", "/v1/patients/42"] = (200, None)  # a sign-in page, say

    assert "no Casewell API answers" in sam.opens("42").text


@pytest.mark.parametrize("answer", [[], {}, {"id": 42, "first_name": "Mia"}, "Mia"])
def test_an_answer_that_is_no_patient_breaks_nothing(
    casewell: Installation, sam: Visitor, answer: Any
) -> None:
    casewell.answers["GET", "/v1/patients/42"] = (200, answer)

    assert "Casewell&#39;s answer could not be read" in sam.opens("42").text


def test_an_id_that_the_api_does_not_know_makes_nothing(
    casewell: Installation, sam: Visitor
) -> None:
    before = sam.get("/patients").text
    casewell.answers["GET", "/v1/patients/99"] = (404, {"status": "404", "error": "Not Found"})
    page = sam.opens("99")

    assert "Casewell knows no patient with this id" in page.text
    assert "Try again" in page.text
    assert sam.get("/patients").text == before


def test_a_known_patient_stays_when_the_api_no_longer_shows_them(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42")
    sam.opens("42")
    casewell.answers["GET", "/v1/patients/42"] = (404, {"status": "404", "error": "Not Found"})
    page = sam.opens("42")

    assert page.status_code == 200
    assert "<h1>Mia Chen</h1>" in page.text
    assert "Casewell knows no patient" in page.text


def test_a_merged_patients_old_id_opens_the_one_that_stayed(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42")
    casewell.knows("50", first_name="Amelia")
    old, stayed = sam.opens("42"), sam.opens("50")
    sam.post(f"{old.request.path}/exercises", old, name="Squat")
    link = {"links": {"self": f"{casewell.address}/v1/patients/50"}}
    casewell.knows("42", merged_with_patient=link)
    page = sam.opens("42")

    assert page.request.path == stayed.request.path
    assert "Amelia Chen" in page.text
    assert "Squat" in page.text  # what was known of the old one came along
    assert sam.get("/patients").text.count("Chen") == 1


def test_merges_in_a_circle_come_to_an_end(casewell: Installation, sam: Visitor) -> None:
    for one, other in (("42", "50"), ("50", "42")):
        link = {"links": {"self": f"{casewell.address}/v1/patients/{other}"}}
        casewell.knows(one, merged_with_patient=link)

    assert sam.opens("42").status_code == 200


def test_a_patient_who_was_typed_in_here_before_can_be_joined(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42", first_name="Alex", last_name="MOREAU", date_of_birth="1988-02-29")
    page = sam.opens("42")
    assert "Is it the same person?" in page.text
    other = field_of(page.text, "other")
    joined = sam.follow(sam.post(f"{page.request.path}/join", page, other=other))

    assert "Calf raise" in joined.text
    assert "Is it the same person?" not in joined.text
    assert sam.get("/patients").text.lower().count("alex moreau") == 1


def test_only_a_lookalike_can_be_joined(casewell: Installation, sam: Visitor) -> None:
    casewell.knows("42", first_name="Alex", last_name="Moreau", date_of_birth="1991-01-01")
    casewell.knows("43")
    sam.opens("43")
    page = sam.opens("42")
    for other in ("1", "2", "3", "999", "x", ""):
        sam.post(f"{page.request.path}/join", page, other=other)

    assert sam.get("/patients").text.count("<li>") == 3


def test_names_with_markup_are_shown_as_they_are(casewell: Installation, sam: Visitor) -> None:
    casewell.knows("42", first_name="<script>alert(1)</script>", email='"><b>')
    page = sam.opens("42").text

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page
