"""Who on the waiting list fits into time that is free, and giving it to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from casewell.appointments.forms import TimeForm
from casewell.appointments.ways_on import Door
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.waiting.fits import who_fits
from casewell.waiting.forms import PlaceForm
from casewell.waiting.models import Place
from casewell.waiting.rooms import free_time, left_by_one, left_lately, time_at
from casewell.web.full_case import Stuck, pass_door
from casewell.web.requests import moment_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from casewell.appointments.models import Attendee, Booking
    from casewell.cases.models import PatientCase
    from casewell.waiting.fits import Fit
    from casewell.waiting.fitting import Room
    from casewell.waiting.models import WaitingEntry
    from casewell.waiting.rooms import FreeTime
    from casewell.web.requests import PracticeRequest


@dataclass(frozen=True)
class Freed:
    """A stretch of free time, with whom and where it is, and who fits."""

    room: Room
    practitioner: str
    business: str
    fits: Sequence[Fit]


def freed_of(request: PracticeRequest, time: FreeTime) -> list[Freed]:
    """The rooms into which somebody fits."""
    found = who_fits(request.account, time.rooms)
    return [
        Freed(room, str(time.staff[room.practitioner]), str(time.businesses[room.business]), fits)
        for room, fits in found.items()
    ]


def freed(request: PracticeRequest) -> HttpResponse:
    """Times to come that were freed since yesterday, by whomever, with who fits."""
    time = free_time(request.account, left_lately(request.account))
    return _shown(request, freed_of(request, time), lately=True)


def left_by_booking(request: PracticeRequest, pk: int) -> HttpResponse:
    """Who fits into the time that a booking has left: cancelled, archived or moved."""
    one = get_object_or_404(request.account.bookings.select_related("account"), pk=pk)
    time = free_time(request.account, left_by_one(one))
    return _shown(request, freed_of(request, time))


def at_a_place(request: PracticeRequest) -> HttpResponse:
    """Who fits into free time at which somebody points, given as the booking panel gives it."""
    start = moment_in(request.GET.get("start", ""))
    sent: Any = request.GET.copy()
    if start is not None:
        sent.update({"date": start.date().isoformat(), "time": start.strftime("%H:%M")})
    sent["minutes"] = "1"
    form = TimeForm(sent)
    if not form.is_valid():
        return _shown(request, [])
    span = form.span()
    time = time_at(request.account, span["business"], span["practitioner"], span["starts_at"])
    return _shown(request, freed_of(request, time))


def _shown(
    request: PracticeRequest,
    found: Sequence[Freed],
    *,
    refusal: str = "",
    stuck: Stuck | None = None,
    lately: bool = False,
) -> HttpResponse:
    context = {
        "freed": found,
        "count": len({fit.entry.pk for one in found for fit in one.fits}),
        "refusal": refusal,
        "full_case": stuck.dialogue if stuck else None,
        "title": "Freed since yesterday" if lately else "Who fits",
        "lately": lately,
    }
    status = 422 if refusal or stuck else 200
    return render(request, "waiting/fits.html", context, status=status)


@require_POST
def give(request: PracticeRequest, pk: int) -> HttpResponse:
    """Move the visit of somebody who waits to a free time, or book them there."""
    one = get_object_or_404(request.account.waiting_entries.with_all(), pk=pk)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise Http404
    chosen = form.cleaned_data
    chosen["practitioner"].account = request.account
    place = Place(chosen["business"], chosen["practitioner"], chosen["starts_at"])
    try:
        visit = _given(request, one, place)
    except Stuck as stuck:
        return _shown(request, [], stuck=stuck)
    except RuleViolation as refusal:
        time = time_at(request.account, place.business, place.practitioner, place.starts_at)
        return _shown(request, freed_of(request, time), refusal=str(refusal))
    messages.success(request, _sentence(one, visit))
    address = reverse("booking", args=[request.account.slug, visit.booking_id])
    return redirect(f"{address}?waited={one.pk}")


def _given(request: PracticeRequest, one: WaitingEntry, place: Place) -> Attendee:
    """The visit; a case that refuses to take it leads to the ways on. Raises as `give` does."""
    if one.visit or one.case is None:
        return one.give(place, by=request.actor)
    made: list[Attendee] = []

    def enter(into: PatientCase | None) -> None:
        made.append(one.give(place, into, by=request.actor))

    door = Door(
        case=one.case,
        enter=enter,
        start=place.starts_at.astimezone(place.business.zone),
        without="Book without a case",
        without_means=f"It counts in no case; “{one.case}” stays as it is.",
    )
    pass_door(request, door)
    return made[-1]


def _sentence(one: WaitingEntry, visit: Attendee) -> str:
    words, start = formats(), visit.booking.local_start
    when = f"{words.weekday(start)}, {words.clock(start)} with {visit.booking.practitioner}"
    return f"{one.patient} {'comes earlier' if one.visit else 'is booked'}: {when}."


def words_of_fits(request: PracticeRequest, one: Booking) -> dict[str, Any] | None:
    """What a move in the calendar says of the time that it freed; None where nobody fits."""
    if not request.account.waiting_entries.waiting().exists():
        return None
    found = who_fits(request.account, free_time(request.account, left_by_one(one)).rooms)
    count = len({fit.entry.pk for fits in found.values() for fit in fits})
    if not count:
        return None
    words = "1 on the waiting list fits" if count == 1 else f"{count} on the waiting list fit"
    address = reverse("booking-fits", args=[request.account.slug, one.pk])
    return {"words": f"{words} into the freed time", "url": address}
