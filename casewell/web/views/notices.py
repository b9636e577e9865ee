"""What the desk should not forget: a line or two on Today, read after the page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from casewell.accounts.roles import Permission
from casewell.appointments.models.uncased import fitting_cases
from casewell.audit.models import record_changes
from casewell.cases.models import CaseReminder
from casewell.web.paging import page_of
from casewell.web.requests import way_back

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from casewell.web.requests import PracticeRequest


def notices(request: PracticeRequest) -> HttpResponse:
    """Cases that crossed a threshold, visits without a case, and recalls that are due."""
    may_link = request.member.may(Permission.BOOK)
    context = {
        "cases": _unseen(request).values("case").distinct().count(),
        "visits": len(fitting_cases(request.account)) if may_link else 0,
        "recalls": request.account.recalls.due(request.account.today()).count(),
    }
    return render(request, "today/_notices.html", context)


def _unseen(request: PracticeRequest) -> QuerySet[CaseReminder]:
    rows: QuerySet[CaseReminder] = request.account.case_reminders.filter(
        recipient=CaseReminder.Recipient.DESK, seen_at=None
    )
    return rows


@require_POST
def seen(request: PracticeRequest) -> HttpResponse:
    """The desk has seen what it was reminded of."""
    moment = timezone.now()
    rows = list(_unseen(request).select_for_update(no_key=True).order_by("id"))
    told = [(row, {"seen_at": [None, moment.isoformat()]}) for row in rows]
    record_changes(told, "seen", by=request.actor)
    keys = [row.pk for row in rows]
    request.account.case_reminders.filter(pk__in=keys).update(seen_at=moment)
    messages.success(request, "Noted. The worklist keeps the cases.")
    return redirect(way_back(request) or "today", *([] if way_back(request) else [_slug(request)]))


def _slug(request: PracticeRequest) -> str:
    return str(request.account.slug)


def reminders(request: PracticeRequest) -> HttpResponse:
    """What was said, to whom, and what became of each e-mail; latest first."""
    rows = request.account.case_reminders.select_related("case__patient", "mail").order_by("-id")
    return render(request, "cases/reminders.html", {"page_obj": page_of(request, rows)})
