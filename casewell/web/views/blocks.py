"""Time that is not for patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone

from casewell.appointments.forms import BlockForm
from casewell.lib.errors import RuleViolation
from casewell.web.clashes import unseen
from casewell.web.requests import moment_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Booking
    from casewell.web.requests import PracticeRequest


def new(request: PracticeRequest) -> HttpResponse:
    """Time that is not for patients; POST blocks it."""
    start = moment_in(request.GET.get("start", "")) or timezone.now().replace(minute=0)
    given = {"date": start.date(), "time": start.strftime("%H:%M"), "minutes": 60}
    form = BlockForm(request.POST or None, initial=given | request.GET.dict())
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        block = form.block(request.account)
        context["clashes"] = block.clashing()
        context["refusal"] = unseen(request, context["clashes"]) or _refusal_of(request, block)
        if not context["refusal"]:
            return redirect("booking", request.account.slug, block.pk)
    status = 422 if form.is_bound else 200
    return render(request, "bookings/new_block.html", context, status=status)


def _refusal_of(request: PracticeRequest, block: Booking) -> str:
    """Block that time; why not, where the practice's rules refuse it."""
    try:
        block.block(by=request.actor)
    except RuleViolation as refusal:
        return str(refusal)
    return ""
