"""The reference to read, at `/docs/api`: drawn from the description and from examples that ran."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from casewell.api.calls import PREFIX
from casewell.api.openapi import ABOUT, document
from casewell.api.openapi.answers import ERRORS
from casewell.api.openapi.examples import as_called_at, text
from casewell.api.openapi.names import path_of, resource_called, summary_of, words_of
from casewell.api.openapi.schemas import PLACE, body_name, row_name
from casewell.api.routes import table
from casewell.api.writing import Writable

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.api.resource import Resource

KEPT_SECONDS = 300
WORDS = {"boolean": "true or false", "integer": "whole number", "object": "object"}


@dataclass(frozen=True)
class Property:
    """A field or a property: its name, what it is, and what else is to say of it."""

    name: str
    kind: str
    notes: str = ""


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def home(request: HttpRequest) -> HttpResponse:
    """What holds for all resources, and the list of them."""
    about = MarkdownIt("commonmark", {"html": False}).render(ABOUT)
    drawn = mark_safe(about)  # noqa: S308 - our own words, whose markup is text
    told = [(status, one["description"]) for status, one in ERRORS.items()]
    return render(request, "api/home.html", {"about": drawn, "errors": told, **_around(request)})


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def of_resource(request: HttpRequest, resource: str) -> HttpResponse:
    """One resource: operations, fields, properties, filters, examples. Raises Http404."""
    one = resource_called(resource)
    if one is None:
        raise Http404
    context = {
        "name": one.name,
        "title": words_of(one.name).capitalize(),
        "operations": [r for r in operations() if r["resource"] == one.name],
        "fields": fields_of(one),
        "properties": properties_of(one),
        "filters": [(n, k.called, k.operators) for n, k in sorted(one.filters.items())],
        "examples": examples_at(request.build_absolute_uri(PREFIX)).get(one.name, []),
    }
    return render(request, "api/resource.html", context | _around(request))


def _around(request: HttpRequest) -> dict[str, Any]:
    names = [one.name for one in table().resources]
    return {
        "resources": [(name, words_of(name).capitalize()) for name in names],
        "base": request.build_absolute_uri(PREFIX),
    }


@cache
def operations() -> list[dict[str, Any]]:
    """Each operation: verb, path, what it does, whether there is a newer way."""
    return [
        {
            "resource": route.resource.name,
            "verb": route.method,
            "path": path_of(route),
            "does": summary_of(route),
            "older": route.deprecated,
        }
        for route in table().routes
    ]


def examples_at(base: str) -> dict[str, list[dict[str, Any]]]:
    """Calls with their answers, by resource, as if they had been sent to that address.

    `tests/api/test_reference.py` has made them.
    """
    known: dict[str, Any] = json.loads(as_called_at(base, text()))
    return {name: [_as_text(one) for one in calls] for name, calls in known.items()}


def _as_text(call: dict[str, Any]) -> dict[str, Any]:
    texts = {part: json.dumps(call[part], indent=2) for part in ("body", "answer") if call[part]}
    return call | texts


def fields_of(resource: Resource) -> list[tuple[str, list[Property]]]:
    """The fields of a record, by its kind where there are several."""
    several = len(resource.row_types) > 1
    return [
        (
            words_of(row_name(row)) if several else "",
            _properties(_schemas()[row_name(row)], resource.additions),
        )
        for row in resource.row_types
    ]


def properties_of(resource: Resource) -> list[Property]:
    """What may be sent."""
    if not isinstance(resource, Writable):
        return []
    schema = _schemas()[body_name(resource.body, creating=True)]
    return _properties(schema, resource.additions, required=schema.get("required", ()))


def _properties(schema: Any, additions: frozenset[str], required: Any = ()) -> list[Property]:
    return [
        Property(
            name,
            kind_in_words(kind),
            ", ".join(["required"] * (name in required) + ["an addition"] * (name in additions)),
        )
        for name, kind in schema["properties"].items()
    ]


@cache
def _schemas() -> dict[str, Any]:
    known: dict[str, Any] = document("")["components"]["schemas"]
    return known


def kind_in_words(schema: dict[str, Any]) -> str:
    """A schema as people read it.

    >>> kind_in_words({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]})
    'date, or null'
    >>> kind_in_words({"type": "array", "items": {"enum": [1, 2]}})
    'list of 1, 2'
    """
    if "$ref" in schema:
        return _named(schema["$ref"].removeprefix(PLACE))
    if "anyOf" in schema:
        kinds = list(dict.fromkeys(kind_in_words(one) for one in schema["anyOf"]))
        null = ", or null" if "null" in kinds else ""
        return " or ".join(kind for kind in kinds if kind != "null") + null
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind_in_words(schema.get('items', {}))}"
    return _plain(schema)


def _named(name: str) -> str:
    """A nested object, with what is in it."""
    inside = _schemas()[name].get("properties", {})
    if name in ("Link", "SelfLink"):
        return "link"
    return f"object: {', '.join(inside)}"


def _plain(schema: dict[str, Any]) -> str:
    kind = schema.get("format") or WORDS.get(schema.get("type", ""), schema.get("type", "anything"))
    if schema.get("pattern") == "^[0-9]+$":
        kind = "id"
    longest = schema.get("maxLength")
    return f"{kind}, at most {longest} characters" if longest else str(kind)
