"""The other side of a connected app: an installation's keys, its launches and its API."""

from __future__ import annotations

import base64
import json
import re
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.jwk import ECKey

if TYPE_CHECKING:
    from collections.abc import Iterator

AUDIENCE = "https://au.example.com/patients"
API_KEY = "k" * 36 + "-au1"


def key(name: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"})


@dataclass
class Call:
    """A request to the API, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Installation:
    """Serves its published keys, and the API's answers that a test puts in `answers`."""

    port: int
    signing: ECKey = field(default_factory=lambda: key("first"))
    published: list[dict[str, Any]] = field(default_factory=list)
    broken: bool = False
    fetched: int = 0
    calls: list[Call] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.publish(self.signing)

    def publish(self, *keys: ECKey) -> None:
        self.published = [each.as_dict(private=False) for each in keys]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def jwks(self) -> str:
        return f"{self.address}/.well-known/jwks.json"

    def claims(self, **others: Any) -> dict[str, Any]:
        now = int(time.time())
        usual: dict[str, Any] = {
            "iss": self.address,
            "aud": AUDIENCE,
            "sub": "u-8f14e45f",
            "account": "northside",
            "patient_id": "42",
            "iat": now,
            "exp": now + 60,
            "jti": uuid.uuid4().hex,
        }
        return {name: value for name, value in (usual | others).items() if value is not ...}

    def header(self, **others: Any) -> dict[str, Any]:
        return {"alg": "ES256", "typ": "casewell-launch+jwt", "kid": self.signing.kid} | others

    def token(self, **claims: Any) -> str:
        """A token as a launch carries it; a claim given as `...` is left out."""
        return jwt.encode(self.header(), self.claims(**claims), self.signing)

    def takes_files_of(self, patient_id: str) -> None:
        """Let the API give a form for a file of that patient, and keep what is sent by it."""
        form = {"url": f"{self.address}/", "fields": {"key": "up/${filename}", "policy": "p"}}
        path = f"/v1/patients/{patient_id}/attachment_presigned_post"
        self.answers["GET", path] = (200, form)
        self.answers["POST", "/"] = (201, None)
        self.answers["POST", "/v1/patient_attachments"] = (201, {"id": "7"})

    def knows(self, patient_id: str, **fields: Any) -> None:
        """Let the API have that patient."""
        usual = {"id": patient_id, "first_name": "Mia", "last_name": "Chen"}
        self.answers["GET", f"/v1/patients/{patient_id}"] = (200, usual | fields)


def part(words: Any) -> str:
    """One part of a token, as anybody can write it."""
    text = words if isinstance(words, bytes) else json.dumps(words).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def field_of(page: str, name: str) -> str:
    """The value of the page's first form field of that name."""
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found, name
    return found[1]


class Conversation(BaseHTTPRequestHandler):
    """Answers what the installation was told to; elsewhere there is a page, as on any web site."""

    installation: Installation

    def do_GET(self) -> None:
        if self.path == "/.well-known/jwks.json":
            self.installation.fetched += 1
            status = 500 if self.installation.broken else 200
            self.say(status, {"keys": self.installation.published})
        else:
            self.call("GET")

    def do_POST(self) -> None:
        self.call("POST")

    def do_PATCH(self) -> None:
        self.call("PATCH")

    def call(self, method: str) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        is_form = self.headers.get("Content-Type", "").startswith("multipart/")
        body = sent if is_form else json.loads(sent) if sent else None
        self.installation.calls.append(Call(method, self.path, dict(self.headers), body))
        known = (method, self.path.partition("?")[0])
        status, answer = self.installation.answers.get(known, (404, None))
        self.say(status, answer)

    def say(self, status: int, answer: Any) -> None:
        words = b"<h1>Not found</h1>" if answer is None else json.dumps(answer).encode()
        kind = "text/html" if answer is None else "application/json; charset=utf-8"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's output."""


@contextmanager
def installation() -> Iterator[Installation]:
    """An installation on this machine, until the block ends."""

    class Here(Conversation):
        pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Here) as server:
        Here.installation = Installation(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield Here.installation
        finally:
            server.shutdown()
            thread.join()
