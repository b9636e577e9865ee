"""What one case hands on to the next."""

from __future__ import annotations

from casewell.cases.models.case import PatientCase

# What one referral hands on to the next; letter, dates and counts are its own.
KEPT_BY_SUCCESSOR = (
    "patient",
    "name",
    "programme",
    "discipline",
    "max_sessions",
    "max_invoiceable_amount",
    "limit_action",
    "include_cancelled_attendees",
    "include_dna_attendees",
    "referral",
    "referral_type",
    "contact",
    "referral_period",
    "referral_period_months",
    "condition",
    "payer",
    "claim_number",
    "injury_date",
    "employer",
    "case_manager",
)


def draft_of_successor(case: PatientCase) -> PatientCase:
    """The next case of the same kind, not stored: with no letter, no dates, nothing used."""
    kept = {name: getattr(case, name) for name in KEPT_BY_SUCCESSOR}
    if kept["max_sessions"] is None:
        kept["max_sessions"] = case.usage.limit
    if kept["max_invoiceable_amount"] is None:
        kept["max_invoiceable_amount"] = case.invoiceable
    return PatientCase(account=case.account, predecessor=case, **kept)
