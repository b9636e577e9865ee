"""What is keyed into a payment terminal: one screen for a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from casewell.claims.prefill import RELATED
from casewell.web.terminal_sheets import sheets_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


def of_visit(request: PracticeRequest, pk: int) -> HttpResponse:
    """Both sheets of a visit, in keying order."""
    visits = request.account.attendees.select_related(*RELATED)
    visit = get_object_or_404(visits, pk=pk)
    found = sheets_of(visit)
    context = {"visit": visit, "found": found, "today": request.account.today()}
    return render(request, "claims/terminal.html", context)


def of_case(request: PracticeRequest, pk: int) -> HttpResponse:
    """The sheets of the case's latest visit that has begun; the case itself where there is none."""
    case = get_object_or_404(request.account.patient_cases, pk=pk)
    came = case.attendees.filter(
        booking__starts_at__lte=timezone.now(),
        cancelled_at=None,
        archived_at=None,
        did_not_arrive=False,
    )
    latest = came.order_by("-booking__starts_at", "-id").values_list("pk", flat=True).first()
    if latest is None:
        messages.warning(request, "No visit of this case has begun: there is nothing to key yet.")
        return redirect("case", request.account.slug, pk)
    return redirect("visit-terminal", request.account.slug, latest)
