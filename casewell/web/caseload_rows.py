"""A row of the cases worklist: what is read for it, how it looks, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from casewell.cases.models.worklist import Reason

if TYPE_CHECKING:
    from casewell.cases.models import PatientCase
    from casewell.cases.models.standing import Standing

# What a row tells of a case, its patient and its referrer, beside how the case stands.
SHOWN = (
    "account",
    "name",
    "patient__last_name",
    "patient__first_name",
    "patient__preferred_first_name",
    "patient__phone_numbers",
    "contact__title",
    "contact__first_name",
    "contact__last_name",
    "contact__preferred_name",
    "contact__company_name",
    "contact__email",
    "contact__phone_numbers",
    "contact__city",
    "contact__provider_number",
)
# The look of each reason, as the status words know it.
LOOKS = {
    Reason.EXPIRING: "expiring",
    Reason.FEW_LEFT: "low",
    Reason.FULL: "full",
    Reason.EXPIRED_WITH_VISITS: "expired",
    Reason.BOOKED_PAST_EXPIRY: "expired",
    Reason.REPORT_DUE: "low",
    Reason.REFERRAL_MISSING: "expired",
}
FOLLOW_UP = {
    Reason.FEW_LEFT: "book",
    Reason.EXPIRING: "book",
    Reason.REPORT_DUE: "duty",
    Reason.REFERRAL_MISSING: "edit",
}


@dataclass(frozen=True)
class Row:
    """One case, with all that one wants to know before doing something about it."""

    case: PatientCase
    standing: Standing
    reasons: tuple[Reason, ...]
    duties: list[str]
    step: str

    @property
    def badges(self) -> list[tuple[str, str]]:
        """Each reason in words, with its look."""
        return [(reason.label, LOOKS[reason]) for reason in self.reasons]

    @property
    def booking(self) -> str:
        """What the address of a new booking says, for the case to be chosen there."""
        asked = {"patient": self.standing.patient, "case": self.case.pk}
        return "?" + urlencode(asked | {"case_of": self.standing.patient})

    @property
    def missing(self) -> str:
        """What the referral lacks."""
        return "referrer" if self.case.contact_id is None else "date of the referral"
