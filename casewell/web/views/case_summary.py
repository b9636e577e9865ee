"""A case on one page of A4, for the patient or the referrer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from casewell.lib.uploads import plain_name
from casewell.web.papers.case_summary import pdf_of, summary_of

if TYPE_CHECKING:
    from casewell.web.requests import PracticeRequest


def summary(request: PracticeRequest, pk: int) -> HttpResponse:
    """The PDF; `?to=referrer` addresses it to whom the case names, else it is the patient's."""
    rows = (
        request.account.patient_cases.with_usage()
        .with_amounts()
        .select_related("account", "patient", "contact", "payer", "programme")
    )
    case = get_object_or_404(rows, pk=pk)
    to_referrer = request.GET.get("to") == "referrer"
    body = pdf_of(summary_of(case, to_referrer=to_referrer))
    name = plain_name(f"{case.name} – {case.patient}.pdf".replace("/", "-"))
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(body, "application/pdf", headers={"Content-Disposition": disposition or ""})
