"""What a client says of the case that follows another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from casewell.cases.models import PatientCase, draft_of_successor
from casewell.cases.quick_form import QuickCaseForm

if TYPE_CHECKING:
    from django.http import QueryDict


class SuccessorForm(QuickCaseForm):
    """The next case of the same kind: its own letter and dates, the rest as it was."""

    class Meta:
        model = PatientCase
        fields: ClassVar = [
            "name",
            "max_sessions",
            "max_invoiceable_amount",
            "issue_date",
            "expiry_date",
            "contact",
        ]

    def __init__(self, case: PatientCase, sent: QueryDict | None, **kwargs: Any) -> None:
        super().__init__(sent, instance=draft_of_successor(case), prefix="next", **kwargs)
        if case.invoiceable is None:
            del self.fields["max_invoiceable_amount"]
        clock = case.programme and (case.programme.clock_months or case.programme.clock_days)
        if clock:
            self.fields["expiry_date"].help_text = f"Empty: as {case.programme} has it."


def asks_of_a_new_cycle(case: PatientCase) -> list[str]:
    """What to see to when a case is followed: the letter, and what its programme asks first."""
    asked = ["A new letter, with its own date."] if case.referral or case.referral_type else []
    if case.programme is None:
        return asked
    if case.programme.letter_must_contain:
        asked.append(f"In the letter: {', '.join(case.programme.letter_must_contain)}.")
    first = [d for d in case.programme.duties if d.get("after") == "first_session"]
    asked.append("An initial consultation first, where the funder pays one each cycle.")
    return asked + [f"{duty['name']}." for duty in first]
