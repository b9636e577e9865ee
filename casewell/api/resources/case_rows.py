"""What a patient case is in an answer."""

from __future__ import annotations

from typing import Annotated, Any

from casewell.api.resources.case_periods import PeriodUse
from casewell.api.rows import At, Day, From, Id, Link, Moment, Money, Of, Row, SelfLink, To
from casewell.cases.usage import Usage, status_of

CONTRACTS = ("dva", "medicare")
USAGE_COLUMNS = ("sessions_counted", "sessions_used", "session_limit", "sessions_elsewhere")
STATUS_COLUMNS = (*USAGE_COLUMNS, "ends_on", "closed_at", "archived_at", "today")


def known_type(word: str) -> str | None:
    """The kind of a referral, where the contract knows it."""
    return word if word in CONTRACTS else None


def or_none(word: str) -> str | None:
    return word or None


def texts(keys: list[int]) -> list[str]:
    return [str(key) for key in keys]


def booked_in(*use: Any) -> int:
    """How many sessions are still to come; `use` are USAGE_COLUMNS."""
    return Usage(*use).booked


def left_in(*use: Any) -> int | None:
    """How many sessions are left; `use` are USAGE_COLUMNS."""
    return Usage(*use).left


def status_in(*known: Any) -> str:
    """The one word for a case, by the rule of the pages; `known` are STATUS_COLUMNS."""
    *use, ends_on, closed_at, archived_at, today = known
    return status_of(
        archived=archived_at is not None,
        closed=closed_at is not None,
        expiry_date=ends_on,
        usage=Usage(*use),
        today=today,
    ).value


class CaseRow(Row):
    id: Id
    name: str
    issue_date: Day | None
    expiry_date: Day | None
    referral: bool
    referral_type: Annotated[str | None, Of("referral_type", known_type)]
    max_sessions: int | None
    max_invoiceable_amount: Money | None
    include_cancelled_attendees: bool
    include_dna_attendees: bool
    notes: str | None
    closed: Annotated[bool, Of("closed_at", bool)]
    closed_at: Moment | None
    attendee_ids: Annotated[list[str], Of("attendee_ids", texts)]
    created_at: Moment
    updated_at: Moment
    archived_at: Moment | None
    patient: Annotated[Link, To("patients", "patient_id")]
    contact: Annotated[Link | None, To("contacts", "contact_id")]
    attendees: Annotated[Link, At("/patient_cases/{id}/attendees")]
    bookings: Annotated[Link, At("/patient_cases/{id}/bookings")]
    invoices: Annotated[Link, At("/patient_cases/{id}/invoices")]
    patient_attachments: Annotated[Link, At("/patient_cases/{id}/patient_attachments")]
    links: SelfLink
    # Beside the contract. What approvals and programmes give counts here, as on the pages.
    status: Annotated[str, From(STATUS_COLUMNS, status_in)]
    session_limit: int | None
    expires_on: Annotated[Day | None, Of("ends_on")]
    funding_type: Annotated[str | None, Of("referral_type", or_none)]
    sessions_counted: int
    sessions_used: int
    sessions_booked: Annotated[int, From(USAGE_COLUMNS, booked_in)]
    sessions_left: Annotated[int | None, From(USAGE_COLUMNS, left_in)]
    amount_limit: Money | None
    amount_used: Money
    amount_left: Annotated[Money | None, Of("amount_remaining")]
    period_usage: Annotated[list[PeriodUse], Of("cap_visits")]
