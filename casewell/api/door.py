"""The door to the API: its own short way through the server, and the shape of all its answers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, transaction
from django.http import FileResponse, HttpResponse
from django.utils import timezone

from casewell.api.calls import PREFIX, Answer, Call, base_address
from casewell.api.credentials import holder_of
from casewell.api.errors import BadRequest, NotThere, Refusal
from casewell.api.etags import encoded, matches, tag_of
from casewell.api.idempotency import once
from casewell.api.openapi import document_at
from casewell.api.refused import refusal_of
from casewell.api.routes import Route, table
from casewell.api.uploads import brings_file, taken_in
from casewell.lib.formats import written_as
from casewell.lib.reruns import by_and_by
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

DESCRIPTION = "/openapi.json"
LARGEST_BODY = 5 * 1024 * 1024
JSON = "application/json; charset=utf-8"
CALM = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
log = logging.getLogger(__name__)


class Api:
    """Answers everything below `/v1/`, before sessions, pages and their headers come in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if brings_file(request):
            return taken_in(request)
        if not request.path_info.startswith(PREFIX + "/"):
            return self.get_response(request)
        return written(answered(request), request)


def answered(request: HttpRequest) -> Answer:
    """What the call is answered with, whatever becomes of it."""
    try:
        return _called(request)
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body, refusal.headers)
    except (OperationalError, InterfaceError):
        log.exception("The database does not answer")
        body = {"message": "The database does not answer just now. Nothing was changed."}
        return Answer(503, body, {"Retry-After": "5"})
    except Exception:
        log.exception("The API failed")
        got_request_exception.send(sender=Api, request=request)
        return Answer(500, {"message": "Casewell failed to answer. Nothing was changed."})


def _called(request: HttpRequest) -> Answer:
    headers = {name.lower(): text for name, text in request.headers.items()}
    host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
    base = base_address(request.scheme or "http", host, headers, settings.ALLOWED_HOSTS)
    if request.path_info == PREFIX + DESCRIPTION and request.method in ("GET", "HEAD"):
        return Answer(200, document_at(base), {"Cache-Control": "public, max-age=300"})
    holder = holder_of(headers.get("authorization", ""))
    if not headers.get("user-agent", "").strip():
        raise BadRequest("Requires a user agent")
    path = request.path_info.removeprefix(PREFIX)
    route, ids = _route(request.method or "", path)
    call = Call(
        account=holder.account,
        member=holder.member,
        actor=holder.actor,
        method=route.method,
        path=path.rstrip("/"),
        ids=ids,
        base=base,
        query=request.META.get("QUERY_STRING", ""),
        raw_body=_body(request),
        content_type=request.META.get("CONTENT_TYPE", ""),
        headers=headers,
    )
    if route.method == "GET":
        with account_scope(call.account):
            return route.act(call)
    return by_and_by(lambda: _changed(call, route))


def _route(method: str, path: str) -> tuple[Route, tuple[int, ...]]:
    """The route of a call. Raises NotThere, or 405 with what else there is."""
    found = table().find(path)
    if found is None:
        raise NotThere
    routes, ids = found
    route = routes.get("GET" if method == "HEAD" else method)
    if route is None:
        allowed = ", ".join(sorted(routes))
        raise Refusal(405, {"message": f"Not here: {allowed}."}, {"Allow": allowed})
    return route, ids


def _body(request: HttpRequest) -> bytes:
    """The body, of which too much is not read. Raises Refusal."""
    if request.method in ("GET", "HEAD"):
        return b""
    told = request.META.get("CONTENT_LENGTH")
    is_chunked = "HTTP_TRANSFER_ENCODING" in request.META
    try:
        length = int(told or 0) if told or not is_chunked else LARGEST_BODY + 1
        body = request.META["wsgi.input"].read(length) if 0 < length <= LARGEST_BODY + 1 else b""
    except (ValueError, OSError) as error:
        raise BadRequest("The body cannot be read.") from error
    if max(length if told else 0, len(body)) > LARGEST_BODY:
        raise Refusal(413, {"message": f"At most {LARGEST_BODY // 1024**2} MB in one body."})
    return bytes(body)


def _changed(call: Call, route: Route) -> Answer:
    """The answer to what changes something; all of it holds, or nothing."""
    account = call.account
    with account_scope(account), timezone.override(account.zone), written_as(account.formats):
        try:
            with transaction.atomic():
                return once(call, lambda: route.act(call))
        except Exception as error:
            told = refusal_of(error)
            if told is None:
                raise
            raise told from error


def written(answer: Answer, request: HttpRequest) -> HttpResponse:
    """The answer as HTTP has it."""
    if isinstance(answer.content, FileResponse):
        return cast("HttpResponse", answer.content)  # which it is in all that servers ask of it
    raw = answer.content if isinstance(answer.content, bytes) else None
    body = raw if raw is not None else b"" if answer.content is None else encoded(answer.content)
    headers: dict[str, Any] = CALM | answer.headers
    if answer.status == 200 and request.method in ("GET", "HEAD"):
        headers.setdefault("ETag", tag_of(body))
        if matches(request.headers.get("If-None-Match", "-"), headers["ETag"]):
            return HttpResponse(status=304, headers=headers)
    response = HttpResponse(
        body, status=answer.status, content_type=headers.pop("Content-Type", JSON), headers=headers
    )
    if answer.status == 204:
        del response.headers["Content-Type"]
    return response
