"""Tokens of the integrators' page: right for its own keys alone, and explained."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings
from joserfc import jwt

from casewell.connections.allowances import Allowances
from casewell.connections.explained import explain
from casewell.connections.models import LaunchKey, key_set
from casewell.connections.tokens import launch_token
from casewell.connections.trials import trial_key_set
from casewell.connections.verdicts import verdict
from examples.connected_app.verify import LaunchRefused
from tests.connections.world import PATTERN, URL
from tests.examples.verifying import verifier_with
from tests.web.operators import shown, token_in

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.django_db

HOME = "/integrators"
SITE = "https://casewell.example"
TRY = {"pattern": "*.example.com/patients", "url": URL, "patient_id": "77"}
SIGNED = TRY | {"signed": "yes"}


@override_settings(SITE_ADDRESS=SITE)
def test_a_test_token_is_right_for_its_own_keys_and_wrong_for_the_clinics(
    tmp_path: Path,
) -> None:
    LaunchKey.tend()
    token = token_in(Client().get(HOME, SIGNED))

    tried = verifier_with(f"{SITE}/integrators", URL, trial_key_set(), tmp_path / "a")
    assert tried.verify(token, "77").patient_id == "77"
    for issuer, keys in (
        (SITE, key_set()),
        (SITE, trial_key_set()),
        (f"{SITE}/integrators", key_set()),
    ):
        with pytest.raises(LaunchRefused):
            verifier_with(issuer, URL, keys, tmp_path / "b").verify(token, "77")
    assert not {k["kid"] for k in trial_key_set()["keys"]} & {k["kid"] for k in key_set()["keys"]}
    assert "d" not in trial_key_set()["keys"][0]


def test_the_page_shows_what_the_token_says() -> None:
    answer = Client().get(HOME, SIGNED)
    page, token = html.unescape(answer.content.decode()), token_in(answer)

    claims = json.loads(re.findall(r">(\{.*?\})</pre>", page, re.DOTALL)[1])
    assert claims == explain(token).claims
    assert claims["aud"] == URL
    assert claims["patient_id"] == "77"
    assert claims["sub"] == "test-user"
    assert claims["iss"].endswith("/integrators")


def test_a_pasted_token_is_explained_and_a_wrong_one_told_what_is_wrong() -> None:
    client = Client()
    good = token_in(client.get(HOME, SIGNED))
    answer = client.post(f"{HOME}/token", {"token": good})
    assert "A right test token of this page." in shown(answer)
    assert "Whether it was used already, only your app knows." in shown(answer)
    assert f"{good}</textarea>" in answer.content.decode()

    changed = client.post(f"{HOME}/token", {"token": f"{good[:-4]}AAAA"})
    assert "Its signature does not fit" in shown(changed)
    other = client.post(
        f"{HOME}/token",
        {"token": f"https://nz.example.com/patients?patient_id=8&launch_token={good}"},
    )
    assert "and not for “https://nz.example.com/patients”" in shown(other)
    assert "It is for patient 77, the address names 8." in shown(other)
    for pasted in ("", "a.b.c", "\0", "x" * 20_000, "eyJhIjoiXHVkODAwIn0.eyJhIjoiXHVkODAwIn0.x"):
        assert "strip" in client.post(f"{HOME}/token", {"token": pasted}).content.decode()


def test_a_token_of_a_clinic_is_explained_as_well() -> None:
    key = LaunchKey.to_sign_with()
    opened = verdict(PATTERN, URL, Allowances(), 77).launch
    assert opened
    token = launch_token(opened, key.pair, sub="u", account="5", patient_id="77")

    assert "A right token of this installation." in shown(
        Client().post(f"{HOME}/token", {"token": token})
    )
    forged = jwt.encode(
        {"alg": "ES256", "typ": "casewell-launch+jwt", "kid": trial_key_set()["keys"][0]["kid"]},
        explain(token).claims,
        key.pair,
    )
    assert "none that this installation publishes" in shown(
        Client().post(f"{HOME}/token", {"token": forged})
    )
