"""A reminder that somebody sends by hand, from the panel of a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.views.decorators.http import require_POST

from casewell.reminders.reminding import NotReminded, remind_now
from casewell.web.views.bookings import back_from, booking_of, shown, visit_to_change

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


@require_POST
def send(request: PracticeRequest, pk: int) -> HttpResponse:
    visit = visit_to_change(request, pk)
    try:
        to = remind_now(visit.pk, by=request.actor)
    except NotReminded as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal))
    messages.success(request, f"A reminder is on its way to {' and '.join(to)}.")
    return back_from(request, pk)
