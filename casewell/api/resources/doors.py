"""Doors by which visits come to count in a case, and the ways on from a case that refuses.

A refused link is 422: `errors` say it of the property, `code` is stable, and `choices` are the
ways on that the key's user may take now. The request may name one, which is taken only if needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction

from casewell.accounts.case_policy import WhenFull
from casewell.api.bodies import BLANK, Body, Text255
from casewell.api.errors import Invalid
from casewell.appointments.ways_on import HELPS, Impasse
from casewell.cases.models import draft_of_successor
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from casewell.api.calls import Call
    from casewell.appointments.ways_on import Door

WAYS = {
    "replace_last": WhenFull.REPLACE,
    "raise_limit": WhenFull.RAISE,
    "successor": WhenFull.FOLLOW,
}
# Codes of a refused link; where nothing helps, there are no choices.
REFUSED = frozenset({*HELPS, "case_closed", "wrong_patient"})


class WhenFullBody(Body):
    """What to do where the case refuses; `raise_to` is as many as needed unless said."""

    when_full: Literal["replace_last", "raise_limit", "successor"] | None
    raise_to: int | None
    raise_reason: Text255 | None


ADDED = frozenset(WhenFullBody.__annotations__)


def pass_door(call: Call, door: Door, values: dict[str, Any], at: str = "patient_case") -> None:
    """Go through `door`, by the way on that `values` name where its case refuses.

    Raises Invalid, told at the property `at`, or what the act itself raises; then nothing is
    changed. What `door` enters must be made anew each time.
    """
    impasse = Impasse(call.account, door, by=call.actor)
    try:
        with transaction.atomic():
            door.enter(door.case)
            return
    except RuleViolation as refusal:
        if refusal.code not in REFUSED:
            raise
        impasse.why, first = refusal.code, refusal
    way = WAYS.get(values.get("when_full") or "")
    if way not in HELPS.get(first.code, ()):
        raise _told(impasse, first, at) from first
    try:
        with transaction.atomic():
            _take(impasse, way, values)
    except RuleViolation as refusal:
        raise _told(impasse, refusal, at if refusal.code in REFUSED else "when_full") from refusal


def _take(impasse: Impasse, way: WhenFull | None, values: dict[str, Any]) -> None:
    if way is WhenFull.REPLACE:
        leaving = impasse.room.attendee
        if leaving is None:
            raise RuleViolation(impasse.room.why_not)
        impasse.hold({leaving.pk})
        impasse.replace(leaving)
    elif way is WhenFull.RAISE:
        impasse.hold()
        reason = (values.get("raise_reason") or "").strip()
        if not reason:
            raise Invalid({"raise_reason": BLANK}, code=impasse.why)
        impasse.raise_limit(values.get("raise_to") or impasse.least, reason)
    else:
        coming = {one.pk for one in impasse.coming}
        impasse.hold(coming)
        impasse.follow(draft_of_successor(impasse.case), coming, close=True)


def _told(impasse: Impasse, refusal: RuleViolation, at: str) -> Invalid:
    helps = HELPS.get(impasse.why, ())
    choices = [name for name, way in WAYS.items() if way in helps and not impasse.why_not(way)]
    return Invalid({at: str(refusal)}, code=refusal.code, choices=choices)
