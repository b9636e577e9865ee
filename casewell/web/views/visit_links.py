"""What a patient opens by the link of a reminder, signed in nowhere.

Opening a page changes nothing, for mail scanners open links too; a button does. A page says the
practice, the day and the time, and nothing else of anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.core import ratelimit
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casewell.lib.formats import written_as
from casewell.reminders import answers, links
from casewell.tenancy.scope import account_scope
from casewell.web.submissions import only_once_outside

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from casewell.reminders.links import VisitAt


@never_cache
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """When the visit is, and the button that confirms it."""
    return _page(request, token, "visit-link", "visit_links/visit.html", answers.confirm)


@never_cache
def reminders(request: HttpRequest, token: str) -> HttpResponse:
    """The button that ends reminders."""
    return _page(request, token, "visit-reminders", "visit_links/reminders.html", answers.stop)


def _page(
    request: HttpRequest, token: str, route: str, template: str, act: Callable[[VisitAt], None]
) -> HttpResponse:
    if limited := ratelimit.consume_or_429(request, action="visit", limit_get=True):
        return cast("HttpResponse", limited)
    link = links.read(token)
    if link is None:
        raise Http404
    with account_scope(link.account_id):
        if request.method == "POST":
            return only_once_outside(request, lambda: _acted(link, token, route, act))
        return _shown(request, link, template)


def _acted(link: VisitAt, token: str, route: str, act: Callable[[VisitAt], None]) -> HttpResponse:
    act(link)
    return redirect(route, token)


def _shown(request: HttpRequest, link: VisitAt, template: str) -> HttpResponse:
    found = answers.visit_of(link)
    if found is None:
        raise Http404
    with timezone.override(found.account.zone), written_as(found.account.formats):
        context = {
            "account": found.account,
            "start": found.booking.local_start,
            "place": found.booking.business,
            "standing": answers.standing_of(found, link).value,
            "no_reminders": found.patient.reminder_type == found.patient.ReminderType.NONE,
        }
        return render(request, template, context)
