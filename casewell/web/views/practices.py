"""The door: which practice."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.shortcuts import redirect, render

from casewell.accounts.models import Membership

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from casewell.accounts.models import User


def practices(request: HttpRequest) -> HttpResponse:
    """The user's practices; straight to the calendar where there is only one."""
    members = Membership.objects.filter(user=cast("User", request.user), active=True)
    found = list(members.select_related("account").order_by("account__name"))
    if len(found) == 1:
        return redirect("calendar", found[0].account.slug)
    return render(request, "practices/practices.html", {"memberships": found})
