"""A patient is opened in a connected app: recorded, then sent on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from casewell.web.merged import patient_at
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest

SEE_OTHER = 303


@require_POST
def launch(request: PracticeRequest, pk: int, app: int) -> HttpResponse:
    """Write down who opens whom where, and lead the new tab there. Raises NotOpened.

    Each click is a launch of its own, so the form carries no one-time token: a signed launch that
    is sent a second time would be refused by the app.
    """
    account = request.account
    patient = patient_at(request, pk)
    button = get_object_or_404(account.connected_apps, pk=app)
    opened = button.launch(
        patient,
        case=_named(account.patient_cases, request.POST.get("case")),
        booking=_named(account.bookings, request.POST.get("booking")),
        by=request.actor,
    )
    return HttpResponse(
        status=SEE_OTHER,
        headers={
            "Location": opened.location(),
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        },
    )


def _named(rows: Any, key: str | None) -> Any:
    """The record from which the app is opened, where there is one. Raises Http404."""
    return get_object_or_404(rows, pk=key_in(key)) if key else None


def choose(request: PracticeRequest, pk: int) -> HttpResponse:
    """The apps in which this patient can be opened, on a page of its own.

    A page that was opened before an app was added does not let its launch pass; it leads here.
    """
    one = patient_at(request, pk)
    context = {"patient": one} | {
        name: _named(rows, request.GET.get(name))
        for name, rows in (
            ("case", request.account.patient_cases),
            ("booking", request.account.bookings),
        )
    }
    return render(request, "patients/open_in.html", context)
