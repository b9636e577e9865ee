"""Time that is not for patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.appointments.forms import BlockForm
from casewell.web.requests import moment_in
from casewell.web.with_nobody import book_with_nobody

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


def new(request: PracticeRequest) -> HttpResponse:
    """Time that is not for patients; POST blocks it."""
    start = moment_in(request.GET.get("start", "")) or timezone.now().replace(minute=0)
    given = {"date": start.date(), "time": start.strftime("%H:%M"), "minutes": 60}
    form = BlockForm(request.POST or None, initial=given | request.GET.dict())
    return book_with_nobody(request, form, "bookings/new_block.html")
