"""Visits without a case for patients who have one: linked by a click, many at once, or never."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render

from casewell.appointments.models.linking import link_in_bulk
from casewell.appointments.models.uncased import fitting_cases, without_case
from casewell.lib.errors import RuleViolation
from casewell.web.amount_warnings import warn_of_amounts
from casewell.web.requests import key_in, way_back

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.cases.models.standing import Standing
    from casewell.web.requests import PracticeRequest

ROWS = 50


@dataclass(frozen=True)
class Row:
    """One visit, and the cases that it could be in."""

    visit: Attendee
    fitting: list[tuple[PatientCase, Standing]]

    @property
    def only(self) -> tuple[PatientCase, Standing] | None:
        """The case, where exactly one fits."""
        return self.fitting[0] if len(self.fitting) == 1 else None


def uncased(request: PracticeRequest) -> HttpResponse:
    """The visits that some case fits, or those that were decided to be in none."""
    if request.method == "POST":
        _act(request)
        return redirect(way_back(request) or request.path)
    declined = request.GET.get("declined") == "yes"
    fitting = {} if declined else fitting_cases(request.account)
    keys: Any = list(fitting)
    if declined:
        decided = without_case(request.account).exclude(case_declined_at=None)
        keys = decided.values_list("pk", flat=True)
    page = Paginator(keys, ROWS).get_page(request.GET.get("page"))
    rows = _rows(request, list(page.object_list), fitting)
    context = {
        "rows": rows,
        "page_obj": page,
        "declined": declined,
        "linkable": sum(row.only is not None for row in rows),
    }
    return render(request, "cases/uncased.html", context)


def _rows(
    request: PracticeRequest, keys: list[int], fitting: dict[int, list[Standing]]
) -> list[Row]:
    wanted = {one.pk for key in keys for one in fitting.get(key, ())}
    known = request.account.patient_cases.select_related("contact").in_bulk(wanted)
    visits = request.account.attendees.told().in_bulk(keys)
    return [
        Row(visits[key], [(known[one.pk], one) for one in fitting.get(key, ())]) for key in keys
    ]


def _act(request: PracticeRequest) -> None:
    """What the button says that was pressed."""
    sent = request.POST
    if key := key_in(sent.get("decline")):
        get_object_or_404(request.account.attendees, pk=key).decline_case(by=request.actor)
        messages.success(request, "Decided: that visit is not for a case.")
    elif key := key_in(sent.get("ask")):
        get_object_or_404(request.account.attendees, pk=key).ask_for_case(by=request.actor)
        messages.success(request, "That visit is asked about again.")
    elif "link" in sent:
        _link(request, sent.getlist("link"))
    elif ticks := sent.getlist("tick"):
        _link(request, ticks)
    else:
        messages.warning(request, "Tick the visits to link first.")


def _link(request: PracticeRequest, pairs: Iterable[str]) -> None:
    """Link each “visit:case”, as many as there is room for; those linked meanwhile stay."""
    wanted = {}
    for pair in pairs:
        key, _, case = pair.partition(":")
        wanted[key_in(key)] = key_in(case)
    rows = request.account.attendees.filter(pk__in=wanted, case=None, archived_at=None)
    # Visits before cases, in order of their ids, as whoever links does.
    held = rows.select_for_update(of=("self",), no_key=True).select_related("booking")
    groups: defaultdict[int, list[Attendee]] = defaultdict(list)
    for visit in held.order_by("id"):
        groups[wanted[visit.pk]].append(visit)
    linked = sum(_link_to(request, case, groups[case]) for case in sorted(groups))
    if linked:
        messages.success(request, f"{linked} visit{'s' * (linked > 1)} linked.")


def _link_to(request: PracticeRequest, key: int, visits: list[Attendee]) -> int:
    """Link them to that case, first come first served; how many could be."""
    case = get_object_or_404(request.account.patient_cases.select_related("patient"), pk=key)
    left = case.usage.left
    visits.sort(key=lambda visit: (visit.booking.starts_at, visit.pk))
    taken = visits if left is None else visits[:left]
    try:
        link_in_bulk(case, add=[visit.pk for visit in taken], by=request.actor)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return 0
    if len(taken) < len(visits):
        rest = len(visits) - len(taken)
        words = f"“{case.name}” of {case.patient} is full now; {rest} not linked."
        messages.warning(request, words)
    warn_of_amounts(request, [visit.pk for visit in taken])
    return len(taken)
