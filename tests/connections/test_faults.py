"""Launches with a chosen fault: an app that keeps to the guide refuses each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.connections.allowances import Allowances
from casewell.connections.explained import explain
from casewell.connections.faults import FAULTS, REPLAYED
from casewell.connections.models import key_set
from casewell.connections.trials import Trial, trial, trial_issuer, trial_key_set
from casewell.connections.verdicts import verdict
from tests.connections.world import PATTERN, URL
from tests.examples.verifying import refusal, verifier_with

if TYPE_CHECKING:
    from pathlib import Path

    from examples.connected_app.verify import Verifier

pytestmark = pytest.mark.django_db

SAID = {
    "missing": ["This address carries no launch_token"],
    "none": ["It says that it is signed by “none”", "Its signature does not fit"],
    "hs256": ["It says that it is signed by “HS256”", "Its signature does not fit"],
    "type": ["Its type is “JWT”"],
    "crit": ["It asks for something that you do not know (crit)"],
    "unknown_key": ["Its key (kid) is none that this installation publishes"],
    "own_key": ["It brings a key", "Its signature does not fit"],
    "changed": ["Its signature does not fit"],
    "issuer": ["It is from “http://localhost:8000/integrators/other”; this page is"],
    "audience": ["It is for “https://other.example.com/patients” and not for"],
    "expired": ["It ended 3,5"],
    "to_come": ["It will be made in"],
    "patient": ["It is for patient 78, the address names 77."],
    "replayed": [],  # which only the app can know
}


def sent_with(fault: str = "") -> Trial:
    """A launch of patient 77; without a name, a right one."""
    opened = verdict(PATTERN, URL, Allowances(), 77).launch
    assert opened
    return trial(opened, 77, is_signed=True, fault=FAULTS.get(fault))


@pytest.fixture
def verifier(tmp_path: Path) -> Verifier:
    """The example's, of an app that is told of the test keys."""
    return verifier_with(trial_issuer(), URL, trial_key_set(), tmp_path / "used")


@pytest.mark.parametrize("fault", FAULTS)
def test_the_examples_verifier_refuses_each_fault_and_says_what_the_page_says(
    verifier: Verifier, fault: str
) -> None:
    assert verifier.verify(sent_with().token, "77")
    token = sent_with(fault).token
    if fault == REPLAYED.name:
        assert verifier.verify(token, "77")

    assert refusal(verifier, token, "77") == FAULTS[fault].code


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_and_nothing_else_is(fault: str) -> None:
    found = explain(sent_with(fault).address.href)

    assert [
        (problem, words)
        for problem, words in zip(found.problems, SAID[fault], strict=True)
        if not problem.startswith(words)
    ] == []
    assert found.is_trial == (fault != "missing")


def test_the_keys_that_clinics_launches_are_signed_with_have_no_part_in_it() -> None:
    issuers = {explain(sent_with(fault).token).claims.get("iss", "") for fault in FAULTS}

    assert key_set() == {"keys": []}
    assert issuers == {"", trial_issuer(), f"{trial_issuer()}/other"}
