"""Time that is not for patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone

from casewell.appointments.forms import BlockForm
from casewell.lib.errors import RuleViolation
from casewell.web.clashes import unseen
from casewell.web.repeat_dates import Repeats, Wanted
from casewell.web.requests import moment_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Clash
    from casewell.web.requests import PracticeRequest


def new(request: PracticeRequest) -> HttpResponse:
    """Time that is not for patients; POST blocks it."""
    start = moment_in(request.GET.get("start", "")) or timezone.now().replace(minute=0)
    given = {"date": start.date(), "time": start.strftime("%H:%M"), "minutes": 60}
    form = BlockForm(request.POST or None, initial=given | request.GET.dict())
    repeats = Repeats(request)
    context: dict[str, Any] = {"form": form, "repeat_form": repeats.form}
    if form.is_valid() and not repeats.is_refused:
        block = form.block(request.account)
        dates = context["dates"] = repeats.dates(block, None)
        context["clashes"] = dates.lines[0].clashes if dates and dates.lines else block.clashing()
        wanted = Wanted(block, repeats.rule, dates)
        key, context["refusal"] = _blocked(request, wanted, context["clashes"])
        if not context["refusal"]:
            return redirect("booking", request.account.slug, key)
    status = 422 if form.is_bound else 200
    return render(request, "bookings/new_block.html", context, status=status)


def _blocked(request: PracticeRequest, wanted: Wanted, clashes: list[Clash]) -> tuple[int, str]:
    """Block that time: the id of the first block, or why not."""
    refusal = wanted.dates.unseen(request) if wanted.dates else ""
    if refusal := refusal or unseen(request, clashes):
        return 0, refusal
    try:
        return wanted.block(by=request.actor), ""
    except RuleViolation as refused:
        return 0, str(refused)
