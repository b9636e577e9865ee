"""The example app is opened from Casewell: its sign-in, its launches, its cookies."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from examples.connected_app.settings import Settings
from examples.connected_app.web import create_app
from tests.examples.conftest import Visitor
from tests.examples.installation import Installation, field_of

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "connected_app"


def launch(casewell: Installation, patient_id: str = "42", **claims: Any) -> str:
    token = casewell.token(patient_id=patient_id, **claims)
    return f"/patients?patient_id={patient_id}&launch_token={token}"


def test_who_is_signed_in_lands_on_the_patient(casewell: Installation, sam: Visitor) -> None:
    casewell.knows("42", date_of_birth="1990-05-04")
    for address in ("/patients?patient_id=42", launch(casewell)):
        page = sam.follow(sam.get(address))
        assert page.status_code == 200
        assert "<h1>Mia Chen</h1>" in page.text
        assert "1990-05-04" in page.text
        assert "launch_token" not in page.request.url


def test_who_is_signed_out_signs_in_and_then_lands_on_the_patient(
    casewell: Installation, visitor: Visitor
) -> None:
    casewell.knows("42")
    for address, said in (("/patients?patient_id=42", "unsigned"), (launch(casewell), "(signed)")):
        visitor.client.delete_cookie("__Host-stride", domain="au.example.com", path="/")
        at_login = visitor.get(address)
        assert at_login.location.startswith("/login?arrival=")
        assert casewell.calls == [] or said == "(signed)"  # nothing is read for a stranger
        wrong = visitor.sign_in(at_login.location, password="wrong")
        assert wrong.status_code == 401
        assert field_of(wrong.text, "arrival") in at_login.location

        page = visitor.follow(visitor.sign_in(at_login.location))
        assert "<h1>Mia Chen</h1>" in page.text
        assert said in page.text


def test_a_token_that_expires_during_sign_in_still_opens_its_patient(
    casewell: Installation, visitor: Visitor
) -> None:
    casewell.knows("42")
    at_login = visitor.get(launch(casewell)).location
    casewell.publish()
    with time_machine.travel(600 + time.time(), tick=True):
        page = visitor.follow(visitor.sign_in(at_login))

    assert "<h1>Mia Chen</h1>" in page.text
    assert "(signed)" in page.text


def test_a_launch_does_not_wait_for_a_sign_in_for_ever(
    casewell: Installation, visitor: Visitor
) -> None:
    casewell.knows("42")
    at_login = visitor.get(launch(casewell)).location
    with time_machine.travel(4000 + time.time(), tick=True):
        assert visitor.sign_in(at_login).location == "/patients"


def test_two_tabs_that_wait_each_go_to_their_own_patient(
    casewell: Installation, visitor: Visitor
) -> None:
    casewell.knows("1", first_name="Ann")
    casewell.knows("2", first_name="Ben")
    first = visitor.get("/patients?patient_id=1").location
    second = visitor.get("/patients?patient_id=2").location
    older_form = visitor.get(second)

    assert "<h1>Ann Chen</h1>" in visitor.follow(visitor.sign_in(first)).text
    assert "<h1>Ben Chen</h1>" in visitor.follow(visitor.get(second)).text
    name = field_of(older_form.text, "arrival")
    sent = visitor.post("/login", older_form, arrival=name, email="", password="")
    assert "<h1>Ben Chen</h1>" in visitor.follow(sent).text


def test_the_session_keeps_the_latest_four_launches(visitor: Visitor) -> None:
    doors = [visitor.get(f"/patients?patient_id={each}").location for each in range(1, 8)]
    visitor.sign_in()
    onward = [visitor.get(door).location for door in doors]

    assert onward[:3] == ["/patients"] * 3
    assert all(each.startswith("/arrivals/") for each in onward[3:])


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "x"]
)
def test_sign_in_leads_nowhere_else(visitor: Visitor, elsewhere: str) -> None:
    form = visitor.get(f"/login?arrival={elsewhere}&next={elsewhere}")
    sent = visitor.post(
        f"/login?next={elsewhere}",
        form,
        arrival=elsewhere,
        next=elsewhere,
        email="sam@stride.example",
        password="stride-demo",
    )

    assert sent.status_code == 303
    assert sent.location == "/patients"
    assert visitor.get(f"/login?arrival={elsewhere}").location == "/patients"


def test_a_launch_that_is_refused_opens_nothing_and_says_why(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42")
    used = launch(casewell)
    sam.get(used)
    read = len(casewell.calls)
    refused = {
        used: "replayed",
        launch(casewell, exp=1): "expired",
        launch(casewell, aud="https://fr.example.com/patients"): "audience",
        launch(casewell).replace("id=42", "id=43"): "patient",
        f"{launch(casewell)}&launch_token=x": "malformed",
        "/patients?patient_id=42&launch_token=": "malformed",
    }
    for address, code in refused.items():
        page = sam.get(address)
        assert page.status_code == 403
        assert f'data-code="{code}"' in page.text
    assert len(casewell.calls) == read


def test_each_of_the_apps_names_takes_its_own_tokens(
    casewell: Installation, app: Flask, sam: Visitor
) -> None:
    casewell.knows("42")
    fr = Visitor(app.test_client(), "https://fr.example.com")
    theirs = launch(casewell, aud="https://fr.example.com/patients")

    assert 'data-code="audience"' in fr.get(launch(casewell)).text
    assert fr.get(theirs).status_code == 303
    assert Visitor(app.test_client(), "https://eu.example.com").get(theirs).status_code == 421


def test_an_app_may_insist_on_signed_launches(
    casewell: Installation, settings_of_app: dict[str, Any]
) -> None:
    visitor = Visitor(create_app(Settings(**settings_of_app, signed_only=True)).test_client())

    assert 'data-code="unsigned"' in visitor.get("/patients?patient_id=42").text
    assert visitor.get(launch(casewell)).status_code == 303


@pytest.mark.parametrize(
    "query",
    ["patient_id=", "patient_id=1&patient_id=2", "patient_id=x", "id=1", "patient_id=%D9%A1"],
)
def test_an_address_that_names_no_patient_says_so(sam: Visitor, query: str) -> None:
    page = sam.get(f"/patients?{query}")

    assert page.status_code == 400
    assert "names no patient" in page.text
