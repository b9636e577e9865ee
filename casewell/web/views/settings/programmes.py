"""Settings: the funders' programmes of the practice, and those that come with Casewell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from casewell.audit.archiving import archive, restore
from casewell.cases.duty_forms import duty_rows
from casewell.cases.models import Programme, shipped_programmes
from casewell.cases.programme_forms import ProgrammeForm
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

SECTION = "settings-programmes"


def programmes(request: PracticeRequest) -> HttpResponse:
    """Own programmes, or the retired ones; below, those that can be adopted."""
    rows = request.account.programmes.annotate(cases_made=Count("cases"))
    found = list(rows.order_by("name", "-version", "id"))
    retired = request.GET.get("archived") == "yes"
    current = {one.code for one in found if one.archived_at is None}
    context = {
        "archived": retired,
        "new_route": "settings-programme-new",
        "own": [one for one in found if (one.archived_at is not None) == retired],
        "current": current,
        "shipped": [] if retired else _shipped(request, current),
    }
    return page_of_settings(request, "settings/programmes.html", SECTION, context)


def _shipped(request: PracticeRequest, known: set[str]) -> list[Programme]:
    """Those that the practice has not adopted, of its own country first."""
    here = request.account.country_code
    drafts = [
        Programme.draft(request.account, code) for code in shipped_programmes() if code not in known
    ]
    return sorted(drafts, key=lambda one: one.country_code not in ("", here))


def new(request: PracticeRequest) -> HttpResponse:
    return _form(request, Programme(account=request.account))


def edit(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.programmes.all()
    held = rows.select_for_update(no_key=True) if request.method == "POST" else rows
    one = get_object_or_404(held, pk=pk)
    if one.archived_at is not None and request.method == "POST":
        messages.error(request, "This version is not in use any more: edit the current one.")
        return redirect(SECTION, request.account.slug)
    return _form(request, one)


def _form(request: PracticeRequest, one: Programme) -> HttpResponse:
    posted = request.POST or None
    form, rows = ProgrammeForm(posted, instance=one), duty_rows(one, posted)
    if posted and form.is_valid() and rows.is_valid():
        saved = form.store(rows.as_rules(), by=request.actor)
        kept = " Cases made before keep the former version." if saved.version > 1 else ""
        messages.success(request, f"“{saved}” is saved.{kept}")
        return redirect(SECTION, request.account.slug)
    context = {"form": form, "rows": rows, "programme": one}
    status = 422 if form.is_bound else 200
    return page_of_settings(request, "settings/programme.html", SECTION, context, status)


@require_POST
def adopt(request: PracticeRequest) -> HttpResponse:
    """Copy a shipped programme, by its `code`, into the practice's own."""
    try:
        own = Programme.adopt(request.account, request.POST.get("code", ""), by=request.actor)
    except KeyError:
        messages.error(request, "No such programme comes with Casewell.")
        return redirect(SECTION, request.account.slug)
    messages.success(request, f"“{own}” is the practice's own now: look its rules over.")
    return redirect("settings-programme", request.account.slug, own.pk)


@require_POST
def retire(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.programmes, pk=pk)
    archive(one, by=request.actor)
    messages.success(request, f"“{one}” is retired; its cases keep it.")
    return redirect(SECTION, request.account.slug)


@require_POST
def bring_back(request: PracticeRequest, pk: int) -> HttpResponse:
    """Let a retired programme be chosen again, where no other version of it can be."""
    Programme.hold(request.account)
    one = get_object_or_404(request.account.programmes.select_for_update(no_key=True), pk=pk)
    newer = request.account.programmes.current().filter(code=one.code).exclude(pk=pk)
    if newer.exists():
        messages.error(request, f"Another version of “{one}” is in use.")
    elif one.archived_at is not None:
        restore(one, by=request.actor)
        messages.success(request, f"“{one}” can be chosen again.")
    return redirect(SECTION, request.account.slug)
