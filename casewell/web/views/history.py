"""Histories: of a patient with all that is theirs, of a case, of a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casewell.accounts.roles import Permission
from casewell.web.history import entries_of
from casewell.web.history_rows import changes_of_booking, changes_of_case, changes_of_patient
from casewell.web.merged import patient_at
from casewell.web.paging import page_of
from casewell.web.requests import of_visit, visit_key

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from casewell.appointments.models import Booking
    from casewell.audit.models import Change
    from casewell.web.requests import PracticeRequest

PARTS = [
    ("", "All"),
    ("details", "Details"),
    ("cases", "Cases"),
    ("appointments", "Appointments"),
    ("files", "Files"),
    ("letters", "Letters"),
    ("invoices", "Invoices"),
    ("claims", "Claims"),
    ("apps", "Other apps"),
]


# What one has to be allowed, to be told of what was done to these.
SEEN_BY = {
    "letters": Permission.SEE_LETTERS,
    "invoices": Permission.SEE_INVOICES,
    "claims": Permission.CLAIM,
}


def hidden_from(request: PracticeRequest) -> set[str]:
    """The parts that the member may not see, and so not their changes."""
    return {part for part, may in SEEN_BY.items() if not request.member.may(may)}


def patient(request: PracticeRequest, pk: int) -> HttpResponse:
    one = patient_at(request, pk, request.account.patients.select_related("account"))
    part, hidden = request.GET.get("of", ""), hidden_from(request)
    return _shown(
        request,
        changes_of_patient(one, part, hidden=hidden),
        "patients",
        of=one.listed_name,
        back=reverse("patient", args=[request.account.slug, pk]),
        parts=[named for named in PARTS if named[0] not in hidden],
        part=part,
    )


def case(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.patient_cases.select_related("account", "patient__account")
    one = get_object_or_404(rows, pk=pk)
    return _shown(
        request,
        changes_of_case(one, hidden=hidden_from(request)),
        "cases",
        of=f"{one.name} · {one.patient.listed_name}",
        back=reverse("case", args=[request.account.slug, pk]),
    )


def booking(request: PracticeRequest, pk: int) -> HttpResponse:
    """In the side panel, or as a page."""
    related = ("account", "business", "appointment_type", "unavailable_block_type")
    one = get_object_or_404(request.account.bookings.select_related(*related), pk=pk)
    visits = one.attendees.select_related("patient").order_by("id")
    in_class = one.kind == one.Kind.GROUP
    visit = visits.filter(pk=visit_key(request)).first() if in_class else visits.first()
    kind = one.unavailable_block_type or one.appointment_type or "Unavailable"
    return _shown(
        request,
        changes_of_booking(one),
        "calendar",
        of=str(visit.patient.listed_name if visit else kind),
        back=f"{reverse('booking', args=[request.account.slug, pk])}{of_visit(request)}",
        in_panel=True,
        known=one,
    )


def _shown(
    request: PracticeRequest,
    changes: QuerySet[Change],
    section: str,
    known: Booking | None = None,
    **words: Any,
) -> HttpResponse:
    page = page_of(request, changes)
    context = {
        "page_obj": page,
        "entries": entries_of(request.account, page.object_list, known),
        "section": section,
        "today": request.account.today(),
    }
    return render(request, "history.html", context | words)
