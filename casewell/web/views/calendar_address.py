"""A practitioner's calendar for other programs: its private address, and what is read there."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from casewell.accounts.models import Account
from casewell.appointments.feed import entries_of
from casewell.appointments.models import CalendarFeed
from casewell.lib.ical import written
from casewell.tenancy.scope import account_scope
from casewell.web.news import is_known

if TYPE_CHECKING:
    from django.http import HttpRequest

    from casewell.accounts.models import Practitioner
    from casewell.web.requests import PracticeRequest

REFRESH = timedelta(minutes=15)
MOST_READINGS, WINDOW = 20, 600  # in so many seconds
TOO_OFTEN = 429


@require_safe
def feed(request: HttpRequest, account: int, token: str) -> HttpResponse:
    """The calendar that a token opens; 404 for every other, and where somebody has left."""
    found = Account.objects.filter(pk=account).first()
    if found is None:
        raise Http404
    with account_scope(found):
        rows = CalendarFeed.objects.opened_by(token).select_related("account", "practitioner")
        opened = get_object_or_404(rows)
        if _is_read_too_often(opened):
            return HttpResponse(status=TOO_OFTEN, headers={"Retry-After": str(WINDOW)})
        opened.note_fetch()
        return _read(request, opened)


def _is_read_too_often(opened: CalendarFeed) -> bool:
    """Count a reading. Only those of a feed that is there: who guesses fills no table."""
    key = f"calendar-feed:{opened.pk}:{int(timezone.now().timestamp()) // WINDOW}"
    cache.add(key, 0, WINDOW)
    return int(cache.incr(key)) > MOST_READINGS


def _read(request: HttpRequest, opened: CalendarFeed) -> HttpResponse:
    slug, name = opened.account.slug, f"{opened.practitioner} · {opened.account}"
    entries = list(
        entries_of(
            opened, lambda key: request.build_absolute_uri(reverse("booking", args=[slug, key]))
        )
    )
    text = written(name, entries, refresh=REFRESH)
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    latest = max([opened.updated_at, *(entry.revised_at for entry in entries)])
    headers = {
        "ETag": tag,
        "Last-Modified": http_date(latest.timestamp()),
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
    # By the tag alone: what is cancelled leaves no later moment behind.
    if is_known(request, tag):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


def own(request: PracticeRequest) -> HttpResponse:
    """Your own calendar's address; 404 for who is no practitioner here."""
    staff = request.account.practitioners.active()
    return _address(request, get_object_or_404(staff.filter(user=request.user)[:1]), "my-info")


def of_practitioner(request: PracticeRequest, pk: int) -> HttpResponse:
    """Any practitioner's, for who keeps the settings."""
    one = get_object_or_404(request.account.practitioners, pk=pk)
    return _address(request, one, "settings-practitioner")


def _address(request: PracticeRequest, one: Practitioner, back: str) -> HttpResponse:
    """The page; a POST makes, changes or closes the address, which is shown once."""
    live = request.account.calendar_feeds.live().filter(practitioner=one).first()
    if request.method != "POST":
        return _page(request, one, live, back)
    act, names = request.POST.get("act", ""), request.POST.get("names") == "yes"
    if act == "make":
        made, text = CalendarFeed.make(one, request.user, with_names=names, by=request.actor)
        path = reverse("calendar-feed", args=[request.account.pk, text])
        return _page(request, one, made, back, shown=request.build_absolute_uri(path))
    if live and act == "names":
        live.show_names(names, by=request.actor)
        messages.success(request, f"The calendar is {'with' if names else 'without'} names.")
    elif live and act == "revoke":
        live.revoke(by=request.actor)
        messages.success(request, "The address is closed: nothing is read there any more.")
    return redirect(request.path)


def _page(
    request: PracticeRequest,
    one: Practitioner,
    live: CalendarFeed | None,
    back: str,
    shown: str = "",
) -> HttpResponse:
    keys = [] if back == "my-info" else [one.pk]
    context: dict[str, Any] = {
        "practitioner": one,
        "feed": live,
        "shown": shown,
        "back_url": reverse(back, args=[request.account.slug, *keys]),
    }
    return render(request, "calendar_address/address.html", context)
