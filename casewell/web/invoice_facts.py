"""What an invoice is of, in words: from what it states, which no later change touches."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Mapping


class Fact(NamedTuple):
    """A line of it; `keyed` is typed into other machines, and so can be copied."""

    label: str
    text: str
    keyed: bool = False


def facts_of(stated: Mapping[str, Any]) -> list[Fact]:
    """Visit, case with position, referral; what is not stated is left out."""
    visit, referral = stated.get("visit", {}), stated.get("referral", {})
    facts = [
        Fact("Visit", _when(visit)),
        Fact("Type", visit.get("type", "")),
        Fact("Case", visit.get("case", "")),
        Fact("Session", _position(visit)),
        Fact("Referral", referral.get("type", "")),
        Fact("Referrer", _joined(referral.get("referrer"), referral.get("practice"))),
        Fact("Referrer's provider number", referral.get("provider_number", ""), keyed=True),
        Fact("Referral issued", _day(referral.get("issued"))),
        Fact("Referral expires", _day(referral.get("expires"))),
        Fact("Claim number", referral.get("claim_number", ""), keyed=True),
    ]
    return [fact for fact in facts if fact.text]


def _when(visit: Mapping[str, Any]) -> str:
    if not visit:
        return ""
    start = datetime.fromisoformat(visit["starts_at"])
    return f"{formats().weekday(start)}, {formats().clock(start)}"


def _position(visit: Mapping[str, Any]) -> str:
    """“3 of 10”; nothing for a visit that does not count."""
    if not visit.get("position"):
        return ""
    return (
        f"{visit['position']} of {visit['limit']}" if visit.get("limit") else str(visit["position"])
    )


def _day(iso: str | None) -> str:
    return formats().day(date.fromisoformat(iso)) if iso else ""


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
