"""What the referral of a case lacks, for how long it is, and how soon it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casewell.cases.models import PatientCase

if TYPE_CHECKING:
    from datetime import date

SOON = timedelta(days=30)
# Who pays for nothing without a doctor's referral.
ON_REFERRAL_ONLY = frozenset(
    {
        PatientCase.ReferralType.MEDICARE,
        PatientCase.ReferralType.DVA,
        PatientCase.ReferralType.WORKERS_COMPENSATION,
    }
)


def missing_of(case: PatientCase) -> str:
    """What the case's referral lacks, in words; empty where nothing, or where none is needed."""
    if not case.referral and case.referral_type not in ON_REFERRAL_ONLY:
        return ""
    if not case.referral:
        return "referral missing"
    if case.contact_id is None and case.referral_type in ("", *ON_REFERRAL_ONLY):
        return "referrer missing"
    return "" if case.issue_date else "referral without a date"


def missing_in_letter(case: PatientCase) -> list[str]:
    """What the programme wants in the referral's letter and was not found there, in its words."""
    wanted = case.programme.letter_must_contain if case.programme else []
    return [words for words in wanted if words not in case.letter_contains]


def period_in_words(case: PatientCase) -> str:
    """“Standard”, “18 months”, “Indefinite”; empty where none is given."""
    if case.referral_period == PatientCase.ReferralPeriod.MONTHS and case.referral_period_months:
        return f"{case.referral_period_months} months"
    return str(case.get_referral_period_display())


def has_expired(case: PatientCase, day: date) -> bool:
    """Whether the case has expired on that day; on its last day it has not."""
    return case.expires_on is not None and expired_by(case.expires_on, day)


def is_expiring(case: PatientCase, day: date) -> bool:
    """Whether the case is about to expire on that day, or within a month of it."""
    return case.expires_on is not None and expires_soon_after(case.expires_on, day)


def expired_by(expires: date, day: date) -> bool:
    return expires < day


def expires_soon_after(expires: date, day: date) -> bool:
    return day <= expires <= day + SOON
