"""Schemas of what is answered and of what may be sent, from the types of rows and bodies."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from casewell.api.openapi.names import camel, item_of
from casewell.api.routes import table
from casewell.api.writing import Writable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.api.bodies import Body
    from casewell.api.resource import Resource

PLACE = "#/components/schemas/"
TEXT: dict[str, Any] = {"type": "string"}


def ref(name: str) -> dict[str, str]:
    """A schema by its name."""
    return {"$ref": PLACE + name}


@cache
def _named_rows() -> dict[Any, str]:
    """Rows by what one record is called, where a resource has one kind of them."""
    alone = [(one.row_types[0], one) for one in table().resources if len(one.row_types) == 1]
    return {row: camel(item_of(one)) for row, one in reversed(alone)}


def row_name(row: Any) -> str:
    """What the schema of a row is called."""
    return _named_rows().get(row) or str(row.__name__.removesuffix("Row"))


def record_of(resource: Resource) -> dict[str, Any]:
    """The schema of one of its records."""
    kinds: list[dict[str, Any]] = [ref(row_name(row)) for row in resource.row_types]
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def page_name(resource: Resource) -> str:
    return f"{camel(resource.name)}Page"


@cache
def _named_bodies() -> dict[type[Body], str]:
    written = [one for one in table().resources if isinstance(one, Writable)]
    return {one.body: camel(item_of(one)) for one in reversed(written)}


def body_name(body: type[Body], *, creating: bool = False) -> str:
    """What the schema of a body is called, with or without what is required."""
    name = _named_bodies().get(body)
    if name is None:
        return body.__name__
    return f"New{name}" if creating else f"{name}Changes"


@cache
def schemas() -> dict[str, Any]:
    """All schemas by name."""
    bodies = list(_bodies())
    rows: list[Any] = [row for one in table().resources for row in one.row_types]
    rows = list(dict.fromkeys(rows + [route.gives for route in table().routes if route.gives]))
    kinds = [kind for body in bodies for kind in body.types().values()]
    told, known = msgspec.json.schema_components([*rows, *kinds], ref_template=PLACE + "{name}")
    found: dict[str, Any] = _renamed(known, {row.__name__: row_name(row) for row in rows})
    of_kinds = iter(_renamed(list(told[len(rows) :]), {}))
    for body in bodies:
        properties = {name: next(of_kinds) for name in body.types()}
        bare = {"type": "object", "properties": properties}
        found[body_name(body)] = bare
        needs = {"required": list(body.required)} if body.required else {}
        found[body_name(body, creating=True)] = bare | needs
    for one in table().resources:
        if one.lists:
            found[page_name(one)] = _page(one)
    return found | ERRORS


def _bodies() -> Iterator[type[Body]]:
    """Each type of body once."""
    of_resources = [r.body for r in table().resources if isinstance(r, Writable)]
    of_routes = [route.takes for route in table().routes if route.takes]
    yield from dict.fromkeys([*of_resources, *of_routes])


def _renamed(schema: Any, names: dict[str, str]) -> Any:
    """The schema, with rows by their names in answers and without the types' titles."""
    if isinstance(schema, list):
        return [_renamed(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        names.get(key, key): _renamed(value, names)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }


def _page(resource: Resource) -> dict[str, Any]:
    rows = {"type": "array", "items": record_of(resource), "maxItems": 100}
    return {
        "type": "object",
        "description": f"A page of {item_of(resource).replace('_', ' ')} records.",
        "properties": {
            resource.name: rows,
            "total_entries": {"type": "integer", "minimum": 0, "description": "On all pages."},
            "links": ref("PageLinks"),
        },
        "required": [resource.name, "total_entries", "links"],
    }


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


ADDRESS = {"type": "string", "format": "uri"}
ERRORS: dict[str, Any] = {
    "PageLinks": _object(("self",), self=ADDRESS, next=ADDRESS, previous=ADDRESS),
    "Message": _object(("message",), message=TEXT),
    "NotFound": _object(("status", "error"), status={"const": "404"}, error={"const": "Not Found"}),
    "Invalid": _object(
        ("message",),
        message=TEXT,
        errors={
            "type": "object",
            "description": "By property, or by relation where it names a record; a sentence each.",
            "additionalProperties": TEXT,
        },
        code=TEXT | {"description": "An addition: which rule of the practice stands against it."},
        choices={
            "type": "array",
            "items": {"type": "string", "enum": ["replace_last", "raise_limit", "successor"]},
            "description": "An addition: the ways on, one of which the request may name.",
        },
    ),
}
