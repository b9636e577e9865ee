"""From an appointment's panel: it, the next n, or ticked coming ones go into a case together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from casewell.appointments.models.linking import link_in_bulk
from casewell.appointments.ways_on import Door
from casewell.lib.errors import RuleViolation
from casewell.web.amount_warnings import warn_of_amounts
from casewell.web.case_choices import NONE, choices_for
from casewell.web.full_case import Stuck, pass_door
from casewell.web.requests import key_in, of_visit, visit_key

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.web.requests import PracticeRequest

ONE, NEXT, TICKED = "one", "next", "ticked"
SHOWN = 30  # coming ones; the case's own page has all


def several(request: PracticeRequest, pk: int) -> HttpResponse:
    """The sheet; POST puts them into the chosen case, or takes them out of theirs."""
    key = visit_key(request)
    meant = Q(pk=key) if key else ~Q(booking__kind="group")
    rows = request.account.attendees.filter(meant, booking_id=pk).order_by("id")
    related = ("patient", "case__account", "case__programme", "booking__business")
    visit = get_object_or_404(rows.select_related(*related)[:1])
    if request.method != "POST":
        return _shown(request, visit)
    try:
        said = _save(request, visit)
    except Stuck as stuck:
        return _shown(request, visit, stuck=stuck)
    except RuleViolation as refusal:
        return _shown(request, visit, refusal=str(refusal))
    messages.success(request, said)
    return redirect(f"{reverse('booking', args=[request.account.slug, pk])}{of_visit(request)}")


def _save(request: PracticeRequest, visit: Attendee) -> str:
    """Raises Stuck or RuleViolation."""
    chosen, wanted = request.POST.get("case", NONE), _wanted(request, visit)
    if chosen == NONE:
        if visit.case is None:
            return "Nothing was changed."
        gone = link_in_bulk(visit.case, remove=wanted, by=request.actor).removed
        return f"{gone} taken out of “{visit.case}”."
    cases = request.account.patient_cases.select_related("account", "programme")
    case = get_object_or_404(cases, pk=key_in(chosen))
    added: list[str] = []

    def enter(into: PatientCase | None) -> None:
        target = into or case
        linked = link_in_bulk(target, add=wanted, by=request.actor)
        added.append(f"{linked.added} linked to “{target}”.")

    counting = request.account.attendees.filter(pk__in=wanted).that_would_join(case).count()
    door = Door(
        case=case,
        enter=enter,
        start=visit.booking.local_start,
        visits=frozenset(wanted),
        count=counting or 1,
    )
    pass_door(request, door)
    warn_of_amounts(request, wanted)
    return added[-1]


def _wanted(request: PracticeRequest, visit: Attendee) -> set[int]:
    """The ids that the form asks for; always with the visit itself."""
    reach = request.POST.get("reach", ONE)
    found: list[int] = []
    if reach == NEXT:
        n = min(key_in(request.POST.get("n")), 200)
        found = [one.pk for one in _following(visit)[:n]]
    elif reach == TICKED:
        keys = {key_in(key) for key in request.POST.getlist("also")}
        mine = visit.patient.attendees.filter(pk__in=keys, archived_at=None)
        found = list(mine.values_list("pk", flat=True))
    return {visit.pk, *found}


def _following(visit: Attendee) -> Any:
    """The live visits of the patient after this one: without a case, or in the one it is in."""
    later = visit.patient.attendees.live().filter(
        booking__archived_at=None, booking__starts_at__gt=visit.booking.starts_at
    )
    cases = later.filter(case=None) | later.filter(case=visit.case_id)
    related = ("booking__business", "booking__practitioner", "booking__appointment_type", "case")
    return cases.select_related(*related).in_order()


def _shown(
    request: PracticeRequest, visit: Attendee, *, stuck: Stuck | None = None, refusal: str = ""
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    now_in = str(visit.case_id) if visit.case_id else None
    chosen = sent.get("case") if sent else now_in
    day = visit.booking.local_start.date()
    context = {
        "booking": visit.booking,
        "of_visit": of_visit(request),
        "visit": visit,
        "cases": choices_for(visit.patient, day, chosen=chosen, visit=visit),
        "following": list(_following(visit)[:SHOWN]),
        "reach": sent.get("reach", ONE) if sent else NEXT,
        "n": sent.get("n", "5") if sent else "5",
        "also": {key_in(key) for key in sent.getlist("also")} if sent else set(),
        "full_case": stuck.dialogue if stuck else None,
        "refusal": refusal,
    }
    status = 422 if stuck or refusal else 200
    return render(request, "bookings/several.html", context, status=status)
