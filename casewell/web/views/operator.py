"""The operator's pages: which apps practices may open, and every decision about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST, require_safe

from casewell.connections.app_forms import ApprovedAppForm
from casewell.connections.models import ApprovedApp, Decider
from casewell.connections.uses import practices_with
from casewell.web.paging import page_of
from casewell.web.requests import key_in
from casewell.web.trying import tried_address

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from django.http import HttpRequest, HttpResponse

    from casewell.accounts.models import User

LONGEST_WORDS = 200
MOST_DECISIONS = 100
LONGEST_REASON = 2000


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The shortest address leads to the only list that there is."""
    return redirect("operator-apps")


def apps(request: HttpRequest) -> HttpResponse:
    """The apps, those that wait first; by state, and by words. Ticked proposals are declined."""
    return _decline_ticked(request) if request.method == "POST" else _list(request)


def _decline_ticked(request: HttpRequest) -> HttpResponse:
    """Each has a decision of its own; what somebody else decided meanwhile stays."""
    ticked = {key for key in map(key_in, request.POST.getlist("tick")) if key}
    why = _reason(request)
    if not ticked or not why:
        wrong = "Say why: it is kept with each decision." if ticked else "Tick what to decline."
        return _list(request, problem=wrong, ticked=ticked)
    waiting = ApprovedApp.objects.proposed().filter(pk__in=ticked)
    declined = list(waiting.order_by("pk").select_for_update(of=("self",)))
    for one in declined:
        one.suspend(by=_by(request), why=why)
    others = len(ticked) - len(declined)
    told = f"{len(declined)} proposal{pluralize(len(declined))} declined: nothing changes."
    told += f" {others} had been decided already." if others else ""
    messages.success(request, told)
    return redirect(request.get_full_path())


def _list(
    request: HttpRequest, problem: str = "", ticked: AbstractSet[int] = frozenset()
) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS]
    found = ApprovedApp.objects.found(words) if words else ApprovedApp.objects.all()
    states = ApprovedApp.State
    counted = found.aggregate(**{state.value: Count("pk", Q(state=state)) for state in states})
    state = request.GET.get("state", "")
    rows = found.filter(state=state) if state in states.values else found
    shown = counted.get(state, sum(counted.values()))
    ordered = rows.proposed_first().select_related("decided_by").prefetch_related("patterns")
    page = page_of(request, ordered, count=shown)
    context = {
        "page_obj": page,
        "has_proposals": any(app.state == states.PROPOSED for app in page),
        "tabs": [("", "All", sum(counted.values()))]
        + [(state.value, state.label, counted[state.value]) for state in states],
        "state": state if state in states.values else "",
        "q": words,
        "allowances": settings.APP_ALLOWANCES,
        "problem": problem,
        "ticked": ticked,
        "reason": _reason(request),
        **tried_address(request),
    }
    return render(request, "operator/apps.html", context, status=422 if problem else 200)


def app(request: HttpRequest, pk: int) -> HttpResponse:
    """One app, with what was decided about it; `?count=yes` counts the practices that have it."""
    return _page_of(request, get_object_or_404(ApprovedApp, pk=pk))


def new(request: HttpRequest) -> HttpResponse:
    """Add one: as a proposal, or approved at once."""
    form = ApprovedAppForm(request.POST or None)
    if form.is_valid():
        try:
            with transaction.atomic():
                made = form.save(by=_by(request))
                if "approve" in request.POST:
                    made.approve(by=_by(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{made} is {made.state}.")
            return redirect("operator-app", made.pk)
    return _form(request, form)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    held = ApprovedApp.objects.select_for_update(of=("self",))
    rows = held if request.method == "POST" else ApprovedApp.objects.all()
    form = ApprovedAppForm(request.POST or None, instance=get_object_or_404(rows, pk=pk))
    if form.is_valid():
        try:
            saved = form.save(by=_by(request))
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{saved} is saved.")
            return redirect("operator-app", pk)
    return _form(request, form)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(ApprovedApp, pk=pk)
    try:
        one.approve(by=_by(request), why=_reason(request))
    except ValidationError as refused:
        return _page_of(request, get_object_or_404(ApprovedApp, pk=pk), refused.messages)
    messages.success(request, f"{one} is approved: practices can add it now.")
    return redirect("operator-app", pk)


@require_POST
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend what is approved, or decline what is proposed; either with a reason."""
    one = get_object_or_404(ApprovedApp, pk=pk)
    if not _reason(request):
        return _page_of(request, one, ["Say why: it is kept with the decision."])
    one.suspend(by=_by(request), why=_reason(request))
    meaning = "no practice can open it any more" if one.state == "suspended" else "nothing changes"
    messages.success(request, f"{one} is {one.state}: {meaning}.")
    return redirect("operator-app", pk)


def _page_of(
    request: HttpRequest, one: ApprovedApp, problems: list[str] | None = None
) -> HttpResponse:
    context = {
        "app": one,
        "patterns": one.patterns.all(),
        "decisions": one.decisions.select_related("user")[:MOST_DECISIONS],
        "most": MOST_DECISIONS,
        "practices": practices_with(one) if request.GET.get("count") == "yes" else None,
        "problems": problems,
        "note": _reason(request),  # of an approval that was refused
    }
    return render(request, "operator/app.html", context, status=422 if problems else 200)


def _form(request: HttpRequest, form: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "app": None if form.instance._state.adding else form.instance}
    if context["app"]:
        context["app"].refresh_from_db()  # a refused form has written into it
    return render(request, "operator/form.html", context, status=status)


def _by(request: HttpRequest) -> Decider:
    return Decider(cast("User", request.user))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("why", "").replace("\0", "").strip()[:LONGEST_REASON]
