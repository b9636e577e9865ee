"""Test launches with a chosen fault, for seeing that an app refuses them."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from casewell.connections.explained import explain
from casewell.connections.faults import FAULTS
from tests.connections.world import URL, approved, proposed
from tests.web.operators import browser_of_olga, shown

if TYPE_CHECKING:
    from typing import Any

pytestmark = pytest.mark.django_db

HOME = "/integrators"
TRY = {"pattern": "*.example.com/patients", "url": URL, "patient_id": "77"}


def launched(browser: Client, fault: str, **more: str) -> str:
    """The address that the browser is sent to."""
    answer = browser.post(f"{HOME}/launch", TRY | {"fault": fault} | more)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def latest(browser: Client) -> str:
    return shown(browser.get(f"{HOME}/launch/latest"))


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_is_shown_has_the_fault_and_says_what_the_app_must_do(fault: Any) -> None:
    answer = Client().get(HOME, TRY | {"fault": fault.name})
    page = html.unescape(answer.content.decode())

    assert f"{fault.words}. {fault.duty}" in shown(answer)
    assert f'<option value="{fault.name}" selected>' in page
    found = re.search(r">GET (\S+) HTTP", page)
    assert found
    assert explain(f"https://au.example.com{found[1]}").is_good == (fault.name == "replayed")


def test_a_fault_that_is_unknown_is_none() -> None:
    page = Client().get(HOME, TRY | {"fault": "<odd>"})

    assert "launch_token" not in page.content.decode()
    assert b"<odd>" not in page.content


def test_a_launch_sends_the_fault_that_was_shown_and_it_is_on_record() -> None:
    app, olga = proposed(), browser_of_olga()
    page = olga.get(HOME, TRY | {"fault": "expired"}).content.decode()
    assert '<input type="hidden" name="fault" value="expired">' in page

    assert "It ended 3," in explain(launched(olga, "expired")).problems[0]
    assert "Expired. Refuse it: it ended an hour ago." in latest(olga)
    assert app.decisions.all()[0].why == f"{URL}?patient_id=77 with a fault: Expired"
    assert launched(olga, "missing") == f"{URL}?patient_id=77"


def test_the_same_token_is_sent_twice_within_its_minute() -> None:
    approved()
    olga = browser_of_olga()

    first = launched(olga, "replayed")
    assert "A new token: your app has to open the patient." in latest(olga)
    assert launched(olga, "replayed") == first
    assert "The same token as the launch before" in latest(olga)
    shown_next = olga.get(HOME, TRY | {"fault": "replayed"})
    assert "This is the token of the launch before." in shown(shown_next)
    assert launched(olga, "replayed", patient_id="78") != first.replace("77", "78")

    right = launched(olga, "", signed="yes")
    assert launched(olga, "replayed") == right
    with time_machine.travel(timezone.now() + timedelta(seconds=61), tick=False):
        assert launched(olga, "replayed") != right


def test_of_a_launch_with_a_fault_nothing_is_sent_again() -> None:
    approved()
    olga = browser_of_olga()
    launched(olga, "", signed="yes")
    assert not explain(launched(olga, "patient")).is_good

    assert explain(launched(olga, "replayed")).is_good
    assert "A new token" in latest(olga)
