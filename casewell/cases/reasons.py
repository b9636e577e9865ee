"""Why a case's status is what it is, in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.cases.usage import Status
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from datetime import date

    from casewell.cases.models import PatientCase


def reason_for(case: PatientCase, status: Status) -> str:
    """As a short sentence without a full stop, with dates as the practice writes them."""
    reasons = {
        Status.ARCHIVED: f"archived on {_date(case.archived_at)}",
        Status.CLOSED: " ".join(
            part for part in (f"closed on {_date(case.closed_at)}", case.closed_reason) if part
        ),
        Status.EXPIRED: f"expired on {_date(case.expires_on)}",
        Status.FULL: f"all {case.usage.limit} sessions are allocated",
        Status.OPEN: room_in_words(case) or "no limit",
    }
    return reasons[status]


def room_in_words(case: PatientCase) -> str:
    """What is left of its sessions and of its amount; empty where neither is limited."""
    left, amount = case.usage.left, case.amount
    said = [] if left is None else [f"{left} left"]
    if amount is not None:
        said.append("amount used up" if amount.is_used_up else amount.rest_in_words)
    return " · ".join(said)


def _date(moment: date | None) -> str:
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return formats().day(local) if local else ""
