"""Beginning a letter: from a patient, a case, a duty, or for what a referral lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from casewell.letters.choosing import author_of, cases_of, recipient_of, template_for, the_only_open
from casewell.letters.models import LetterTemplate, ask_to_complete, write
from casewell.lib.errors import RuleViolation
from casewell.web.merged import patient_at
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest


class NobodySigns(RuleViolation):
    """The practice has nobody who could sign, or no place to write from."""


def new(request: PracticeRequest, pk: int) -> HttpResponse:
    """Which template, in which case; POST begins the draft and leads to it."""
    rows = request.account.patients.select_related("account", "referring_doctor")
    patient = patient_at(request, pk, rows)
    if patient.archived_at:
        raise RuleViolation(f"{patient} is archived: restore the patient to write letters.")
    cases = cases_of(patient)
    case = _case(request, cases)
    offered = LetterTemplate.of(request.account).live().fitting(case).in_order()
    if request.method == "POST":
        return _begun(request, patient, case, list(offered))
    context = {"patient": patient, "cases": cases, "case": case, "offered": _grouped(offered, case)}
    return render(request, "letters/new.html", context)


def _case(request: PracticeRequest, cases: Sequence[PatientCase]) -> PatientCase | None:
    """The case that is named, none where that is said, else the only open one. Raises Http404."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.get("case")
    if asked is None:
        return the_only_open(cases, request.account.today())
    if asked in ("", "none"):
        return None
    found = next((one for one in cases if one.pk == key_in(asked)), None)
    if found is None:
        raise Http404
    return found


def _grouped(templates: Any, case: PatientCase | None) -> list[tuple[str, list[LetterTemplate]]]:
    """Those for the case's programme first, then those for all."""
    rows = list(templates)
    own = [one for one in rows if one.programme_code]
    rest = [one for one in rows if not one.programme_code]
    programme = str(case.programme) if case and case.programme else ""
    return [(words, some) for words, some in ((programme, own), ("For every case", rest)) if some]


def _begun(
    request: PracticeRequest,
    patient: Patient,
    case: PatientCase | None,
    offered: list[LetterTemplate],
) -> HttpResponse:
    """The draft from the template that was chosen, or that is for the duty or the purpose."""
    template = _template(request, offered)
    author = author_of(patient, case, request.member)
    if author.practitioner is None or author.business is None:
        raise NobodySigns("A letter needs a practitioner who signs it and a business. Add them.")
    signed: Any = {"practitioner": author.practitioner, "business": author.business}
    if case is not None and request.POST.get("purpose") == LetterTemplate.Purpose.COMPLETE_REFERRAL:
        letter = ask_to_complete(case, **signed, by=request.actor)
    else:
        letter = write(
            patient,
            case=case,
            recipient=recipient_of(template, patient, case),
            template=template,
            duty_code=_duty_of(request, case),
            by=request.actor,
            **signed,
        )
    messages.success(request, f"“{letter}” is a draft: look it over and complete it.")
    return redirect("letter-edit", request.account.slug, letter.pk)


def _template(request: PracticeRequest, offered: list[LetterTemplate]) -> LetterTemplate | None:
    """Raises Http404 for one that is not offered."""
    if asked := request.POST.get("template"):
        found = next((one for one in offered if one.pk == key_in(asked)), None)
        if found is None:
            raise Http404
        return found
    duty = request.POST.get("duty", "")
    return template_for(offered, duty_code=duty) if duty else None


def _duty_of(request: PracticeRequest, case: PatientCase | None) -> str:
    """The duty that is named, where the case has it. Raises Http404."""
    code = request.POST.get("duty", "")
    codes = {rule["code"] for rule in (case.programme.duties if case and case.programme else ())}
    if code and code not in codes:
        raise Http404
    return code
