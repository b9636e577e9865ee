"""The page of a class: its roster, who waits for a place, and what can be done with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from casewell.accounts.roles import Permission
from casewell.appointments.change_forms import CancelForm, NoteForm, TypeForm
from casewell.appointments.class_forms import PlacesForm
from casewell.appointments.clock_times import fold_of
from casewell.appointments.forms import TimeForm
from casewell.web.meanwhile import changes_of
from casewell.web.series import reach_in, series_of
from casewell.web.views.calendar_tiles import position_text
from casewell.web.views.moves import carried
from casewell.web.visit_invoices import with_invoices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BaseForm
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee, Booking, Clash, ClassCandidate
    from casewell.web.requests import PracticeRequest


@dataclass(frozen=True)
class Roster:
    """Who is in a class, who has left it, and who waits, each in the order of the page."""

    inside: list[Attendee]
    left: list[Attendee]
    waiting: list[ClassCandidate]
    places: int

    @property
    def taken(self) -> int:
        return len(self.inside)

    @property
    def free(self) -> int:
        return max(self.places - self.taken, 0)

    @property
    def width(self) -> int:
        """Of the meter, in places."""
        return max(self.places, self.taken)

    @property
    def state(self) -> str:
        """A word that the meter's style knows."""
        return "open" if self.free > 1 else "low" if self.free else "full"


def roster_of(one: Booking, *, with_money: bool) -> Roster:
    """In three statements."""
    rows = one.attendees.with_position().with_first_visit().with_cases()
    visits = rows.select_related("patient").order_by("id")
    if with_money:
        visits = with_invoices(visits)
    found = list(visits)
    for visit in found:
        visit.booking = one
        visit.place = position_text(visit)  # type: ignore[attr-defined]
    waiting = one.candidates.waiting().in_order().select_related("patient", "case")
    return Roster(
        inside=[visit for visit in found if visit.state not in ("archived", "cancelled")],
        left=[visit for visit in found if visit.state in ("archived", "cancelled")],
        waiting=list(waiting),
        places=one.max_attendees,
    )


def shown_class(
    request: PracticeRequest,
    one: Booking,
    *,
    refusal: str = "",
    clashes: Iterable[Clash] = (),
    **sent: BaseForm,
) -> HttpResponse:
    """The page; `sent` are forms, by their names in the template, that were refused."""
    with_money = request.member.may(Permission.SEE_INVOICES)
    context: dict[str, Any] = {
        "booking": one,
        "of_visit": "",
        "roster": roster_of(one, with_money=with_money),
        "sees_money": with_money,
        "time_form": TimeForm(initial=time_of(one)),
        "type_form": TypeForm(initial={"appointment_type": one.appointment_type_id}),
        "places_form": PlacesForm(initial={"places": one.max_attendees}),
        "note_form": NoteForm(instance=one),
        "cancel_form": CancelForm(),
        "refusal": refusal,
        "clashes": clashes,
        "carried": json.dumps(carried(one, None)),
        "seen_changes": changes_of(one, None).count(),
        "series": series_of(one),
        "reach": reach_in(request),
    } | sent
    failed = refusal or any(form.errors for form in sent.values())
    return render(request, "bookings/class.html", context, status=422 if failed else 200)


def time_of(one: Booking) -> dict[str, Any]:
    """When and where a booking is, as its form begins."""
    start = one.local_start
    return {
        "business": one.business_id,
        "practitioner": one.practitioner_id,
        "date": start.date(),
        "time": start.time(),
        "minutes": one.minutes,
        "fold": fold_of(one.starts_at, one.business.zone),
    }
