"""The contract of the public Cliniko API as data (`contract.json`), and how to compare with it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from casewell.api.filters import Day as DayFilter
from casewell.api.filters import Flag, Holds, Kind, Number, Text
from casewell.api.filters import Moment as MomentFilter
from casewell.api.routes import table
from casewell.api.writing import Writable

FOLDER = Path(__file__).parent
FILTER_KINDS: dict[str, type[Kind]] = {
    "int64": Number,
    "integer": Number,
    "date-time": MomentFilter,
    "date": DayFilter,
    "string": Text,
    "boolean": Flag,
    "array": Holds,
}
# What a JSON value of each of the contract's types is.
JSON_TYPES: dict[str, Any] = {
    "boolean": bool,
    "string": str,
    "string(ipv4)": str,
    "uri-string": str,
    "datetime": str,
    "date": str,
    "decimal-string": str,
    "id-string(int64)": str,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "link": dict,
    "links": dict,
}
SHAPES = {
    "datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "id-string(int64)": re.compile(r"\d{11,16}"),
    "decimal-string": re.compile(r"-?\d+\.\d+"),
    "uri-string": re.compile(r"https?://\S+"),
}


@cache
def contract() -> dict[str, Any]:
    """The resources of the contract by name."""
    known: dict[str, Any] = json.loads((FOLDER / "contract.json").read_text())
    return known


def built() -> list[str]:
    """The contract's resources that the API has."""
    return [one.name for one in table().resources if one.name in contract()]


def listed() -> list[str]:
    """Those of them that are records in lists; the others are single objects."""
    return [name for name in built() if resource(name).lists]


def resource(name: str) -> Any:
    return next(one for one in table().resources if one.name == name)


def facts(name: str) -> dict[str, Any]:
    found: dict[str, Any] = contract()[name]
    return found


def fields_of(name: str, variant: str = "") -> dict[str, Any]:
    """The contract's fields that have not been taken out of it since; those of one variant."""
    known = {n: f for n, f in facts(name)["fields"].items() if not f.get("removed")}
    return {
        n: f for n, f in known.items() if not variant or variant in f.get("variants", [variant])
    }


def same_address(template: str, path: str) -> bool:
    """Whether a link's address is the contract's, whatever ids are called in it."""
    template = template.replace("{kind}", path.split("/")[1])
    return re.sub(r"\{\w+\}", "{id}", template) == re.sub(r"\{\w+\}", "{id}", unquote(path))


def pattern_of(path: str) -> str:
    """A contract's path as the table of routes has it."""
    return re.sub(r"\{\w+\}", "*", path.strip("/"))


def wrong_type(value: Any, field: dict[str, Any]) -> str:
    """What is wrong with a value, by the contract's type; empty where nothing is."""
    kind = field["type"]
    if value is None:
        # The contract calls no link nullable, and leaves unset ones open.
        return "" if field["nullable"] or kind == "link" else "is null"
    if kind.startswith("array"):
        return "" if isinstance(value, list) else "is no array"
    if not isinstance(value, JSON_TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        return f"is no {kind}"
    if kind in SHAPES and not SHAPES[kind].fullmatch(value):
        return f"is not written as {kind}"
    allowed = field.get("enum")
    return "" if not allowed or value in allowed else f"is none of {allowed}"


def permitted(name: str) -> dict[str, Any]:
    """What may be sent, where the resource can be written at all."""
    found: dict[str, Any] = facts(name)["permitted"] if can_write(name) else {}
    return found


def can_write(name: str) -> bool:
    return isinstance(resource(name), Writable)
