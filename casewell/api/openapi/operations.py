"""One operation of the API as OpenAPI has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.api.openapi.answers import JSON, answers_of
from casewell.api.openapi.examples import example_of
from casewell.api.openapi.names import item_of, operation_id, summary_of
from casewell.api.openapi.parameters import parameters_of
from casewell.api.openapi.schemas import body_name, ref
from casewell.api.routes import table
from casewell.api.writing import Writable

if TYPE_CHECKING:
    from casewell.api.routes import Route

MADE = "$response.body#/id"


def operation_of(route: Route) -> dict[str, Any]:
    """The operation object of a route."""
    told: dict[str, Any] = {
        "operationId": operation_id(route),
        "summary": summary_of(route),
        "tags": [route.resource.name],
        "parameters": parameters_of(route),
        "responses": answers_of(route),
    }
    if route.deprecated:
        told["deprecated"] = True
    body = _body_of(route)
    if body:
        required = route.does == "create"
        told["requestBody"] = {"content": {JSON: {"schema": ref(body)}}, "required": required}
    _show_example(told, route)
    if route.does == "create":
        told["responses"]["201"]["links"] = _of_item(route, MADE) | _of_belongings(route)
    if route.listing and not route.listing.within and route.resource.has_items:
        first = f"$response.body#/{route.resource.name}/0/id"
        told["responses"]["200"]["links"] = _of_item(route, first)
    return told


def _show_example(told: dict[str, Any], route: Route) -> None:
    """Put what was sent and answered once beside the schemas."""
    call = example_of(route)
    if call is None:
        return
    told["responses"][str(call["status"])]["content"][JSON]["example"] = call["answer"]
    if call["body"]:
        told["requestBody"]["content"][JSON]["example"] = call["body"]


def _body_of(route: Route) -> str:
    """The name of the schema of what is sent; empty where nothing is."""
    if route.takes:
        return body_name(route.takes)
    if not isinstance(route.resource, Writable) or route.does not in ("create", "update"):
        return ""
    return body_name(route.resource.body, creating=route.does == "create")


def _of_item(route: Route, key: str) -> dict[str, Any]:
    """What can be done with the record whose id is there in the answer."""
    own = f"{route.resource.name}/*"
    return {
        operation_id(one): {"operationId": operation_id(one), "parameters": {"id": key}}
        for one in table().routes
        if one.resource is route.resource and one.pattern.startswith(own)
    }


def _of_belongings(route: Route) -> dict[str, Any]:
    """Creating what names the new record by its id."""
    named = f"{item_of(route.resource)}_id"
    return {
        operation_id(one): {
            "operationId": operation_id(one),
            "requestBody": {named: MADE},
        }
        for one in table().routes
        if one.does == "create"
        and isinstance(one.resource, Writable)
        and named in one.resource.body.types()
    }
