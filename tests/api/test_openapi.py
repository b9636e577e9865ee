"""The description by OpenAPI: valid, whole, and true of every answer."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from casewell.api.openapi import document
from casewell.api.openapi.names import path_of
from casewell.api.routes import table
from casewell.api.writing import Writable
from tests.api.client import BASE
from tests.api.contract import contract, pattern_of, resource
from tests.api.examples import EXAMPLES

if TYPE_CHECKING:
    from django.test import Client

    from casewell.api.routes import Route
    from tests.api.client import Program
    from tests.world import Practice

ABSENT = 12345678901
BODIES: tuple[Any, ...] = ({}, b"{")  # one without properties, and one that is no JSON
each = pytest.mark.parametrize("name", EXAMPLES)


@cache
def described() -> dict[str, Any]:
    return document(BASE)


def schema_of(route: Route, status: int) -> dict[str, Any] | None:
    """The schema of an operation's answer; None where it has no body. Fails without one."""
    answers = described()["paths"][path_of(route)][route.method.lower()]["responses"]
    told = answers[str(status)]
    if "$ref" in told:
        told = described()["components"]["responses"][str(status)]
    if "content" not in told:
        return None
    found: dict[str, Any] = told["content"]["application/json"]["schema"]
    return found | {"components": described()["components"]}


def problems(route: Route, status: int, answer: Any) -> list[str]:
    schema = schema_of(route, status)
    if schema is None:
        return [] if answer is None else [f"{route.method} {route.pattern}: a body"]
    wrong = OAS31Validator(schema).iter_errors(answer)
    return [f"{route.method} {route.pattern} {e.json_path}: {e.message}" for e in wrong]


def test_the_document_is_valid_and_names_each_operation_once() -> None:
    assert list(OpenAPIV31SpecValidator(described()).iter_errors()) == []


def test_it_is_served_without_a_key_by_the_clients_own_host(
    db: None, client: Client, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["api.example.com"]
    answer = client.get("/v1/openapi.json", headers={"X-Forwarded-Host": "api.example.com"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    told = answer.json()
    assert told["servers"] == [{"url": "http://api.example.com/v1"}]
    assert told["paths"].keys() == described()["paths"].keys()
    assert b"http://api.example.com/v1/patients/" in answer.content  # in examples too
    assert b"testserver" not in answer.content


def test_every_route_is_described_and_nothing_else() -> None:
    ours = {(route.method.lower(), path_of(route)) for route in table().routes}
    told = {(verb, path) for path, verbs in described()["paths"].items() for verb in verbs}
    assert told == ours


def test_what_the_contract_calls_old_is_deprecated() -> None:
    old = {
        (e["method"], pattern_of(e["path"]))
        for one in contract().values()
        for e in one["endpoints"]
        if e.get("deprecated") or e.get("legacy")
    }
    theirs = {
        (e["method"], pattern_of(e["path"])) for v in contract().values() for e in v["endpoints"]
    }
    ours = {(r.method, r.pattern) for r in table().routes if r.deprecated}
    known = {(r.method, r.pattern) for r in table().routes}
    assert ours & theirs == old & known


def test_each_filter_is_told_with_its_operators_and_a_pattern_that_takes_them() -> None:
    for route in table().routes:
        if not route.listing:
            continue
        operation = described()["paths"][path_of(route)]["get"]
        told = [p for p in operation["parameters"] if p["name"] == "q[]"]
        known = route.resource.filters.keys() - route.listing.lacks
        assert bool(told) == bool(known)
        for name in known:
            kind = route.resource.filters[name]
            assert f"`{name}` is {kind.called}" in told[0]["description"]
            operator = kind.operators[-1]
            value = "" if operator in ("?", "!?", "*") else "true" if "tr" in kind.called else "1"
            pattern = told[0]["schema"]["items"]["pattern"]
            assert re.match(pattern, f"{name}:{operator}{value}"), (name, operator)
            assert not re.match(pattern, f"{name}:^1")


def test_what_it_shows_by_example_is_what_it_describes() -> None:
    shown, wrong = set(), []
    for route in table().routes:
        operation = described()["paths"][path_of(route)][route.method.lower()]
        for status in ("200", "201"):
            content = operation["responses"].get(status, {}).get("content", {})
            example = content.get("application/json", {}).get("example")
            if example is not None:
                shown.add(route.resource.name)
                wrong += problems(route, int(status), example)
    assert wrong == []
    assert shown == {one.name for one in table().resources}


@each
def test_what_is_answered_is_what_is_described(
    name: str, program: Program, northside: Practice
) -> None:
    example = EXAMPLES[name]
    own = key = example.make(northside)
    found = []
    for route in table().routes:
        if route.resource.name != name or route.media or route.method == "DELETE":
            continue
        if route.does in ("archive", "cancel"):
            continue
        parent = route.pattern.split("/")[0]
        within = parent != name and "*" in route.pattern
        if within:
            key = EXAMPLES[parent].make(northside) if parent in EXAMPLES else ABSENT
        path = "/" + route.pattern.replace("*", str(key if within else own))
        body = None if route.method == "GET" else example.body(northside)
        if route.does == "update" and example.change:
            body = example.change(northside)
        status, answer = program.call(route.method, path, body)
        assert status < 300 or within, (route.method, path, answer)
        found += problems(route, status, answer)
    assert found == []


@each
def test_refusals_are_what_is_described(name: str, program: Program, northside: Practice) -> None:
    found = []
    for route in table().routes:
        if route.resource.name != name:
            continue
        path = "/" + route.pattern.replace("*", str(ABSENT))
        for sent in BODIES:
            status, answer = program.call(route.method, path, sent)
            assert status < 500
            if not route.media or status != 200:
                found += problems(route, status, answer)
    assert found == []


@each
def test_what_may_be_sent_is_what_is_described(name: str, northside: Practice) -> None:
    if not isinstance(resource(name), Writable):
        return
    example = EXAMPLES[name]
    for route in table().routes:
        if route.resource.name != name or route.does not in ("create", "update"):
            continue
        operation = described()["paths"][path_of(route)][route.method.lower()]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        whole = schema | {"components": described()["components"]}
        is_change = route.does == "update" and example.change
        sent = (
            example.change(northside) if is_change and example.change else example.body(northside)
        )
        assert [e.message for e in OAS31Validator(whole).iter_errors(sent)] == []
