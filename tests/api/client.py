"""A program that calls the API."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.test import Client

from casewell.accounts.models import ApiKey

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.world import Practice

AGENT = "Example (dev@example.com)"
BASE = "http://testserver/v1"


def basic(key: str) -> str:
    """The header that gives a key, as most clients write it."""
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


@dataclass
class Program:
    """A client of the API with its key."""

    key: str
    http: Client

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON body of the answer; None where there is none."""
        answer = self.send(method, path, body, **headers)
        return answer.status_code, json.loads(answer.content) if answer.content else None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """The whole answer."""
        named = {"Authorization": basic(self.key), "User-Agent": AGENT} | {
            name.replace("_", "-"): text for name, text in headers.items()
        }
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        answer: Any = self.http.generic(
            method, f"/v1{path}", sent, content_type="application/json", headers=named
        )
        return cast("HttpResponse", answer)

    def get(self, path: str, **headers: str) -> Any:
        """The body of a read that must succeed."""
        status, body = self.call("GET", path, **headers)
        assert status == 200, (status, body)
        return body

    def post(self, path: str, body: Any = None) -> Any:
        """The body of what was created."""
        status, made = self.call("POST", path, body)
        assert status in (200, 201, 204), (status, made)
        return made

    def patch(self, path: str, body: Any) -> Any:
        """The body of what was changed."""
        status, made = self.call("PATCH", path, body)
        assert status == 200, (status, made)
        return made


def program_of(practice: Practice) -> Program:
    """A program with a key of the practice's member."""
    _, key = ApiKey.issue(practice.member)
    return Program(key, Client())
