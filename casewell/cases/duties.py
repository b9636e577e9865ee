"""When what a programme asks for is due: rules as data, states by arithmetic.

Source: docs/domain.md#duties. A rule is a row of `Programme.duties`, such as
`{"code": "report_first", "name": "…", "after": "first_session"}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

NEAR_SESSIONS, NEAR_DAYS, GRACE_DAYS = 2, 30, 28


class DutyState(StrEnum):
    """How pressing a duty is."""

    NOT_YET = "not yet"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"


PRESSING = (DutyState.DUE, DutyState.OVERDUE)


@dataclass(frozen=True)
class CaseFacts:
    """What rules ask of a case, on the day `today`.

    `used` are sessions that have started, `ended_on` the day of the last one where none is to
    come: the limit reached, the case closed or expired, or nothing booked for long enough.
    """

    today: date
    used: int
    limit: int | None
    first_on: date | None
    ended_on: date | None
    clock_ends_on: date | None


def duty_state(rule: dict[str, Any], facts: CaseFacts, *, done: bool) -> DutyState:
    """How pressing the duty of `rule` is.

    >>> facts = CaseFacts(date(2026, 3, 9), 1, 5, date(2026, 3, 2), None, None)
    >>> duty_state({"after": "first_session"}, facts, done=False)
    <DutyState.DUE: 'due'>
    >>> duty_state({"before": "session", "session": 6}, facts, done=False)
    <DutyState.NOT_YET: 'not yet'>
    """
    if done:
        return DutyState.DONE
    if rule.get("after"):
        return _after(rule["after"], facts)
    if rule.get("before") == "clock_end":
        return _by_day(facts.clock_ends_on, facts.today)
    opens, closes = _window(rule, facts.limit)
    if closes is None:
        return DutyState.NOT_YET
    if facts.used >= closes:
        return DutyState.OVERDUE
    return DutyState.DUE if facts.used >= opens else DutyState.NOT_YET


def presses(rule: dict[str, Any]) -> tuple[str, list[Any]]:
    """Whether the duty of `rule`, not done, is one of `PRESSING`: as a condition in SQL.

    Over the columns `today`, `used`, `session_limit`, `has_ended` (there is an `ended_on`) and
    `ends` (the clock's last day), with its values.

    >>> presses({"after": "first_session"}), presses({"before": "session", "session": 6})
    (('used > 0', []), ('used >= %s', [3]))
    """
    if rule.get("after"):
        happened = {"first_session": "used > 0", "last_session": "has_ended AND used > 0"}
        return happened.get(rule["after"], "FALSE"), []
    if rule.get("before") == "clock_end":
        return "today >= ends - %s", [NEAR_DAYS]
    if rule.get("before") == "last_session" and "due_by_session" not in rule:
        opens, closes = _window(rule, 0)
        return "used >= session_limit + %s", [min(opens, closes or 0)]
    opens, closes = _window(rule, None)
    return ("FALSE", []) if closes is None else ("used >= %s", [min(opens, closes)])


def _after(event: str, facts: CaseFacts) -> DutyState:
    happened = {"first_session": facts.first_on, "last_session": facts.ended_on}.get(event)
    if happened is None or facts.used == 0:
        return DutyState.NOT_YET
    late = facts.today > happened + timedelta(days=GRACE_DAYS)
    return DutyState.OVERDUE if late else DutyState.DUE


def _by_day(end: date | None, today: date) -> DutyState:
    if end is None or today < end - timedelta(days=NEAR_DAYS):
        return DutyState.NOT_YET
    return DutyState.OVERDUE if today > end else DutyState.DUE


def _window(rule: dict[str, Any], limit: int | None) -> tuple[int, int | None]:
    """From how many used sessions a duty is due, and from how many it is overdue."""
    if "due_by_session" in rule:
        return rule.get("window_from_session", 0), rule["due_by_session"]
    if rule.get("before") == "session":
        return rule["session"] - 1 - NEAR_SESSIONS, rule["session"]
    if rule.get("before") == "last_session" and limit is not None:
        return limit - rule.get("sessions_before", NEAR_SESSIONS), limit
    return 0, None
