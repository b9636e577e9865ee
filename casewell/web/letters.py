"""Referral letters that come with the new case of a booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.cases.models import CaseAttachment
from casewell.lib.uploads import FileRefused, plain_name
from casewell.patients.models import PatientAttachment

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from casewell.web.requests import PracticeRequest


class Letters:
    """The files of one field of the booking's form: kept with all of it, or not at all."""

    name = "case_new-letters"

    def __init__(self, request: PracticeRequest) -> None:
        self.by = request.actor
        wanted = request.POST.get("case") == "new"
        self.uploads = request.FILES.getlist(self.name) if wanted else []
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        """Whether all can be kept; `errors` then says which cannot, and why."""
        self.errors = []
        for upload in self.uploads:
            try:
                PatientAttachment.refuse(upload)
            except FileRefused as refusal:
                self.errors.append(f"{plain_name(upload.name or '')}: {refusal}")
        return not self.errors

    def keep_in(self, case: PatientCase) -> None:
        """Keep them as files of the case's patient, in the case."""
        for upload in self.uploads:
            kept = PatientAttachment.keep(case.patient, upload, by=self.by)
            CaseAttachment.put(kept, case, by=self.by)
