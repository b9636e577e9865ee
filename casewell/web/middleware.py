"""What every request passes: health, one address, session times, declared routes, refusals."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils.http import url_has_allowed_host_and_scheme

from casewell.accounts.sessions import has_ended
from casewell.lib.browsers import in_words
from casewell.lib.errors import RuleViolation
from casewell.web.merged import WentElsewhere, lead_on

GetResponse = Callable[[HttpRequest], HttpResponse]

# These answer under every name of the host; pages need one, because passkeys belong to a name.
ANY_ADDRESS = ("/health", "/v1/", "/static/")
NOTED_EVERY_SECONDS = 60


class Health:
    """`GET /health`: 200 while the database answers, else 503; without a session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/health":
            return self.get_response(request)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return JsonResponse({"status": "ok"})


class OneAddress:
    """Lead pages from 127.0.0.1 to localhost, where sessions and passkeys belong."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name, _, port = request.get_host().rpartition(":")
        if (name or port) == "127.0.0.1" and not request.path.startswith(ANY_ADDRESS):
            host = f"localhost:{port}" if name else "localhost"
            address = f"{request.scheme}://{host}{request.get_full_path()}"
            # 307 keeps the method and the body.
            return HttpResponseRedirect(address, status=307)
        return self.get_response(request)


class SessionTimes:
    """End a session after a time without use, and after a time whatever its use."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            if "started" not in request.session:
                begun = {"started": now, "seen": now, "browser": _browser(request)}
                request.session.update(begun)
            if has_ended(request.session):
                logout(request)
            elif now - request.session["seen"] >= NOTED_EVERY_SECONDS and not _is_background(
                request
            ):
                request.session["seen"] = now
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _browser(request: HttpRequest) -> str:
    return in_words(request.META.get("HTTP_USER_AGENT", ""))


def _is_background(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "background", False)
    except Resolver404:
        return False


class DeclaredRoutesOnly:
    """Refuse a view whose route does not say who may take it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if not hasattr(view, "permission"):
            raise ImproperlyConfigured(f"no permission is declared for {request.path_info}")


def came_from(request: HttpRequest) -> str:
    """The page of ours that led here, as its address; empty where the browser does not say."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if ours else ""


class ShowRefusals:
    """Tell the user, once and in one place, why the practice's rules refused a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, WentElsewhere):
            return lead_on(request, error)
        if isinstance(error, RuleViolation):
            told = {"reason": str(error), "back": came_from(request)}
            return render(request, "errors/refusal.html", told, status=error.status)
        return None
