"""One-time protection of page forms: a double click does once, and both end at the same page.

Tokens of a practice's forms are rows of the practice; those of pages outside are in the cache,
whose table is the database's, so that they come and go with the same transactions.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.shortcuts import redirect

from casewell.audit.models import Submission

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from casewell.web.requests import PracticeRequest

FIELD = "once"
LONGEST = 64
LONGEST_LOCATION = 2000  # as the column has it
TOKEN = re.compile(r"[\w-]+", re.ASCII)
KEPT_SECONDS = 24 * 3600  # a token outside the practices


def new_token() -> str:
    """A token for the hidden field of one showing of a form."""
    return secrets.token_urlsafe(16)


def only_once(request: PracticeRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """`act`'s answer or, for a form that was sent already, the answer to that.

    The token's row is written first: a second sender waits at its unique key until the first is
    done. A refused form is rolled back with its row, so it can be mended and sent again.
    """
    token = _token_of(request)
    if not token:
        return act()
    token = f"{request.user.pk}:{token}"[:LONGEST]
    [submission] = Submission.objects.bulk_create(
        [Submission(account=request.account, token=token)], ignore_conflicts=True
    )
    earlier = Submission.objects.get(token=token)
    if earlier.pk != submission.pk:
        return redirect(earlier.location)
    response = act()
    if response.status_code < 400:
        led_to = response.headers.get("Location", request.path)
        # No page of ours has so long an address: who sends that twice ends at the practice's start.
        fits = len(led_to) <= LONGEST_LOCATION
        earlier.location = led_to if fits else f"/{request.account.slug}/"
        earlier.save(update_fields=["location", "updated_at"])
    return response


def only_once_outside(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The same for pages outside the practices; inside a transaction."""
    token = _token_of(request)
    if not token:
        return act()
    key = f"once:{request.user.pk}:{token}"
    # A second sender waits here until the first one's transaction has ended.
    if not cache.add(key, request.path, KEPT_SECONDS):
        return redirect(cache.get(key) or request.path)
    response = act()
    if response.status_code < 400:
        cache.set(key, response.headers.get("Location", request.path), KEPT_SECONDS)
    return response


def _token_of(request: HttpRequest) -> str:
    """The token of a form that was sent; empty without one."""
    token = request.POST.get(FIELD, "")[:LONGEST] if request.method == "POST" else ""
    return token if TOKEN.fullmatch(token) else ""
