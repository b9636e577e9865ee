"""Classes: a new one, its places, and who waits for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewell.appointments.class_forms import ClassForm, PlacesForm
from casewell.appointments.models import Booking
from casewell.appointments.models.places import set_places
from casewell.lib.errors import RuleViolation
from casewell.web.places_told import telling_who_came_in
from casewell.web.requests import key_in, moment_in
from casewell.web.views.bookings import back_from, booking_of, shown
from casewell.web.with_nobody import book_with_nobody

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest

STEPS = {"up": -1, "down": 1}


def new(request: PracticeRequest) -> HttpResponse:
    """A class, in which nobody needs to be yet; POST books it."""
    form = ClassForm(request.POST or None, initial=_proposed(request))
    return book_with_nobody(request, form, "bookings/new_class.html")


def _proposed(request: PracticeRequest) -> dict[str, Any]:
    """The time that was clicked, and the type that was chosen, where it is for several."""
    start = moment_in(request.GET.get("start", "")) or timezone.now().replace(minute=0)
    given: dict[str, Any] = {"date": start.date(), "time": start.strftime("%H:%M")}
    given |= {name: value for name, value in request.GET.items() if value}
    kinds = request.account.appointment_types.filter(max_attendees__gt=1)
    if not kinds.filter(pk=key_in(request.GET.get("appointment_type"))).exists():
        given.pop("appointment_type", None)
    return given


def _class(request: PracticeRequest, pk: int) -> Booking:
    rows = request.account.bookings.filter(kind=Booking.Kind.GROUP)
    return get_object_or_404(rows.select_related("account", "business", "practitioner"), pk=pk)


@require_POST
def places(request: PracticeRequest, pk: int) -> HttpResponse:
    """Give the class another number of places."""
    one, form = _class(request, pk), PlacesForm(request.POST)
    if not form.is_valid():
        return shown(request, booking_of(request, pk), places_form=form)
    try:
        with telling_who_came_in(request, one):
            set_places(one, form.cleaned_data["places"], by=request.actor)
    except RuleViolation as refusal:
        said = str(refusal)
        return shown(request, booking_of(request, pk), refusal=said, places_form=form)
    return back_from(request, pk)


@require_POST
def waiting(request: PracticeRequest, pk: int) -> HttpResponse:
    """Move somebody up or down the waiting list, or take them off it."""
    one = _class(request, pk)
    one.hold()
    key = next((key_in(request.POST[name]) for name in ("off", *STEPS) if name in request.POST), 0)
    rows = one.candidates.waiting().select_related("patient", "booking")
    candidate = get_object_or_404(rows, pk=key)
    if "off" in request.POST:
        candidate.leave(by=request.actor)
    else:
        step = next(step for name, step in STEPS.items() if name in request.POST)
        candidate.move(step, by=request.actor)
    return back_from(request, pk)
