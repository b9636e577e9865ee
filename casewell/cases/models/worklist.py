"""Cases that somebody should look at: each reason by itself, over all cases of a practice at once.

Source: docs/domain.md#worklist. The rules are arithmetic over how a case stands.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from casewell.cases.duties import CaseFacts, DutyState, duty_state
from casewell.cases.models.standing import Standing, standings

if TYPE_CHECKING:
    from collections.abc import Iterator
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


def _seconds(day: date) -> int:
    """The end of the day in UTC, as seconds since 1970."""
    return (day.toordinal() - FIRST_DAY + 1) * DAY_SECONDS


class Lookout:
    """A day on which all cases are looked at.

    What it finds of duties holds for every case that is alike in what their rules ask, and there
    are few kinds of those among thousands of cases.
    """

    def __init__(self, today: date, now: datetime, course_ends_after_weeks: int) -> None:
        self.today, self.soon = today, today + SOON
        self.now = now.timestamp()
        self.quiet_since = (now - timedelta(weeks=course_ends_after_weeks)).timestamp()
        self._alike: dict[tuple[Any, ...], bool] = {}
        self._by_clock: dict[int, bool] = {}
        self._seconds: dict[date, int] = {}

    def reasons_of(self, one: Standing) -> list[Reason]:
        """Why somebody should look at that case; nothing for many."""
        found, left, programme = [], one.left, one.programme
        if not one.closed:
            if left is not None and left <= FEW:
                found.append(Reason.FULL if left <= 0 else Reason.FEW_LEFT)
            if one.expires_on is not None:
                found += self._reasons_of_end(one, one.expires_on)
            if one.lacks_referral:
                found.append(Reason.REFERRAL_MISSING)
        if programme is not None and programme.duties and self._is_report_due(one, programme):
            found.append(Reason.REPORT_DUE)
        return found

    def _reasons_of_end(self, one: Standing, ends: date) -> list[Reason]:
        to_come = one.last is not None and one.last > self.now
        if ends < self.today:
            return [Reason.EXPIRED_WITH_VISITS] if to_come else []
        found = [Reason.EXPIRING] if ends <= self.soon else []
        if to_come and self._is_last_after(one, ends):
            found.append(Reason.BOOKED_PAST_EXPIRY)
        return found

    def _is_last_after(self, one: Standing, day: date) -> bool:
        """Whether the last visit is after that day, which most tell without a look at a clock."""
        over, last = self._seconds.get(day), one.last or 0
        if over is None:
            over = self._seconds[day] = _seconds(day)
        if abs(last - over) > FARTHEST_ZONE:
            return last > over
        last_on = one.last_on
        return last_on is not None and last_on > day

    def _is_report_due(self, one: Standing, programme: Programme) -> bool:
        by_clock = self._by_clock.get(programme.id)
        if by_clock is None:
            by_clock = any(rule.get("before") == "clock_end" for rule in programme.duties)
            self._by_clock[programme.id] = by_clock
        clock = one.expires_on if by_clock else None
        kind = (programme.id, one.used, one.limit, self._has_ended(one), clock, one.done)
        is_due = self._alike.get(kind)
        if is_due is None:
            is_due = self._alike[kind] = next(self.pressing_duties(one), None) is not None
        return is_due

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
) -> list[Reason]:
    """Why somebody should look at that case; nothing for many."""
    return Lookout(today, now, course_ends_after_weeks).reasons_of(standing)


def facts_of(one: Standing, today: date, now: datetime, weeks: int) -> CaseFacts:
    """What the rules of duties ask of a case; `weeks` without a booking end its course."""
    return Lookout(today, now, weeks).facts_of(one)
