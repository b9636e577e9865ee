"""What makes a visit count in its case: link, un-cancel, undo did-not-arrive, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from casewell.appointments.models import Booking
from casewell.appointments.models.classes import reinstate_class
from casewell.appointments.models.joining import put_back
from casewell.appointments.ways_on import Door
from casewell.lib.errors import RuleViolation
from casewell.web.amount_warnings import warn_of_amounts
from casewell.web.case_choices import NONE
from casewell.web.full_case import Stuck, pass_door
from casewell.web.requests import key_in, of_visit, visit_key, way_back
from casewell.web.views.bookings import back_from, booking_of, shown, visit_to_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.web.requests import PracticeRequest


@require_POST
def set_case(request: PracticeRequest, pk: int) -> HttpResponse:
    """Link the visit to the chosen case, or take it out of its case with “no case”."""
    visit, chosen = visit_to_change(request, pk), request.POST.get("case", NONE)
    if chosen == NONE:
        return _taken_out(request, visit)
    cases = request.account.patient_cases.select_related("account", "programme")
    case = get_object_or_404(cases, pk=key_in(chosen))
    door = Door(
        case=case,
        enter=lambda into: visit.link_to(into, by=request.actor) if into else None,
        start=visit.booking.local_start,
        visits=frozenset({visit.pk}),
    )
    return _through(request, pk, door, chosen=chosen)


def _taken_out(request: PracticeRequest, visit: Attendee) -> HttpResponse:
    """The booking, which says what it left and offers to take that back."""
    former = visit.case_id
    visit.unlink(by=request.actor)
    if former is None or way_back(request):
        return back_from(request, visit.booking_id)
    address = reverse("booking", args=[request.account.slug, visit.booking_id])
    return redirect(f"{address}{of_visit(request)}{'&' if of_visit(request) else '?'}left={former}")


@require_POST
def reinstate(request: PracticeRequest, pk: int) -> HttpResponse:
    """Undo a cancellation; of a class, unless the address names a visit, that of the class."""
    one = booking_of(request, pk)
    if one.kind == Booking.Kind.GROUP and not visit_key(request):
        return _plainly(request, pk, lambda: reinstate_class(one, by=request.actor))
    return _acted(request, pk, lambda visit: visit.reinstate(by=request.actor))


@require_POST
def mark(request: PracticeRequest, pk: int) -> HttpResponse:
    """Arrived, did not arrive, or neither."""
    word = request.POST.get("attendance", "")
    return _acted(
        request,
        pk,
        lambda visit: visit.mark(
            arrived=word == "arrived", did_not_arrive=word == "did_not_arrive", by=request.actor
        ),
    )


@require_POST
def restore(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.bookings.select_related("practitioner"), pk=pk)
    if visit_key(request):
        return _acted(request, pk, lambda visit: put_back(visit, by=request.actor))
    if one.kind == Booking.Kind.GROUP or not one.attendees.exists():  # a class, a block
        return _plainly(request, pk, lambda: one.restore(by=request.actor))
    return _acted(request, pk, lambda _: one.restore(by=request.actor))


def _acted(request: PracticeRequest, pk: int, act: Callable[[Attendee], None]) -> HttpResponse:
    """The booking after `act` on its visit, or the ways on where its case refuses that."""
    visit = visit_to_change(request, pk)
    if visit.booking.kind == Booking.Kind.GROUP:
        visit.booking.hold()  # before the visits and cases that a way on may take
    case = visit.case
    if case is None:
        return _plainly(request, pk, lambda: act(visit))

    def enter(into: PatientCase | None) -> None:
        # Else what a refused attempt left in these objects would be stored by the next.
        fresh = visit_to_change(request, pk)
        if into is None:
            fresh.unlink(by=request.actor)
        elif into.pk != fresh.case_id:
            fresh.link_to(into, by=request.actor)
        act(fresh)

    door = Door(
        case=case,
        enter=enter,
        start=visit.booking.local_start,
        visits=frozenset({visit.pk}),
        without="Without the case",
        without_means=f"It leaves “{case}” and counts in no case.",
    )
    return _through(request, pk, door)


def _plainly(request: PracticeRequest, pk: int, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal))
    return back_from(request, pk)


def _through(
    request: PracticeRequest, pk: int, door: Door, chosen: str | None = None
) -> HttpResponse:
    try:
        pass_door(request, door)
    except Stuck as stuck:
        return shown(request, booking_of(request, pk), chosen=chosen, stuck=stuck)
    except RuleViolation as refusal:
        return shown(request, booking_of(request, pk), refusal=str(refusal), chosen=chosen)
    if chosen:
        warn_of_amounts(request, door.visits)
    return back_from(request, pk)
