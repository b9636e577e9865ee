"""A member's page about themselves in a practice, with their keys to the API; and revoking keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from casewell.accounts.models import ApiKey
from casewell.audit.api_key_form import ApiKeyForm
from casewell.audit.api_keys import TooManyApiKeys, revoke

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

MOST_ENDED = 20


def my_info(request: PracticeRequest) -> HttpResponse:
    """Who you are here, and your keys; a POST makes one, and its answer alone shows it.

    Nothing keeps the key: a reloaded or repeated POST leads to the page without it.
    """
    form = ApiKeyForm(request.POST or None, instance=ApiKey(membership=request.member))
    if form.is_valid():
        try:
            key, text = form.issue(by=request.actor)
        except TooManyApiKeys as refused:
            form.add_error(None, str(refused))
        else:
            fresh = ApiKeyForm(instance=ApiKey(membership=request.member))
            return _page(request, fresh, made=key, text=text)
    return _page(request, form, status=422 if form.is_bound else 200)


def _page(
    request: PracticeRequest, form: ApiKeyForm, status: int = 200, **shown: Any
) -> HttpResponse:
    keys = request.member.api_keys.select_related("membership__account").order_by("-id")
    context = {
        "form": form,
        "practitioner": request.account.practitioners.filter(user=request.user).first(),
        "keys": list(keys.unended()),
        "ended": list(keys.ended()[:MOST_ENDED]),
        "most_ended": MOST_ENDED,
    }
    return render(request, "api_keys/my_info.html", context | shown, status=status)


def own_revocation(request: PracticeRequest, pk: int) -> HttpResponse:
    """Revoke a key of your own; a GET asks first."""
    return _revocation(request, request.member.api_keys.filter(pk=pk), "my-info")


def any_revocation(request: PracticeRequest, pk: int) -> HttpResponse:
    """Revoke any key of the practice; a GET asks first."""
    keys = ApiKey.objects.filter(membership__account=request.account, pk=pk)
    return _revocation(request, keys, "settings-users")


def _revocation(request: PracticeRequest, found: Any, back: str) -> HttpResponse:
    key = get_object_or_404(found.select_related("membership__user", "membership__account"))
    if request.method != "POST":
        return render(request, "api_keys/revocation.html", {"key": key, "back": back})
    revoke(key, by=request.actor)
    messages.success(request, f"The key {key.called} is revoked: it opens nothing any more.")
    return redirect(back, request.account.slug)
