"""The letters of a patient or of a case as a page lists them, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from casewell.accounts.roles import Permission
from casewell.letters.models import Communication

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from casewell.letters.models import Letter
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

SHOWN, MOST = 12, 500


@dataclass(frozen=True)
class LetterShelf:
    """Letters, latest first: those that are there, and those that were archived."""

    patient: Patient
    case: PatientCase | None
    live: list[Letter]
    archived: list[Letter]
    has_more: bool

    @property
    def drafts(self) -> dict[str, Letter]:
        """The latest draft for each duty, by its code."""
        return {
            one.duty_code: one
            for one in reversed(self.live)
            if one.duty_code and not one.finalised_at
        }

    @property
    def done(self) -> dict[int, Letter]:
        """The letters that did duties, by the id of what says so."""
        return {one.duty_done_id: one for one in reversed(self.live) if one.duty_done_id}


def letters_of(
    request: PracticeRequest, patient: Patient, case: PatientCase | None = None
) -> LetterShelf | None:
    """The letters about `patient`, or only those in that `case`; None for who may not see them."""
    if not request.member.may(Permission.SEE_LETTERS):
        return None
    rows: Any = patient.letters.select_related("recipient", "practitioner", "case__programme")
    if case is not None:
        rows = rows.filter(case=case)
    sent = Communication.objects.filter(letter=OuterRef("pk"), archived_at=None).order_by("-id")
    told = sent.values(one=JSONObject(to="recipient", failed="mail__failed_at"))[:1]
    most = MOST if request.GET.get("letters") == "all" else SHOWN
    found = list(rows.annotate(sent=ArraySubquery(told)).order_by("-id")[: most + 1])
    shown = [_told(one) for one in found[:most]]
    return LetterShelf(
        patient=patient,
        case=case,
        live=[one for one in shown if one.archived_at is None],
        archived=[one for one in shown if one.archived_at is not None],
        has_more=len(found) > most,
    )


def _told(one: Any) -> Letter:
    """The letter, with the name of its duty, and where it was sent last."""
    rules = one.case.programme.duties if one.case and one.case.programme else []
    names = {rule["code"]: rule["name"] for rule in rules}
    one.duty_name = names.get(one.duty_code, "")
    one.last_sent = one.sent[0] if one.sent else None
    letter: Letter = one
    return letter
