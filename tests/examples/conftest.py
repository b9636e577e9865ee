"""An installation that launches, and the example app to be opened by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from examples.connected_app.settings import Settings
from examples.connected_app.store import PASSWORD, PEOPLE
from examples.connected_app.verify import PublishedKeys, UsedTokens, Verifier
from examples.connected_app.web import create_app
from tests.examples.installation import API_KEY, AUDIENCE, Installation, field_of, installation
from tests.examples.verifying import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

HOST = "https://au.example.com"


@dataclass
class Visitor:
    """Somebody's browser at the app."""

    client: FlaskClient
    host: str = HOST

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.host)

    def post(self, path: str, page: TestResponse | None = None, **fields: str) -> TestResponse:
        """Send a form as `page` has it; without a page, as another site would."""
        sent = {"csrf": field_of(page.text, "csrf")} if page else {}
        return self.client.post(path, data=sent | fields, base_url=self.host)

    def sign_in(self, at: str = "/login", password: str = PASSWORD) -> TestResponse:
        """Fill in the form at that address; the answer to it."""
        form = self.get(at)
        name = field_of(form.text, "arrival")
        person = {"email": PEOPLE[0][0], "password": password}
        return self.post("/login", form, arrival=name, **person)

    def follow(self, answer: TestResponse) -> TestResponse:
        """The page where the redirects end, all of them within the app."""
        while answer.status_code == 303:
            assert answer.location.startswith("/")
            assert not answer.location.startswith("//")
            answer = self.get(answer.location)
        return answer

    def opens(self, patient_id: str) -> TestResponse:
        return self.follow(self.get(f"/patients?patient_id={patient_id}"))


@pytest.fixture
def casewell() -> Iterator[Installation]:
    with installation() as one:
        yield one


@pytest.fixture
def settings_of_app(casewell: Installation, tmp_path: Path) -> dict[str, Any]:
    return {
        "folder": tmp_path / "app",
        "hosts": ("au.example.com", "fr.example.com"),
        "scheme": "https",
        "casewell": casewell.address,
        "api_key": API_KEY,
    }


@pytest.fixture
def app(settings_of_app: dict[str, Any]) -> Flask:
    return create_app(Settings(**settings_of_app))


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Nobody in particular: signed out."""
    return Visitor(app.test_client())


@pytest.fixture
def sam(app: Flask) -> Visitor:
    """One of the app's own users, signed in."""
    sam = Visitor(app.test_client())
    assert sam.sign_in().location == "/patients"
    return sam


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verifier(casewell: Installation, clock: Clock, tmp_path: Path) -> Verifier:
    keys = PublishedKeys(casewell.jwks, clock.monotonic)
    used = UsedTokens(tmp_path / "used.sqlite3")
    return Verifier(casewell.address, AUDIENCE, keys, used, clock.time)
