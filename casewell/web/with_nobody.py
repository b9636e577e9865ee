"""Booking time with no patient in it, once or again and again: a block, or a class to be filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render

from casewell.lib.errors import RuleViolation
from casewell.web.clashes import unseen
from casewell.web.repeat_dates import LOOK, Repeats, Wanted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.appointments.class_forms import ClassForm
    from casewell.appointments.forms import BlockForm
    from casewell.appointments.models import Clash
    from casewell.web.requests import PracticeRequest


def book_with_nobody(
    request: PracticeRequest, form: BlockForm | ClassForm, page: str
) -> HttpResponse:
    """The form of a booking without patients, on that page; POST books it, and its repeats."""
    repeats = Repeats(request)
    context: dict[str, Any] = {"form": form, "repeat_form": repeats.form}
    if form.is_valid() and not repeats.is_refused:
        one = form.booking(request.account)
        dates = context["dates"] = repeats.dates(one, None)
        context["clashes"] = dates.lines[0].clashes if dates and dates.lines else one.clashing()
        wanted = Wanted(one, repeats.rule, dates)
        if LOOK in request.POST:
            return render(request, page, context)
        key, context["refusal"] = _booked(request, wanted, context["clashes"])
        if not context["refusal"]:
            return redirect("booking", request.account.slug, key)
    return render(request, page, context, status=422 if form.is_bound else 200)


def _booked(request: PracticeRequest, wanted: Wanted, clashes: list[Clash]) -> tuple[int, str]:
    """Book it: the id of the first, or why not."""
    refusal = wanted.dates.unseen(request) if wanted.dates else ""
    if refusal := refusal or unseen(request, clashes):
        return 0, refusal
    try:
        return wanted.book_with_nobody(by=request.actor), ""
    except RuleViolation as refused:
        return 0, str(refused)
