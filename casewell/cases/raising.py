"""What a form of a case refuses to those who may not give it more room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.accounts.case_policy import LimitAction, WhenFull

if TYPE_CHECKING:
    from django import forms

    from casewell.cases.models import PatientCase

# The fields of each kind of limit.
LIMITED_BY = {
    "none": (),
    "sessions": ("max_sessions",),
    "amount": ("max_invoiceable_amount",),
    "both": ("max_sessions", "max_invoiceable_amount"),
}


def kind_of_limit(case: PatientCase) -> str:
    """Which of LIMITED_BY was typed for the case."""
    typed = tuple(name for name in LIMITED_BY["both"] if getattr(case, name))
    return next(kind for kind, names in LIMITED_BY.items() if names == typed)


def refuse_more(form: forms.ModelForm[PatientCase], cleaned: dict[str, Any]) -> None:
    """Errors where there would be more room than the case has been given so far."""
    case = form.instance
    who = case.account.who_may(WhenFull.RAISE)
    for name in LIMITED_BY["both"]:
        before, wanted = getattr(case, name), cleaned.get(name)
        if name not in form.errors and before is not None and (wanted is None or wanted > before):
            kind = cleaned.get("limit_kind")
            at = name if not kind or name in LIMITED_BY[kind] else "limit_kind"
            form.add_error(at, f"Raising the limit of {before}, or taking it away: {who}.")
    if case.max_sessions is None:
        return
    then = cleaned.get("limit_action") or case.account.case_limit_action
    if case.blocks_when_full and then != LimitAction.BLOCK:
        form.add_error("limit_action", f"Letting more be booked than the limit: {who}.")
    for name in ("include_cancelled_attendees", "include_dna_attendees"):
        if getattr(case, name) and not cleaned.get(name):
            form.add_error(name, f"Leaving out what counts gives the case more room: {who}.")
