"""The API described by OpenAPI 3.1, made of its declarations: routes, rows, bodies, filters."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import msgspec

from casewell.api.etags import encoded
from casewell.api.openapi.answers import ERRORS, HEADERS
from casewell.api.openapi.examples import as_called_at
from casewell.api.openapi.names import path_of, words_of
from casewell.api.openapi.operations import operation_of
from casewell.api.openapi.schemas import schemas
from casewell.api.routes import table

ABOUT = """\
What was written for the public Cliniko API runs here with its base address and its key changed.
What Casewell adds is named as an addition; nothing of the contract is missing for it.

**Keys** are made on "My info" and sent by HTTP Basic as the user's name, with an empty password.
A key may do what its user may. Every call names its program in `User-Agent`.

**Ids** are text of digits; numbers are accepted too. **Times** are UTC, `2026-01-31T04:05:06Z`,
and come in with any offset. **Lists** are pages of at most 100: follow `links.next` until there is
none. Unknown parameters and properties are ignored.

**Archived, cancelled and deleted** records are hidden from lists and single reads, unless a filter
such as `q[]=archived_at:*` asks for them.

**A POST that is sent again** with the same `Idempotency-Key` is done once and answered as at first.
**A change over another's** is refused by 412 where `If-Match` names the `ETag` that was read.
"""


def document(base: str) -> dict[str, Any]:
    """The whole description for clients that reach the API at `base`."""
    known: dict[str, Any] = msgspec.json.decode(document_at(base))
    return known


@cache
def _rest() -> str:
    """All of the document after its servers."""
    told = encoded(
        {
            "info": {"title": "Casewell API", "version": "1", "description": ABOUT},
            "security": [{"key": []}],
            "tags": _tags(),
            "paths": _paths(),
            "components": {
                "schemas": schemas(),
                "responses": ERRORS,
                "headers": HEADERS,
                "securitySchemes": {
                    "key": {
                        "type": "http",
                        "scheme": "basic",
                        "description": "The key as the user's name; the password is empty.",
                    }
                },
            },
        }
    )
    return told.decode()


def document_at(base: str) -> bytes:
    """The document as JSON, by the address that the client used."""
    head = encoded({"openapi": "3.1.0", "servers": [{"url": base}]})
    return head[:-1] + b"," + as_called_at(base, _rest())[1:].encode()


def _tags() -> list[dict[str, str]]:
    return [
        {"name": one.name, "description": f"{words_of(one.name).capitalize()}."}
        for one in table().resources
    ]


def _paths() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for route in table().routes:
        paths.setdefault(path_of(route), {})[route.method.lower()] = operation_of(route)
    return copy.deepcopy(paths)
