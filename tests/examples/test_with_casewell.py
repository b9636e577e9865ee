"""The example app with a real installation: it reads a patient, changes one, files a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from examples.connected_app.settings import Settings
from examples.connected_app.web import create_app
from tests.api.client import AGENT, basic
from tests.examples.conftest import Visitor
from tests.races.test_idempotency import key_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.served import Site


@pytest.fixture
def key(site: Site) -> str:
    return key_on(site)


@pytest.fixture
def api(site: Site, key: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": basic(key), "User-Agent": AGENT}
    with httpx.Client(base_url=f"{site.address}/v1", headers=headers) as client:
        yield client


def desk_of(site: Site, key: str, folder: Path) -> Visitor:
    """Somebody signed in at the app, whose API key is that one."""
    settings = Settings(folder, ("au.example.com",), "https", site.address, api_key=key)
    sam = Visitor(create_app(settings).test_client())
    sam.sign_in()
    return sam


def test_a_patient_is_read_changed_and_given_a_note_in_casewell(
    site: Site, key: str, api: httpx.Client, tmp_path: Path
) -> None:
    named = {"first_name": "Nora", "last_name": "Stride", "date_of_birth": "1980-02-03"}
    patient = api.post("/patients", json=named).json()["id"]
    sam = desk_of(site, key, tmp_path)
    page = sam.opens(patient)
    assert "<h1>Nora Stride</h1>" in page.text
    assert "Born 1980-02-03" in page.text

    sam.post(f"{page.request.path}/email", page, email="nora@example.com")
    assert api.get(f"/patients/{patient}").json()["email"] == "nora@example.com"
    refused = sam.post(f"{page.request.path}/email", page, email="nora")
    assert refused.status_code == 422
    why = "Casewell did not accept it: email: Enter a valid email address."
    assert f"Not changed: {why}</p>" in refused.text

    noted = sam.follow(sam.post(f"{page.request.path}/notes", page, text="Bends to 110°."))
    assert "filed in Casewell" in noted.text
    [file] = api.get(f"/patients/{patient}/patient_attachments").json()["patient_attachments"]
    assert (file["filename"], file["description"]) == (
        "stride-1.txt",
        "Exercise programme – Sam Ortega",
    )
    assert api.get(file["content"]["links"]["self"]).text == "Bends to 110°."


def test_without_rights_each_refusal_is_said_in_words(
    site: Site, api: httpx.Client, tmp_path: Path
) -> None:
    patient = api.get("/patients?per_page=1").json()["patients"][0]["id"]
    sam = desk_of(site, "x" * 36 + "-au1", tmp_path)

    assert "does not accept this app&#39;s API key" in sam.opens(patient).text
