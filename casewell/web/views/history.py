"""Histories: of a patient with all that is theirs, of a case, of a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from casewell.accounts.roles import Permission
from casewell.web.history import (
    changes_of_booking,
    changes_of_case,
    changes_of_patient,
    entries_of,
)
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
    ("apps", "Other apps"),
]


def sees_letters(request: PracticeRequest) -> bool:
    """Whether the member may see letters, and so what was done to them."""
    return request.member.may(Permission.SEE_LETTERS)


def patient(request: PracticeRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(request.account.patients.select_related("account"), pk=pk)
    part = request.GET.get("of", "")
    return _shown(
        request,
        changes_of_patient(one, part, letters=sees_letters(request)),
        "patients",
        of=one.listed_name,
        back=reverse("patient", args=[request.account.slug, pk]),
        parts=[named for named in PARTS if named[0] != "letters" or sees_letters(request)],
        part=part,
    )


def case(request: PracticeRequest, pk: int) -> HttpResponse:
    rows = request.account.patient_cases.select_related("account", "patient__account")
    one = get_object_or_404(rows, pk=pk)
    return _shown(
        request,
        changes_of_case(
            one,
            letters=sees_letters(request),
            invoices=request.member.may(Permission.SEE_INVOICES),
        ),
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
