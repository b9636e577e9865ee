"""What a letter begins with: whose case, who writes it, from where, and to whom it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewell.cases.usage import Status
from casewell.letters.facts import referrer_of
from casewell.letters.models import LetterTemplate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casewell.accounts.models import Business, Membership, Practitioner
    from casewell.cases.models import PatientCase
    from casewell.contacts.models import Contact
    from casewell.patients.models import Patient


def cases_of(patient: Patient) -> list[PatientCase]:
    """The patient's cases that a letter can be filed in, the unclosed first, latest first."""
    rows = (
        patient.cases.filter(archived_at=None).with_usage().select_related("account", "programme")
    )
    return sorted(rows, key=lambda case: (case.closed_at is not None, -case.pk))


def the_only_open(cases: Sequence[PatientCase], today: date) -> PatientCase | None:
    """The case to preselect: the only open one, else the only one that is not closed.

    A full case is written of too: its report is due when its last session is used.
    """
    unclosed = [case for case in cases if not (case.closed_at or case.archived_at)]
    for some in ([c for c in unclosed if c.status_on(today) is Status.OPEN], unclosed):
        if len(some) == 1:
            return some[0]
    return None


def recipient_of(
    template: LetterTemplate | None, patient: Patient, case: PatientCase | None
) -> Contact | None:
    """Whom letters of that template go to; None is the patient."""
    to = template.addressee if template else LetterTemplate.Addressee.REFERRER
    if to == LetterTemplate.Addressee.PATIENT:
        return None
    if to == LetterTemplate.Addressee.PAYER:
        return case.payer if case else None
    return referrer_of(patient, case)


@dataclass(frozen=True)
class Author:
    """Who signs, and at which business; None where the practice has nobody yet."""

    practitioner: Practitioner | None
    business: Business | None


def author_of(patient: Patient, case: PatientCase | None, member: Membership | None) -> Author:
    """The member, where they treat; else who saw the patient last; else the first there is."""
    account = patient.account
    visits = patient.attendees.filter(archived_at=None, cancelled_at=None)
    seen = visits.filter(case=case) if case else visits
    own = member and account.practitioners.filter(user=member.user_id, active=True).first()
    by_own = seen.filter(booking__practitioner=own) if own else seen
    last = None
    for rows in (by_own, seen, visits):
        last = (
            last
            or rows.select_related("booking__practitioner", "booking__business")
            .order_by("-booking__starts_at")
            .first()
        )
    first = account.practitioners.active().order_by("last_name", "first_name", "id").first
    place = account.businesses.filter(archived_at=None).order_by("id").first
    return Author(
        own or (last.booking.practitioner if last else first()),
        last.booking.business if last else place(),
    )


def template_for(
    account_templates: Sequence[LetterTemplate], *, duty_code: str = "", purpose: str = ""
) -> LetterTemplate | None:
    """The first of these that is for the duty, else for the purpose."""
    for one in account_templates:
        if duty_code and one.duty_code == duty_code:
            return one
    wanted = purpose or (LetterTemplate.Purpose.REPORT if duty_code else "")
    return next((one for one in account_templates if one.purpose == wanted), None)
