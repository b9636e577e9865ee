"""The patient's appointments beside a case: ticked to be in it, un-ticked to leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from casewell.appointments.models.linking import link_in_bulk, relink
from casewell.appointments.ways_on import door_of_many
from casewell.lib.errors import RuleViolation
from casewell.web.amount_warnings import warn_of_amounts
from casewell.web.case_visits import Ticks, VisitFilter, next_ones, outlook_of
from casewell.web.full_case import Stuck, pass_door
from casewell.web.paging import page_of
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.web.requests import PracticeRequest

MOST = 5000  # that are ticked at once


def _case(request: PracticeRequest, pk: int) -> PatientCase:
    rows = request.account.patient_cases.with_usage().with_amounts()
    one = get_object_or_404(rows.select_related("account", "patient", "programme"), pk=pk)
    one.account = request.account
    return one


def appointments(request: PracticeRequest, pk: int) -> HttpResponse:
    """All appointments of the case's patient; POST links the ticked ones and lets the others go."""
    case = _case(request, pk)
    if request.method != "POST":
        return _shown(request, case, Ticks(frozenset(), frozenset()))
    ticks = Ticks.sent(request.POST)
    try:
        said = _save(request, case, ticks)
    except Stuck as stuck:
        return _shown(request, case, ticks, stuck=stuck)
    except RuleViolation as refusal:
        return _shown(request, case, ticks, refusal=str(refusal))
    messages.success(request, said)
    warn_of_amounts(request, ticks.add)
    return redirect("case", request.account.slug, pk)


def _save(request: PracticeRequest, case: PatientCase, ticks: Ticks) -> str:
    """Link and let go; what came of it in words. Raises Stuck or RuleViolation."""
    if len(ticks.add) + len(ticks.remove) > MOST:
        raise RuleViolation(f"At most {MOST} at once: save some of them first.")
    if not ticks.add:
        return _done(link_in_bulk(case, remove=ticks.remove, by=request.actor).removed, 0)
    counts: list[tuple[int, int]] = []

    def enter(into: PatientCase | None) -> None:
        linked = relink(case, into or case, add=ticks.add, remove=ticks.remove, by=request.actor)
        counts.append((linked.removed, linked.added))

    door = door_of_many(case, enter, add=ticks.add, remove=ticks.remove)
    pass_door(request, door)
    return _done(*counts[-1])


def _done(removed: int, added: int) -> str:
    said = [f"{added} linked" if added else "", f"{removed} taken out" if removed else ""]
    return f"{', '.join(filter(None, said)).capitalize()}." if any(said) else "Nothing was changed."


def _shown(
    request: PracticeRequest,
    case: PatientCase,
    ticks: Ticks,
    *,
    stuck: Stuck | None = None,
    refusal: str = "",
) -> HttpResponse:
    form = VisitFilter(request.GET)
    related = ("booking__business", "booking__practitioner", "booking__appointment_type", "case")
    page = page_of(request, form.visits(case).values_list("pk", flat=True))
    # By their ids: the order of very many is found without what only a page shows.
    rows = request.account.attendees.filter(pk__in=list(page.object_list))
    latest_first = rows.select_related(*related).order_by("-booking__starts_at", "-id")
    page.object_list = list(latest_first)
    for visit in page.object_list:
        visit.ticked = _is_ticked(visit, case, ticks)
        visit.silent = _silent(visit, case)
    inside = [str(visit.pk) for visit in page.object_list if visit.case_id == case.pk]
    changed = bool(ticks.add or ticks.remove)
    context = {
        "case": case,
        "form": form,
        "page_obj": page,
        "inside": ",".join(inside),
        "ticks": ticks,
        "outlook": outlook_of(case, ticks) if changed else None,
        "full_case": stuck.dialogue if stuck else None,
        "refusal": refusal,
        "today": request.account.today(),
    }
    status = 422 if stuck or refusal else 200
    return render(request, "cases/appointments.html", context, status=status)


def _is_ticked(visit: Attendee, case: PatientCase, ticks: Ticks) -> bool:
    if visit.case_id == case.pk:
        return visit.pk not in ticks.remove
    return visit.pk in ticks.add


def _silent(visit: Attendee, case: PatientCase) -> str:
    """Why it would not count in `case`; empty where it would."""
    there, visit.case = visit.case, case
    reason, visit.case = visit.reason, there
    return reason


@require_POST
def outlook(request: PracticeRequest, pk: int) -> HttpResponse:
    """What saving the ticks would make of the case, as data; nothing is changed."""
    found = outlook_of(_case(request, pk), Ticks.sent(request.POST))
    rows = {str(key): words for key, words in found.rows.items()}
    return JsonResponse({"line": found.line, "refused": found.refused, "rows": rows})


def matching(request: PracticeRequest, pk: int) -> HttpResponse:
    """The ids of those that the filter asks for and that are not in the case; or the `next` n."""
    case = _case(request, pk)
    visits = VisitFilter(request.GET).visits(case)
    n = key_in(request.GET.get("next"))
    if n:
        found = next_ones(visits, min(n, MOST))
    else:
        others = visits.exclude(case=case.pk)
        found = list(others.values_list("pk", flat=True)[:MOST])
    inside = [] if n else list(visits.filter(case=case.pk).values_list("pk", flat=True))
    return JsonResponse({"add": list(map(str, found)), "inside": list(map(str, inside))})
