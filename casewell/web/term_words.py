"""The words of the history for what belongs to a case or a patient and has no name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.cases.models import Approval, DutyDone
from casewell.patients.models import ReferralSource, Relationship

if TYPE_CHECKING:
    from django.db import models

APPROVAL, DUTY, RELATION, SOURCE = (
    one._meta.label_lower for one in (Approval, DutyDone, Relationship, ReferralSource)
)
RECORD_TERMS: dict[str, tuple[type[models.Model], str]] = {
    APPROVAL: (Approval, "an approval"),
    DUTY: (DutyDone, "a duty"),
    RELATION: (Relationship, "a relationship"),
    SOURCE: (ReferralSource, "how the patient came to the practice"),
}
RECORD_PHRASES = {
    (APPROVAL, "granted"): "added {}",
    (DUTY, "done"): "marked {} as done",
    (DUTY, "taken back"): "marked {} as not done",
    (RELATION, "created"): "added {}",
    (RELATION, "edited"): "changed {}",
    (RELATION, "archived"): "removed {}",
    (SOURCE, "created"): "wrote down {}",
    (SOURCE, "edited"): "changed {}",
}
