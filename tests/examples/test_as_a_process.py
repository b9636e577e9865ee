"""The example app as its users start it."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.connected_app import EXAMPLES, plain

if TYPE_CHECKING:
    from tests.connected_app import StartApp
    from tests.examples.installation import Installation


def test_it_serves_https_under_its_names_and_verifies_by_published_keys(
    casewell: Installation, connected_app: StartApp
) -> None:
    app = connected_app("au.example.com", "fr.example.com", issuer=casewell.address)
    with socket.create_connection(("127.0.0.1", app.port)):  # says nothing, and holds up nobody
        token = casewell.token()
        ours = app.get(f"/patients?patient_id=42&launch_token={token}")
        theirs = app.get(f"/patients?patient_id=42&launch_token={token}", "fr.example.com")

    assert ours.status_code == 303
    assert ours.headers["Location"].startswith("/login?arrival=")
    assert "Secure" in ours.headers["Set-Cookie"]
    assert 'data-code="audience"' in theirs.text
    assert app.lines("/patients ") == ["GET /patients 303 from -", "GET /patients 403 from -"]
    assert app.lines(token) == []
    assert app.launch_address == "https://au.example.com/patients"


def test_it_says_where_it_is_and_who_may_sign_in(
    casewell: Installation, connected_app: StartApp
) -> None:
    app = connected_app("au.example.com", issuer=f"{casewell.address}/", signed_only=True)

    assert app.lines("register") == [
        "  its address to register in Casewell: https://au.example.com/patients"
    ]
    assert len(app.lines("sign in as")) == 2
    assert 'data-code="unsigned"' in app.get("/patients?patient_id=42").text
    app.stop()
    assert app.lines("Traceback") == []


def test_a_certificate_without_its_key_is_refused_in_words() -> None:
    command = [sys.executable, "-m", "connected_app", "--certificate", "x.pem"]
    done = subprocess.run(
        command, cwd=EXAMPLES, env=plain(), capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("--certificate and --key belong together")
