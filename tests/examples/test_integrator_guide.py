"""The integrator's guide is true: its code runs, its addresses are judged as it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from casewell.connections.allowances import Allowances
from casewell.connections.faults import FAULTS
from casewell.connections.verdicts import verdict
from tests.examples.installation import API_KEY, field_of
from tests.served import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.examples.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "integrator-guide.md").read_text()
_, APP, VERIFY = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_verifier_of_the_guide_is_that_of_the_example() -> None:
    assert (ROOT / "examples" / "connected_app" / "verify.py").read_text() == VERIFY


def test_each_address_of_the_guide_is_judged_as_it_says() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| (passes|fails) \|", GUIDE, re.MULTILINE)
    judged = [
        (pattern, url, "passes" if verdict(pattern, url, allowed(pattern)).approved else "fails")
        for pattern, url, _ in rows
    ]
    here = next(url for pattern, url, _ in rows if "//localhost" in pattern)

    assert judged == rows
    assert len(rows) == GUIDE.count("| passes |") + GUIDE.count("| fails |") == 18
    assert not verdict(here, here, Allowances()).approved


def allowed(pattern: str) -> Allowances:
    """Nothing, but for the row that says where it holds."""
    return Allowances(localhost="//localhost" in pattern)


def test_the_guide_names_each_fault_that_can_be_launched() -> None:
    rows = re.findall(r"^\| ([^`|]+) \| `(\w+)` \|$", GUIDE, re.MULTILINE)

    assert rows == [(fault.words, fault.code) for fault in FAULTS.values()]


@pytest.fixture
def small_app(casewell: Installation, tmp_path: Path) -> Iterator[httpx.Client]:
    """The guide's app, started from an empty folder; a browser at its address."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "verify.py").write_text(VERIFY)
    port = free_port()
    address = f"http://localhost:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    told = {
        "CASEWELL": casewell.address,
        "CASEWELL_API_KEY": API_KEY,
        "PORT": str(port),
    }
    with (tmp_path / "log").open("w+b") as log:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=tmp_path, env=kept | told, stdout=log, stderr=log
        )
        with httpx.Client(base_url=address, follow_redirects=True) as browser:
            wait_for(browser, process)
            yield browser
        process.terminate()
        process.wait(timeout=10)
    log_lines = (tmp_path / "log").read_text()
    assert "Traceback" not in log_lines
    assert "patient_id" not in log_lines


def wait_for(browser: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            browser.get("/login")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the guide's app did not start")


def sign_in(browser: httpx.Client, form: httpx.Response) -> httpx.Response:
    csrf = field_of(form.text, "csrf")
    person = {"email": "sam@example.com", "password": "demo", "csrf": csrf}
    return browser.post(str(form.url), data=person)


def test_the_guides_app_signs_in_and_opens_a_patient_it_has_never_seen(
    casewell: Installation, small_app: httpx.Client
) -> None:
    casewell.knows("1", first_name="Ann")
    casewell.knows("2", first_name="Ben")
    merged = {"links": {"self": f"{casewell.address}/v1/patients/2"}}
    casewell.knows("3", merged_with_patient=merged)
    aud = f"{small_app.base_url}/patients".replace("//patients", "/patients")
    token = casewell.token(patient_id="1", aud=aud)
    first = small_app.get("/patients", params={"patient_id": "1", "launch_token": token})
    second = small_app.get("/patients", params={"patient_id": "2"})

    assert "Sign in" in small_app.post(str(first.url), data={"email": "sam@example.com"}).text
    assert "<h1>Ann Chen</h1>" in sign_in(small_app, first).text
    assert "<h1>Ben Chen</h1>" in small_app.get(str(second.url)).text
    assert "<h1>Ben Chen</h1>" in small_app.post(str(second.url)).text  # a form left open
    assert "<h1>Ben Chen</h1>" in small_app.get("/patients?patient_id=3").text
    assert list(small_app.cookies) == ["smallapp_session"]
    replayed = small_app.get("/patients", params={"patient_id": "1", "launch_token": token})
    assert (replayed.status_code, "replayed" in replayed.text) == (403, True)
    assert small_app.get("/patients?patient_id=1&patient_id=2").status_code == 400
    away = small_app.get("/patients?patient_id=9")
    assert "<h1>Patient 9</h1>" in away.text
    assert "Details could not be read: Casewell answered 404." in away.text


def test_the_guides_app_keeps_an_id_while_the_api_is_away_and_makes_none_of_an_unknown_one(
    casewell: Installation, small_app: httpx.Client
) -> None:
    unknown = (404, {"message": "Not Found"})
    casewell.answers["GET", "/v1/patients/8"] = unknown
    form = small_app.get("/patients?patient_id=8")
    refused = sign_in(small_app, form)
    away = small_app.get("/patients?patient_id=9")
    casewell.answers["GET", "/v1/patients/9"] = unknown
    kept = small_app.get("/patients?patient_id=9")
    casewell.knows("9", first_name="Zoe")

    assert (refused.status_code, "The id 8 is not known" in refused.text) == (404, True)
    assert "Details could not be read: Casewell answered 404." in away.text
    assert (kept.status_code, "<h1>Patient 9</h1>" in kept.text) == (200, True)
    assert "<h1>Zoe Chen</h1>" in small_app.get("/patients?patient_id=9").text
