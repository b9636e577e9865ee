"""The next case of the same kind, started in one step from the one it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render

from casewell.accounts.case_policy import WhenFull
from casewell.appointments.models.linking import to_come_in
from casewell.appointments.ways_on import start_successor
from casewell.cases.successor_form import SuccessorForm, asks_of_a_new_cycle
from casewell.lib.errors import RuleViolation
from casewell.web.forms import prepared
from casewell.web.full_case import in_words
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


def start(request: PracticeRequest, pk: int) -> HttpResponse:
    """What the next case is to be; POST stores it with the ticked visits and closes the former."""
    rows = request.account.patient_cases.with_usage()
    case = get_object_or_404(rows.select_related("account", "patient", "programme"), pk=pk)
    if not request.account.lets(request.member.role, WhenFull.FOLLOW):
        raise PermissionDenied(WhenFull.FOLLOW.label)
    sent = request.POST if request.method == "POST" else None
    form = prepared(SuccessorForm(case, sent), request)
    coming = to_come_in(case)
    ticked = (
        {key_in(key) for key in sent.getlist("follow_visit")}
        if sent is not None
        else {one.pk for one in coming}
    )
    closes = sent is None or sent.get("follow_close") == "yes"
    refusal = ""
    if sent is not None and form.is_valid():
        try:
            done = start_successor(
                case, form.instance, visits=ticked, close=closes, by=request.actor
            )
        except RuleViolation as violation:
            refusal = str(violation)
        else:
            messages.success(request, in_words(done, closed=closes))
            return redirect("case", request.account.slug, done.successor.pk)
    context = {
        "case": case,
        "form": form,
        "coming": coming,
        "ticked": ticked,
        "closes": closes,
        "asks": asks_of_a_new_cycle(case),
        "refusal": refusal,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "cases/successor.html", context, status=status)
