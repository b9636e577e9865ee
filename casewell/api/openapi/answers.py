"""What operations answer: success by what they do, and the errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.api.openapi.names import path_of
from casewell.api.openapi.schemas import page_name, record_of, ref, row_name

if TYPE_CHECKING:
    from casewell.api.routes import Route

JSON = "application/json"
ROWS = {"read": 200, "update": 200, "create": 201, "unarchive": 200, "show": 200}
EMPTY = 204


def _header(description: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"} | schema}


HEADERS: dict[str, Any] = {
    "ETag": _header("Which state was read, for `If-Match` and `If-None-Match`."),
    "Location": _header("Where the new record is.", format="uri"),
    "Allow": _header("The verbs of this path."),
    "WWW-Authenticate": _header("How to come in."),
    "Retry-After": _header("After how many seconds to try again.", pattern="^[0-9]+$"),
    "X-RateLimit-Reset": _header(
        "When calls are answered again, in seconds since 1970.", pattern="^[0-9]+$"
    ),
}


def _error(description: str, schema: str, *headers: str) -> dict[str, Any]:
    told: dict[str, Any] = {"description": description, "content": _json(ref(schema))}
    if headers:
        told["headers"] = named(*headers)
    return told


def _json(schema: Any) -> dict[str, Any]:
    return {JSON: {"schema": schema}}


def named(*headers: str) -> dict[str, Any]:
    """Those headers, where they are described."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


ERRORS: dict[str, Any] = {
    "400": _error("What was asked cannot be understood; the message says why.", "Message"),
    "401": _error("No key, or none that holds.", "Message", "WWW-Authenticate"),
    "403": _error("The key's user may not.", "Message"),
    "404": _error("It was never there, is hidden, or is another practice's.", "NotFound"),
    "405": _error("The path has no such verb.", "Message", "Allow"),
    "409": _error("The first call with this Idempotency-Key is still being answered.", "Message"),
    "412": _error("Somebody has changed it since.", "Message"),
    "413": _error("The body is larger than 5 MB.", "Message"),
    "422": _error("Properties are refused, each by name.", "Invalid"),
    "429": _error("Too many calls in this minute.", "Message", "Retry-After", "X-RateLimit-Reset"),
    "503": _error("The database does not answer; nothing was changed.", "Message", "Retry-After"),
}


def answers_of(route: Route) -> dict[str, Any]:
    """All answers of an operation, by status."""
    statuses = ["400", "401", "403", "405", "429", "503"]
    if "{" in path_of(route):
        statuses.append("404")
    if route.method != "GET":
        statuses += ["413", "422"]
    if route.method == "POST":
        statuses.append("409")
    if is_guarded(route):
        statuses.append("412")
    told = {status: {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}
    good = _good(route)
    if "200" in good and route.method == "GET":
        told = {"304": {"description": "As it was when its `ETag` was read."}} | told
    return good | told


def is_guarded(route: Route) -> bool:
    """Whether it changes a record that was read before."""
    return route.method != "GET" and route.does != "create" and "{" in path_of(route)


def _good(route: Route) -> dict[str, Any]:
    status = ROWS.get(route.does, 200 if route.listing else route.status)
    if route.does in ("archive", "delete") or status == EMPTY:
        return {"204": {"description": "Done."}}
    told: dict[str, Any] = {"description": "Done.", "content": _content(route)}
    if status == 201:
        told["headers"] = named("Location")
    elif route.method == "GET":
        told["headers"] = named("ETag")
    return {str(status): told}


def _content(route: Route) -> dict[str, Any]:
    if route.media:
        return {media: {"schema": {}} for media in route.media}
    if route.listing:
        return _json(ref(page_name(route.resource)))
    return _json(ref(row_name(route.gives)) if route.gives else record_of(route.resource))
