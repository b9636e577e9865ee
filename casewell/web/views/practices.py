"""The door: which practice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from casewell.accounts.models import Membership


def practices(request: HttpRequest) -> HttpResponse:
    """The user's practices; straight to the calendar where there is only one."""
    members = Membership.objects.filter(user_id=request.user.pk, active=True)
    found = list(members.select_related("account").order_by("account__name"))
    if len(found) == 1:
        return redirect("calendar", found[0].account.slug)
    return render(request, "practices/practices.html", {"memberships": found})
