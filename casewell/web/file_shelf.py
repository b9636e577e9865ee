"""The files of a patient or of a case as a page lists them, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from casewell.cases.models import CaseAttachment
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient, PatientAttachment
    from casewell.web.requests import PracticeRequest

SHOWN, MOST = 12, 500


@dataclass(frozen=True)
class FileShelf:
    """Files, latest first: those that are there, and those that were archived."""

    patient: Patient
    case: PatientCase | None
    live: list[PatientAttachment]
    archived: list[PatientAttachment]
    gone: int  # the one that was archived just now, or 0
    has_more: bool

    def __len__(self) -> int:
        return len(self.live)

    @property
    def just_archived(self) -> PatientAttachment | None:
        return next((one for one in self.archived if one.pk == self.gone), None)

    @property
    def largest(self) -> int:
        """The most bytes that a file may have."""
        return settings.LARGEST_FILE

    @property
    def largest_in_mb(self) -> int:
        return self.largest // 1024**2


def shelf_of(
    request: PracticeRequest, patient: Patient, case: PatientCase | None = None
) -> FileShelf:
    """The files of `patient`, or only those in that `case` of theirs."""
    rows = patient.attachments.select_related("user").order_by("-id")
    if case is not None:
        rows = rows.filter(pk__in=CaseAttachment.objects.filter(case=case).values("attachment"))
    links = CaseAttachment.objects.filter(attachment=OuterRef("pk")).order_by("case__name", "id")
    named = links.values(one=JSONObject(pk="case_id", name="case__name"))
    most = MOST if request.GET.get("files") == "all" else SHOWN
    found = list(rows.annotate(in_cases=ArraySubquery(named))[: most + 1])
    shown = found[:most]
    return FileShelf(
        patient=patient,
        case=case,
        live=[one for one in shown if one.archived_at is None],
        archived=[one for one in shown if one.archived_at is not None],
        gone=key_in(request.GET.get("gone")),
        has_more=len(found) > most,
    )
