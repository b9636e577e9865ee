"""Settings: the buttons to other software, and each time that one was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render

from casewell.accounts.models import Account
from casewell.accounts.roles import Permission
from casewell.connections.button_rows import ButtonRows
from casewell.connections.models import AppLaunch
from casewell.web.launch_list import LaunchDays, as_csv
from casewell.web.paging import page_of
from casewell.web.views.help import contact_link
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.connections.models import ConnectedApp
    from casewell.web.requests import PracticeRequest

SECTION = "settings-apps"
REMOVED_SHOWN = 50


def apps(request: PracticeRequest) -> HttpResponse:
    """All buttons as rows of one form. `add` asks for one more row, and saves nothing."""
    if request.method != "POST":
        return _page(request, ButtonRows(request.account))
    # Those who save at once do so one after the other.
    Account.objects.select_for_update(no_key=True).get(pk=request.account.pk)
    rows = ButtonRows(request.account, request.POST)
    if "add" in request.POST:
        is_listed = request.POST["add"] == "listed"
        rows.unsent.append(rows.new_row(request.POST.get("start", "") if is_listed else ""))
        return _page(request, rows, 422)  # not done yet: the form's one-time token stays good
    if not rows.is_valid():
        return _page(request, rows, 422)
    rows.save(by=request.actor)
    messages.success(request, "The connected apps are saved.")
    return redirect(SECTION, request.account.slug)


def row(request: PracticeRequest) -> HttpResponse:
    """One more row, for the page that is there; `apps` adds it where there are no scripts."""
    rows = ButtonRows(request.account)
    context = {"row": rows.new_row(request.GET.get("start", "")), "is_added": True}
    return render(request, "settings/_app_row.html", context)


def _page(request: PracticeRequest, rows: ButtonRows, status: int = 200) -> HttpResponse:
    removed = request.account.connected_apps.filter(archived_at__isnull=False)
    used = removed.filter(Exists(AppLaunch.objects.filter(app=OuterRef("pk"))))
    context = {
        "rows": rows,
        "wrong": sum(bool(form.errors) for form in rows.sent),
        "removed": used.order_by("-archived_at")[:REMOVED_SHOWN],
        "contact": settings.HELP_CONTACT,
        "contact_link": contact_link(settings.HELP_CONTACT),
    }
    return page_of_settings(request, "settings/apps.html", SECTION, context, status)


def launches(request: PracticeRequest, pk: int) -> HttpResponse:
    """For whom one button was used, when and by whom, latest first."""
    app = _app(request, pk)
    days = LaunchDays(request.GET, request.account)
    context: dict[str, Any] = {
        "app": app,
        "form": days,
        "page_obj": page_of(request, days.launches(app)),
        "is_filtered": any(request.GET.get(name) for name in days.fields),
    }
    return page_of_settings(request, "settings/app_launches.html", SECTION, context)


def launches_csv(request: PracticeRequest, pk: int) -> HttpResponse:
    """The same as CSV, for those who may both see it and take lists out."""
    app = _app(request, pk)
    if not request.member.may(Permission.EDIT_SETTINGS):
        raise PermissionDenied(Permission.EDIT_SETTINGS.label)
    return as_csv(request, app)


def _app(request: PracticeRequest, pk: int) -> ConnectedApp:
    """A button, be it removed or not."""
    found: ConnectedApp = get_object_or_404(request.account.connected_apps, pk=pk)
    return found
