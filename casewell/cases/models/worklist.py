"""Cases that somebody should look at: each reason by itself, over all cases of a practice at once.

Source: docs/domain.md#worklist. The rules are arithmetic over how a case stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

from casewell.cases.duties import CaseFacts, DutyState, duty_state
from casewell.cases.models.standing import Standing, standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from casewell.cases.models.programme import Programme

__all__ = ["Lookout", "Reason", "Standing", "facts_of", "reasons_of", "standings"]

SOON = timedelta(days=30)
FEW = 2
DAY_SECONDS, FARTHEST_ZONE = 86_400, 15 * 3_600
FIRST_DAY = date(1970, 1, 1).toordinal()
PRESSING = (DutyState.DUE, DutyState.OVERDUE)


class Reason(StrEnum):
    """Why a case is in the worklist."""

    EXPIRING = "expiring", "Expiring in 30 days"
    FEW_LEFT = "few_left", "Two or fewer left"
    FULL = "full", "Full"
    EXPIRED_WITH_VISITS = "expired_with_visits", "Expired, with visits to come"
    BOOKED_PAST_EXPIRY = "booked_past_expiry", "Booked past expiry"
    REPORT_DUE = "report_due", "Report due"
    REFERRAL_MISSING = "referral_missing", "Referral missing"

    label: str
    __hash__ = str.__hash__  # that of an Enum is Python's, and thousands are counted

    def __new__(cls, value: str, label: str) -> Reason:
        reason = str.__new__(cls, value)
        reason._value_, reason.label = value, label
        return reason


# As they are told of one case. Those that hold are the bits of a number: there are thousands of
# cases, and few numbers.
IN_ORDER = (
    Reason.FULL,
    Reason.FEW_LEFT,
    Reason.EXPIRING,
    Reason.EXPIRED_WITH_VISITS,
    Reason.BOOKED_PAST_EXPIRY,
    Reason.REFERRAL_MISSING,
    Reason.REPORT_DUE,
)
BITS = [1 << place for place in range(len(IN_ORDER))]
FULL, FEW_LEFT, EXPIRING, EXPIRED_WITH_VISITS, BOOKED_PAST_EXPIRY, REFERRAL_MISSING, REPORT_DUE = (
    BITS
)
HELD = [
    tuple(reason for reason, bit in zip(IN_ORDER, BITS, strict=True) if held & bit)
    for held in range(1 << len(IN_ORDER))
]


class End(NamedTuple):
    """A day on which cases expire: what holds without a visit to come, and with one.

    A last visit until `before`, in seconds since 1970, is not after that day in any time zone, one
    from `after` on is in all of them.
    """

    day: date
    quiet: int
    busy: int
    before: int
    after: int


@dataclass
class Duties:
    """What the rules of a programme ask of a case, and which of those that asked it press."""

    programme: Programme
    by_clock: bool
    by_end: bool
    press: dict[tuple[Any, ...], bool] = field(default_factory=dict)


def _seconds(day: date) -> int:
    """The end of the day in UTC, as seconds since 1970."""
    return (day.toordinal() - FIRST_DAY + 1) * DAY_SECONDS


class Lookout:
    """A day on which all cases are looked at.

    What it finds of an expiry's day holds for every case of that day, and what it finds of duties
    for every case that is alike in what their rules ask: among thousands there are few of either.
    """

    def __init__(self, today: date, now: datetime, course_ends_after_weeks: int) -> None:
        self.today, self.soon = today, today + SOON
        # Whole seconds, as those of visits, are compared quicker.
        self.now = floor(now.timestamp())
        self.quiet_since = ceil((now - timedelta(weeks=course_ends_after_weeks)).timestamp())
        self._ends: dict[date, End] = {}
        self._duties: dict[int, Duties] = {}

    @property
    def programmes(self) -> list[Programme]:
        """Those of the cases that were looked at."""
        return [duties.programme for duties in self._duties.values()]

    def found_among(
        self, standing: Iterable[Standing]
    ) -> list[tuple[Standing, tuple[Reason, ...]]]:
        """Those that somebody should look at, each with why."""
        return [(one, reasons) for one in standing if (reasons := self.reasons_of(one))]

    def reasons_of(self, one: Standing) -> tuple[Reason, ...]:
        """Why somebody should look at that case; nothing for many."""
        _, _, closed, lacks, elsewhere, counted, _, _, last, limit, ends, programme, _, _ = one
        to_come = last is not None and last > self.now
        held = 0
        if not closed:
            if limit is not None and (left := limit - counted - elsewhere) <= FEW:
                held = FULL if left <= 0 else FEW_LEFT
            if ends is not None:
                end = self._ends.get(ends) or self._end_on(ends)
                held |= end.busy if to_come else end.quiet
                if to_come and self._is_last_after(one, end):
                    held |= BOOKED_PAST_EXPIRY
            if lacks:
                held |= REFERRAL_MISSING
        if programme is not None and self._is_report_due(one, programme, to_come):
            held |= REPORT_DUE
        return HELD[held]

    def _is_last_after(self, one: Standing, end: End) -> bool:
        """Whether the last visit is after that day, which most tell without a look at a clock."""
        last = one.last or 0
        if last <= end.before or end.day < self.today:
            return False
        return last >= end.after or (one.last_on or end.day) > end.day

    def _end_on(self, day: date) -> End:
        over, is_past = _seconds(day), day < self.today
        soon = EXPIRING if not is_past and day <= self.soon else 0
        busy = EXPIRED_WITH_VISITS if is_past else soon
        end = self._ends[day] = End(day, soon, busy, over - FARTHEST_ZONE, over + FARTHEST_ZONE)
        return end

    def _is_report_due(self, one: Standing, programme: Programme, to_come: bool) -> bool:
        duties = self._duties.get(programme.id) or self._duties_of(programme)
        clock = one.expires_on if duties.by_clock else None
        ended = duties.by_end and not to_come and self._has_ended(one)
        kind = (one.used, one.limit, ended, clock, one.done)
        press = duties.press.get(kind)
        if press is None:
            press = duties.press[kind] = next(self.pressing_duties(one), None) is not None
        return press

    def _duties_of(self, programme: Programme) -> Duties:
        rules = programme.duties
        duties = self._duties[programme.id] = Duties(
            programme,
            by_clock=any(rule.get("before") == "clock_end" for rule in rules),
            by_end=any(rule.get("after") == "last_session" for rule in rules),
        )
        return duties

    def pressing_duties(self, one: Standing) -> Iterator[tuple[dict[str, Any], DutyState]]:
        """The rules of the case's programme that are due or overdue, each with which of both."""
        facts = self.facts_of(one)
        for rule in one.duties:
            if rule["code"] not in one.done:
                state = duty_state(rule, facts, done=False)
                if state in PRESSING:
                    yield rule, state

    def facts_of(self, one: Standing) -> CaseFacts:
        """What the rules of duties ask of a case."""
        ended_on = one.last_on if self._has_ended(one) else None
        first = one.first_on if one.used else None
        return CaseFacts(self.today, one.used, one.limit, first, ended_on, one.expires_on)

    def _has_ended(self, one: Standing) -> bool:
        """Whether the last visit was the last of its course."""
        last, left = one.last, one.left
        if last is None or last > self.now:
            return False
        expired = one.expires_on is not None and one.expires_on < self.today
        return one.closed or expired or (left is not None and left <= 0) or last < self.quiet_since


def reasons_of(
    standing: Standing, today: date, now: datetime, course_ends_after_weeks: int
) -> tuple[Reason, ...]:
    """Why somebody should look at that case; nothing for many."""
    return Lookout(today, now, course_ends_after_weeks).reasons_of(standing)


def facts_of(one: Standing, today: date, now: datetime, weeks: int) -> CaseFacts:
    """What the rules of duties ask of a case; `weeks` without a booking end its course."""
    return Lookout(today, now, weeks).facts_of(one)
