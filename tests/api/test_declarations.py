"""Each declaration against the contract: its fields, links, filters, properties, routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.api.routes import table
from casewell.api.rows import At, To
from tests.api.contract import (
    FILTER_KINDS,
    built,
    can_write,
    facts,
    fields_of,
    pattern_of,
    permitted,
    resource,
    same_address,
)

if TYPE_CHECKING:
    from casewell.api.filters import Kind

each = pytest.mark.parametrize("name", built())
STATUSES = {"list": 200, "read": 200, "update": 200, "create": 201, "unarchive": 200}
EMPTY = 204
# Operations whose domain comes with a later issue; `docs/api/coverage.md` shows them.
LATER: dict[str, str] = {}


@each
def test_its_fields_are_those_of_the_contract_and_the_named_additions(name: str) -> None:
    one = resource(name)
    ours, theirs = set(one.layout.sources), set(fields_of(name))
    assert theirs <= ours
    assert ours - theirs <= one.additions


@each
def test_its_links_lead_where_the_contract_says(name: str) -> None:
    one = resource(name)
    for field, template in facts(name)["links"].items():
        source = one.layout.sources.get(field)
        if isinstance(source, To):
            assert same_address(template, f"/{source.collection}/{{id}}"), field
        if isinstance(source, At):
            assert same_address(template, source.path), (field, source.path)


@each
def test_its_filters_have_the_contracts_names_and_types(name: str) -> None:
    one = resource(name)
    ours: dict[str, Kind] = one.filters
    theirs = {n: FILTER_KINDS[kind] for n, kind in facts(name)["filters"].items()}
    assert theirs.items() <= {n: type(kind) for n, kind in ours.items()}.items()
    assert ours.keys() - theirs.keys() <= one.additions


@each
def test_lists_that_lack_a_filter_are_those_of_the_contract(name: str) -> None:
    known = set(facts(name)["filters"])
    lacking = {
        pattern_of(e["path"]): known - set(e["filters"])
        for e in facts(name)["endpoints"]
        if e.get("paginated") and e.get("filters") and "{" in e["path"]
    }
    for route in table().routes:
        if route.resource.name == name and route.listing and route.pattern in lacking:
            assert route.listing.lacks == lacking[route.pattern], route.pattern


@each
def test_its_properties_are_those_of_the_contract(name: str) -> None:
    if not can_write(name):
        assert not facts(name)["permitted"]
        return
    one = resource(name)
    ours, theirs = set(one.body.types()), set(permitted(name))
    assert theirs <= ours
    assert ours - theirs <= one.additions
    required = {n for n, p in permitted(name).items() if p["required"]}
    assert set(one.body.required) == required


@each
def test_each_operation_of_the_contract_has_its_route(name: str) -> None:
    routes: dict[Any, Any] = {(r.method, r.pattern): r for r in table().routes}
    for endpoint in facts(name)["endpoints"]:
        address = f"{endpoint['method']} {endpoint['path']}"
        if address in LATER:
            continue
        route = routes.get((endpoint["method"], pattern_of(endpoint["path"])))
        assert route is not None, address
        assert STATUSES.get(route.does, route.status) == endpoint["status"], address
