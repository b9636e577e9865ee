"""Routes that say who may take them, and the door through which practice pages are entered.

A view without a declaration is refused by `DeclaredRoutesOnly`, and breaks the build.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import DataError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone

from casewell.audit.actors import Actor
from casewell.lib.formats import written_as
from casewell.lib.reruns import by_and_by
from casewell.tenancy.scope import account_scope
from casewell.web.launching import let_launches_pass
from casewell.web.submissions import only_once, only_once_outside

if TYPE_CHECKING:
    from casewell.accounts.models import Membership
    from casewell.accounts.roles import Permission
    from casewell.web.requests import PracticeRequest

PracticeView = Callable[..., HttpResponse]
PUBLIC = "public"
SIGNED_IN = "signed in"
OPERATOR = "operator"


def public(pattern: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """A route for everybody, signed in or not."""
    return _route(pattern, _declared(view, PUBLIC), name)


def signed_in(pattern: str, view: Callable[..., HttpResponseBase], *, name: str) -> URLPattern:
    """A route for every user, outside the practices."""

    def guarded(request: HttpRequest, **keys: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **keys)

    return _route(pattern, _declared(functools.wraps(view)(guarded), SIGNED_IN), name)


def operator(pattern: str, view: Callable[..., HttpResponse], *, name: str) -> URLPattern:
    """A route for those who run the installation; to others it is as if there were none.

    It is inside no practice: it reads and writes nothing of theirs.
    """

    def guarded(request: HttpRequest, **keys: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(_page_of(request))
        if not request.user.is_operator:
            raise Http404
        with transaction.atomic():
            response = only_once_outside(request, lambda: view(request, **keys))
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

    return _route(pattern, _declared(functools.wraps(view)(guarded), OPERATOR), name)


def page(
    pattern: str, view: PracticeView, *, may: Permission, name: str, background: bool = False
) -> URLPattern:
    """A route below `/<practice>/`, for members whose role has the permission `may`.

    `background` marks what a page asks by itself, which is no sign of the user's presence.
    """
    entered = _declared(_entered(view, may), may)
    entered.background = background
    return _route(pattern, entered, name)


def _route(pattern: str, view: Any, name: str) -> URLPattern:
    return cast("URLPattern", path(pattern, view, name=name))


def _declared(view: Callable[..., HttpResponseBase], permission: str) -> Any:
    @functools.wraps(view)
    def declared(request: HttpRequest, **keys: Any) -> HttpResponseBase:
        return view(request, **keys)

    declared.permission = permission  # type: ignore[attr-defined]
    return declared


def _entered(view: PracticeView, may: Permission) -> Callable[..., HttpResponse]:
    """`view` inside the scope of the practice in the path, for those who may."""

    @functools.wraps(view)
    def entered(request: HttpRequest, practice: str, **keys: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return cast("HttpResponse", redirect_to_login(_page_of(request)))
        inside = _let_in(request, practice)
        if not inside.member.may(may):
            raise PermissionDenied(may.label)
        try:
            return by_and_by(lambda: _answered(inside, view, keys))
        except DataError as error:
            if not _holds_nul(inside):
                raise
            raise BadRequest("A text with the character NUL, which nobody types.") from error

    return entered


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: for a form that was sent, the page it is on."""
    sender = urlsplit(request.headers.get("Referer", ""))
    if request.method == "GET" or sender.netloc != request.get_host():
        return request.get_full_path()
    return urlunsplit(("", "", sender.path, sender.query, ""))


def _let_in(request: HttpRequest, practice: str) -> PracticeRequest:
    """The request as a member's; 404 for a practice that is not the user's, or is not at all."""
    known: list[Membership] = getattr(request.user, "known_memberships", [])
    inside = cast("PracticeRequest", request)
    for member in known:
        if member.account.slug == practice:
            inside.member, inside.account = member, member.account
            inside.actor = Actor(member=member)
            inside.memberships = known  # type: ignore[attr-defined]
            return inside
    raise Http404


def _answered(request: PracticeRequest, view: PracticeView, keys: dict[str, Any]) -> HttpResponse:
    """The view's answer, rendered inside the scope; nothing a refused request wrote is kept."""
    account = request.account
    here = timezone.override(account.zone)
    with account_scope(account), here, written_as(account.formats):
        response = only_once(request, lambda: view(request, **keys))
        let_launches_pass(request, response)
        if response.status_code >= 400:
            transaction.set_rollback(True)
        return response


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a text that was sent has what the database cannot keep."""
    texts = (
        text for sent in (request.GET, request.POST) for _, kept in sent.lists() for text in kept
    )
    return any("\0" in str(text) for text in texts)
