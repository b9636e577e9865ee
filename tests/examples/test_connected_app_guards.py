"""The example app against strangers and other sites, and what it is made of."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from examples.connected_app.settings import Settings
from examples.connected_app.web import create_app
from tests.examples.conftest import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from tests.examples.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "connected_app"


def test_a_stranger_sees_and_changes_nothing(
    casewell: Installation, app: Flask, sam: Visitor, visitor: Visitor
) -> None:
    casewell.knows("42")
    sam.opens("42")
    page = visitor.get("/login")
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", "1", rule.rule)
        if rule.endpoint.startswith(("static", "ways_in")):
            continue
        answer = visitor.post(path, page) if "POST" in (rule.methods or ()) else visitor.get(path)
        assert answer.status_code == 303
        assert answer.location.startswith(("/login", "/patients"))
    assert visitor.get("/patients").location == "/login"
    assert len(casewell.calls) == 1


def test_other_sites_can_send_no_form(casewell: Installation, app: Flask, sam: Visitor) -> None:
    casewell.knows("42")
    sam.opens("42")
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) == 8
    for rule in posts:
        path = re.sub(r"<[^>]*>", "1", rule.rule)
        for token in ("", "x", "é"):
            answer = sam.post(path, csrf=token, text="forged", name="forged")
            assert answer.status_code == 400 or answer.location == "/patients"
    assert "forged" not in sam.opens("42").text
    assert "Sam Ortega" in sam.get("/patients").text  # and nobody was signed out


def test_cookies_are_lax_and_over_https_secure(
    visitor: Visitor, settings_of_app: dict[str, Any]
) -> None:
    cookie = visitor.get("/patients?patient_id=42").headers["Set-Cookie"]
    assert cookie.startswith("__Host-stride=")
    for words in ("SameSite=Lax", "Secure", "HttpOnly", "Path=/"):
        assert words in cookie.split("; ")

    plain = settings_of_app | {"scheme": "http", "hosts": ("localhost:5050",)}
    local = Visitor(create_app(Settings(**plain)).test_client(), "http://localhost:5050")
    cookie = local.get("/patients?patient_id=42").headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert local.follow(local.sign_in()).status_code == 200


def test_no_page_is_kept_framed_or_named_to_others(casewell: Installation, sam: Visitor) -> None:
    casewell.knows("42")
    for path in ("/login", "/patients", "/patients/1", "/patients?patient_id=42", "/nowhere"):
        headers = sam.get(path).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_sign_out_ends_the_session(casewell: Installation, sam: Visitor) -> None:
    assert sam.post("/logout", sam.get("/patients")).location == "/login"
    assert sam.get("/patients").location == "/login"


def test_the_example_uses_nothing_of_casewells_own_code() -> None:
    imports = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for file in EXAMPLE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }

    assert {"flask", "httpx"} <= imports
    assert [name for name in imports if name.split(".")[0] in {"casewell", "tests", "django"}] == []


def test_the_example_pins_what_the_tests_run_with() -> None:
    def pins(path: Path) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^ ;]+", path.read_text(), re.MULTILINE))

    pinned = pins(EXAMPLE / "requirements.txt")
    assert pinned <= pins(ROOT / "requirements-test.lock")
    assert {pin.partition("==")[0] for pin in pinned} >= {"flask", "httpx", "joserfc"}
