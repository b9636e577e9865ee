"""How bookings repeat, as the contract writes it: the rule, the links, the filter, what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from django.db.models import F, Q
from django.db.models.functions import NullIf

from casewell.api.errors import Invalid
from casewell.api.filters import Condition, Number
from casewell.api.resources.doors import pass_door
from casewell.api.rows import From, Path, by_id
from casewell.appointments.models.reach import Reach
from casewell.appointments.models.repeating import book_series, occurrences
from casewell.appointments.ways_on import Door
from casewell.lib.errors import RuleViolation
from casewell.lib.recurrence import Frequency, Rule

if TYPE_CHECKING:
    from casewell.api.calls import Call
    from casewell.api.prepared import Given
    from casewell.appointments.models import Attendee, Booking
    from casewell.cases.models import PatientCase

STAYS = "can't be changed: move or cancel what repeats, or book another"
LACKING = "needs repeat_type and number_of_repeats"


class RepeatRule(msgspec.Struct):
    """How often a booking repeats after the first."""

    number_of_repeats: Annotated[int, msgspec.Meta(gt=0, le=51)] | None = None
    repeat_type: Literal["Daily", "Weekly", "Monthly"] | None = None
    repeating_interval: Annotated[int, msgspec.Meta(gt=0, le=100)] | None = None


def as_rule(frequency: str | None, interval: int, number: int) -> dict[str, Any] | None:
    """The rule of a series; none where nothing is left that repeats."""
    if not frequency or not number:
        return None
    return {
        "number_of_repeats": number,
        "repeat_type": frequency.capitalize(),
        "repeating_interval": interval,
    }


RULE = From(("series__frequency", "series__interval", "series__number_of_repeats"), as_rule)


def original(collection: str) -> Path:
    """The link to the booking that another repeats: the series has the id of its first."""

    def path(series: int, own: int) -> str | None:
        return None if series == own else f"/{collection}/{series}"

    return Path("series_id", path, ("pk",))


def repeats(collection: str, name: str = "repeated_from") -> Path:
    """The link to the bookings that repeat one, from that one."""
    query = by_id(name)

    def path(series: int, own: int) -> str | None:
        return f"/{collection}{query.format(id=own)}" if series == own else None

    return Path("series_id", path, ("pk",))


def in_series(operator: str, key: Given) -> Q | None:
    """The bookings of the series that a booking began, by their index."""
    return Q(Condition("series_id", " = ANY ", key)) if operator == "=" else None


REPEATED_FROM = Number(NullIf(F("series_id"), F("id")), in_series)


def rule_in(values: dict[str, Any]) -> Rule | None:
    """The rule that a body names; none of an empty one. Raises Invalid."""
    sent = {name: one for name, one in (values.get("repeat_rule") or {}).items() if one is not None}
    if not sent:
        return None
    if "repeat_type" not in sent or "number_of_repeats" not in sent:
        raise Invalid({"repeat_rule": LACKING})
    frequency = Frequency(sent["repeat_type"].lower())
    return Rule(frequency, sent.get("repeating_interval", 1), times=sent["number_of_repeats"] + 1)


def with_repeats(first: Booking, rule: Rule) -> list[Booking]:
    """The booking and its repeats, not stored yet. Raises Invalid for a rule that goes too far."""
    try:
        return occurrences(first, rule)
    except RuleViolation as refusal:
        raise Invalid({"repeat_rule": str(refusal)}) from refusal


def refuse_another_rule(one: Booking, values: dict[str, Any]) -> Rule | None:
    """The rule by which a booking that does not repeat yet is to; none where it stays as it is.

    Raises Invalid where it repeats by another rule.
    """
    rule = rule_in(values)
    if rule is None or one.series is None:
        return rule
    series = one.series
    if (series.rule.frequency, series.interval) != (rule.frequency, rule.interval) or (
        rule.times != series.number_of_repeats + 1
    ):
        raise Invalid({"repeat_rule": STAYS})
    return None


def repeat(call: Call, first: Booking, rule: Rule) -> None:
    """Book what repeats a block or a group, stored or not, and it with them where it is not."""
    book_series(with_repeats(first, rule), rule, by=call.actor)


def repeat_visit(call: Call, visit: Attendee, rule: Rule, values: dict[str, Any]) -> None:
    """Book what repeats an appointment that is there: in its case, as far as that admits them."""
    first, case = visit.booking, visit.case

    def enter(into: PatientCase | None) -> None:
        # Anew each time: what a refused attempt left in it would be stored by the next.
        every = with_repeats(first.elsewhere(), rule)
        book_series(every, rule, visit.patient, into, by=call.actor)

    if case is None:
        enter(None)
    else:
        count = (rule.times or 1) - 1
        pass_door(call, Door(case, enter, first.local_start, count=count), values)


def reach_in(body: dict[str, Any]) -> Reach:
    """How much of a series a cancellation is for."""
    return Reach.FOLLOWING if body.get("apply_to_repeats") else Reach.ONE
