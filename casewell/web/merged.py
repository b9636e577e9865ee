"""Pages of a patient who was merged into another: they lead to the same page of that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest


class WentElsewhere(Exception):  # noqa: N818 - named for what happened, as all refusals are
    """The patient with this id is another one now."""

    def __init__(self, former_id: int, now: Patient, called: str = "") -> None:
        super().__init__(former_id)
        self.former_id, self.now = former_id, now
        self.notice = f"{called or 'That patient'} was merged into {now}."


def patient_at(request: PracticeRequest, pk: int, rows: Any = None) -> Patient:
    """The patient of a page, out of `rows` or all. Raises Http404, WentElsewhere."""
    patients: Any = request.account.patients
    found: Patient | None = (patients if rows is None else rows).filter(pk=pk).first()
    if found is not None and found.merged_at is None:
        return found
    now: Patient | None = patients.filter(redirects__former_id=pk).first()
    if now is None:
        raise Http404
    raise WentElsewhere(pk, now, str(found) if found else "")


def lead_on(request: HttpRequest, went: WentElsewhere) -> HttpResponse:
    """To the same page of who is there now; what was sent for the former one is not done."""
    match = request.resolver_match
    if match is None:
        raise Http404
    keys = {k: went.now.pk if v == went.former_id else v for k, v in match.kwargs.items()}
    if request.method != "GET" or keys == match.kwargs:
        messages.warning(request, f"{went.notice} Nothing was changed.")
        return redirect("patient", keys["practice"], went.now.pk)
    messages.info(request, went.notice)
    query = request.META.get("QUERY_STRING", "")
    address = reverse(match.view_name, kwargs=keys)
    return redirect(f"{address}?{query}" if query else address)
