"""The calls that `/docs/api` shows, with their answers: made by calling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.api.openapi.names import path_of, summary_of
from casewell.api.routes import table
from tests.api.examples import EXAMPLES

if TYPE_CHECKING:
    from casewell.api.routes import Route
    from tests.api.client import Program
    from tests.world import Practice

LONGEST_VALUE = 200  # of what is sent: a picture is no example to read


def example_calls(program: Program, practice: Practice) -> dict[str, list[dict[str, Any]]]:
    """By resource, its list and what makes a new one; its own object where it has no list."""
    keys = {name: example.make(practice) for name, example in EXAMPLES.items()}
    return {
        one.name: [
            _called(route, program, practice, keys.get(one.name)) for route in _shown(one.name)
        ]
        for one in table().resources
    }


def _shown(name: str) -> list[Route]:
    """The operations of a resource that are shown by example."""
    routes = [route for route in table().routes if route.resource.name == name]
    plain = [r for r in routes if r.pattern == name and (r.listing or r.does == "create")]
    return plain or routes[:1]


def _called(route: Route, program: Program, practice: Practice, key: int | None) -> dict[str, Any]:
    sent = EXAMPLES[route.resource.name].body(practice) if route.method == "POST" else None
    body = {n: v for n, v in (sent or {}).items() if len(str(v)) <= LONGEST_VALUE}
    path = path_of(route)
    if route.listing and "id" in route.resource.filters:
        path += f"?q[]=id:={key}"
    example = EXAMPLES.get(route.resource.name)
    real = example.shown(practice) if example and example.shown else path
    path = path.partition("?")[0] + "".join(real.partition("?")[1:])
    status, answer = program.call(route.method, real, body or None)
    does = summary_of(route)
    return {
        "does": does[:1].lower() + does[1:],
        "method": route.method,
        "path": path,
        "body": body,
        "status": status,
        "answer": answer,
    }


def shape_of(value: Any) -> Any:
    """What kinds of values there are where: ids, times and words differ from run to run."""
    if isinstance(value, dict):
        return {key: shape_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape_of(one) for one in value]
    return type(value).__name__
