"""Calls that ran, with their answers: `examples.json`, made by `tests/api/test_reference.py`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewell.api.calls import PREFIX
from casewell.api.openapi.names import path_of

if TYPE_CHECKING:
    from casewell.api.routes import Route

FILE = Path(__file__).parents[1] / "examples.json"
RAN_AT = "http://testserver"  # where they were called


@cache
def text() -> str:
    """All of them, as JSON by resource."""
    return FILE.read_text(encoding="utf-8")


def as_called_at(base: str, told: str) -> str:
    """The text, as if what it tells of had been called at the API of that address."""
    return told.replace(RAN_AT, base.removesuffix(PREFIX))


def example_of(route: Route) -> dict[str, Any] | None:
    """The call of an operation that is shown by example."""
    return _by_operation().get((route.method, path_of(route)))


@cache
def _by_operation() -> dict[tuple[str, str], dict[str, Any]]:
    known: dict[str, list[dict[str, Any]]] = json.loads(text())
    calls = [call for of_one in known.values() for call in of_one]
    return {(call["method"], call["path"].partition("?")[0]): call for call in calls}
