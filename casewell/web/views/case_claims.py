"""The claims of a case: which visits are claimed, and claiming the others all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from casewell.claims.lodging import lodge
from casewell.claims.models import Claim
from casewell.claims.models.claim import OPEN_TO_CHANGE
from casewell.lib.errors import RuleViolation
from casewell.web.claim_page import gateway_words
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.claims.checks import Fault
    from casewell.web.requests import PracticeRequest

MOST = 200  # visits of a case
Line = tuple["Attendee", "Claim | None", "list[Fault]"]


def claims(request: PracticeRequest, pk: int) -> HttpResponse:
    """The case's visits with their claims; a POST prepares those that are chosen, or lodges."""
    cases = request.account.patient_cases.with_usage().select_related("patient", "account")
    case = get_object_or_404(cases, pk=pk)
    refusal = ""
    if request.method == "POST":
        try:
            with_words = _lodge if request.POST.get("act") == "lodge" else _prepare
            messages.success(request, with_words(request, case))
            return redirect("case-claims", request.account.slug, pk)
        except RuleViolation as error:
            refusal = str(error)
    lines = _lines(case)
    context: dict[str, Any] = {
        "case": case,
        "lines": lines,
        "unclaimed": [visit for visit, claim, _ in lines if claim is None],
        "ready": [claim for _, claim, faults in lines if _is_ready(claim, faults)],
        "gateway": gateway_words(),
        "refusal": refusal,
        "today": request.account.today(),
    }
    return render(request, "claims/case.html", context, status=422 if refusal else 200)


def _lines(case: PatientCase) -> list[Line]:
    """Visits that took place, in their order, each with its claim and what is wrong with that."""
    visits = list(_came(case).select_related("booking__business", "booking__practitioner"))
    rows = Claim.objects.with_state().filter(attendee__in=[visit.pk for visit in visits])
    kept = {claim.attendee_id: claim for claim in rows.select_related("patient")}
    lines: list[Line] = []
    for visit in visits:
        claim = kept.get(visit.pk)
        visit.case = case
        if claim:
            claim.attendee = visit
        faults = claim.faults() if claim and claim.can_be_changed else []
        lines.append((visit, claim, faults))
    return lines


def _came(case: PatientCase) -> Any:
    came = case.attendees.filter(
        booking__starts_at__lte=timezone.now(),
        cancelled_at=None,
        archived_at=None,
        did_not_arrive=False,
    )
    return came.order_by("booking__starts_at", "id")[:MOST]


def _is_ready(claim: Claim | None, faults: list[Fault]) -> bool:
    """Whether it can be lodged as it stands."""
    return (
        claim is not None
        and claim.state in OPEN_TO_CHANGE
        and not any(fault.stops for fault in faults)
    )


def _prepare(request: PracticeRequest, case: PatientCase) -> str:
    """Make the claims of the chosen visits."""
    wanted = [key_in(key) for key in request.POST.getlist("visit")]
    visits = list(case.attendees.filter(pk__in=wanted[:MOST]).order_by("id"))
    if not visits:
        raise RuleViolation("Choose the visits that are to be claimed.")
    for visit in visits:
        Claim.of_visit(visit, by=request.actor)
    return _numbered(len(visits), "prepared")


def _lodge(request: PracticeRequest, case: PatientCase) -> str:
    """Lodge all of the case's claims that lack nothing, in one lodgement."""
    shown = {key_in(key) for key in request.POST.getlist("claim")}
    ready = [
        claim
        for _, claim, faults in _lines(case)
        if claim and claim.pk in shown and _is_ready(claim, faults)
    ]
    if not ready:
        raise RuleViolation("Nothing here is ready to be lodged.")
    lodgement = lodge(ready, by=request.actor)
    return f"{_numbered(len(ready), 'lodged')} {lodgement.filename}"


def _numbered(number: int, verb: str) -> str:
    return f"{number} claim{'s are' if number > 1 else ' is'} {verb}."
