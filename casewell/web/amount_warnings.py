"""Cases that invoiced visits have brought past the amount that may be invoiced: said, not refused.

Source: docs/domain.md#usage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.web.requests import PracticeRequest


def warn_of_amounts(request: PracticeRequest, visits: Iterable[int]) -> None:
    """Tell of each case past its amount that invoiced ones of these visits, by id, are in now."""
    invoiced = request.account.attendees.filter(pk__in=set(visits)).invoiced()
    joined = request.account.patient_cases.filter(pk__in=invoiced.values("case"))
    for case in joined.with_amounts().order_by("id"):
        if case.amount and case.amount.is_passed:
            messages.warning(request, f"This brings “{case}” to {case.amount} invoiced.")
