"""Merging two patients: the other one chosen, both side by side, and the merges with their undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewell.records.counting import counts_of, twins_of
from casewell.records.duplicates import likely_duplicates
from casewell.records.filling import choices
from casewell.records.models import UNDONE_WITHIN, Merge
from casewell.web.merged import patient_at
from casewell.web.paging import page_of
from casewell.web.requests import key_in
from casewell.web.views.settings.sections import page_of_settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

SECTION = "settings-merges"
RELATED = ("concession_type", "referring_doctor")


def merge(request: PracticeRequest, pk: int) -> HttpResponse:
    """Choose who is the same as this patient, compare the two, and merge."""
    kept = patient_at(request, pk, request.account.patients.select_related(*RELATED))
    sent = request.POST if request.method == "POST" else request.GET
    other = key_in(sent.get("with"))
    if not other:
        return _choose(request, kept)
    gone = get_object_or_404(request.account.patients.select_related(*RELATED), pk=other)
    if request.method == "POST":
        Merge.make(kept, gone, take=request.POST.getlist("take"), by=request.actor)
        messages.success(request, f"{gone} is merged into {kept}.")
        return redirect("patient", request.account.slug, kept.pk)
    return _compare(request, kept, gone)


def _choose(request: PracticeRequest, kept: Patient) -> HttpResponse:
    context = {"patient": kept, "likely": likely_duplicates(kept)}
    return render(request, "patients/merge_with.html", context)


def _compare(request: PracticeRequest, kept: Patient, gone: Patient) -> HttpResponse:
    if kept == gone or gone.merged_at:
        same = f"{gone} was merged into another already." if gone.merged_at else "That is the same."
        messages.error(request, f"{same} Choose the other one.")
        return redirect("patient-merge", request.account.slug, kept.pk)
    sides = choices(kept, gone)
    context = {
        "kept": kept,
        "gone": gone,
        "different": [side for side in sides if side.differs],
        "same": [side for side in sides if not side.differs],
        "counts": counts_of(kept, gone),
        "twins": twins_of(kept, gone),
        "days": UNDONE_WITHIN.days,
        "today": request.account.today(),
    }
    return render(request, "patients/merge.html", context)


def merges(request: PracticeRequest) -> HttpResponse:
    """All merges, the latest first; those of the last days can be undone."""
    rows = request.account.merges.select_related("kept", "gone", "user").order_by("-id")
    context: dict[str, Any] = {
        "page_obj": page_of(request, rows),
        "since": timezone.now() - UNDONE_WITHIN,
        "days": UNDONE_WITHIN.days,
        "today": request.account.today(),
    }
    return page_of_settings(request, "settings/merges.html", SECTION, context)


@require_POST
def undo(request: PracticeRequest, pk: int) -> HttpResponse:
    """Part them again, and lead to the one that came back."""
    one = get_object_or_404(request.account.merges.select_related("kept", "gone"), pk=pk)
    one.undo(by=request.actor)
    messages.success(request, f"The merge is undone: {one.gone} and {one.kept} are two again.")
    return redirect("patient", request.account.slug, one.gone_id)
