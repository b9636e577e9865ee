"""Cases that somebody should look at: each reason by itself, over all cases of a practice at once.

Source: docs/domain.md#worklist. PostgreSQL judges, and brings what is shown alone: of thousands of
cases, the rows of a page and how many there are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from casewell.cases.duties import PRESSING, CaseFacts, duty_state, presses
from casewell.cases.models.standing import Standing, read
from casewell.cases.models.standing_rows import COLUMNS, TELLING, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.accounts.models import Account
    from casewell.cases.duties import DutyState
    from casewell.cases.models.programme import Programme

SOON = timedelta(days=30)
FEW = 2


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

    def __new__(cls, value: str, label: str) -> Reason:
        reason = str.__new__(cls, value)
        reason._value_, reason.label = value, label
        return reason


# When each holds of a case that is not closed (a report is due after that, too), in the order in
# which they are told: the first is the lowest bit of a number that says which do.
HOLDS = {
    Reason.FULL: "left_over <= 0",
    Reason.FEW_LEFT: f"left_over BETWEEN 1 AND {FEW}",
    Reason.EXPIRING: "ends BETWEEN today AND soon",
    Reason.EXPIRED_WITH_VISITS: "ends < today AND to_come",
    Reason.BOOKED_PAST_EXPIRY: "ends >= today AND to_come AND {last_on} > ends",
    Reason.REFERRAL_MISSING: "lacks_referral",
    Reason.REPORT_DUE: "{report_due}",
}
BITS = {reason: 1 << place for place, reason in enumerate(HOLDS)}
# What of them is kept: a row of fewer columns is written and read faster.
JUDGED = """
    SELECT {columns}, {held} AS held FROM (
        SELECT *, to_come IS FALSE AND (
            closed OR COALESCE(ends < today, FALSE) OR COALESCE(left_over <= 0, FALSE)
            OR last < quiet_since
        ) AS has_ended
        FROM (
            SELECT *, session_limit - counted - elsewhere AS left_over, last > now AS to_come
            FROM told CROSS JOIN clock
        ) counted
    ) standing
"""
CLOCK = """
    SELECT %s::date AS today, %s::date AS soon, %s::timestamptz AS now,
        %s::timestamptz AS quiet_since
"""
# How many hold what, and then the rows of a page, in one answer.
FOUND = f"""
    SELECT held, is_asked, COUNT(*) AS number, {", ".join(["NULL"] * len(COLUMNS))} FROM judged
    WHERE held > 0 GROUP BY held, is_asked
    UNION ALL
    SELECT held, NULL, ROW_NUMBER() OVER (ORDER BY {{order}}), {", ".join(COLUMNS)} FROM (
        SELECT * FROM judged WHERE is_asked AND held & %s > 0
        ORDER BY {{order}} LIMIT %s OFFSET %s
    ) page
"""  # noqa: S608 - names of columns
EXPIRED_LAST = "CASE WHEN ends IS NULL THEN 1 WHEN ends < today THEN 2 ELSE 0 END"
ORDERS = {
    "expires": (EXPIRED_LAST, "ends", "pk"),
    "left": ("left_over", "pk"),
    "patient": ("patient_last_name", "patient_first_name", "pk"),
    "referrer": ("contact_last_name", "contact_first_name", "pk"),
}


@dataclass(frozen=True)
class Found:
    """Some of the cases that somebody should look at, each with why, and how many there are.

    `asked` and `others` count the cases that are asked for and those that are not, by why.
    """

    rows: list[tuple[Standing, tuple[Reason, ...]]]
    asked: Counter[tuple[Reason, ...]]
    others: Counter[tuple[Reason, ...]]

    def number(self, reason: Reason | None = None) -> int:
        """How many that are asked for have the reason, or any."""
        return sum(n for why, n in self.asked.items() if reason is None or reason in why)


class Lookout:
    """A moment at which cases are looked at."""

    def __init__(self, account: Account, now: datetime | None = None) -> None:
        self.account, self.now = account, now or timezone.now()
        self.today = self.now.astimezone(account.zone).date()
        self.quiet_since = self.now - timedelta(weeks=account.course_ends_after_weeks)

    @cached_property
    def rules(self) -> dict[int, Programme]:
        """The practice's programmes."""
        return {rule.pk: rule for rule in self.account.programmes.all()}

    def find(
        self,
        asked: Q | None = None,
        *,
        reason: Reason | None = None,
        order: str = "expires",
        rows: slice = slice(0, None),
    ) -> Found:
        """Those of all live cases for which `asked` holds, with that reason or with any.

        `order` is a key of ORDERS, after `-` the other way round. Two statements.
        """
        key = order.removeprefix("-")
        also = {"is_asked": _whether(asked), **_by(key)}
        statement = Statement(self.account, None, self.rules.values(), self.now, **also)
        quiet, soon = self.quiet_since, self.today + SOON
        statement.add("clock", CLOCK, [self.today, soon, self.now, quiet])
        held, values = self._held(statement)
        columns = ", ".join((*TELLING, "left_over", "today", *also))
        statement.add("judged", JUDGED.format(columns=columns, held=held), values, once=True)
        way = " DESC" if order != key else ""
        text = FOUND.format(order=", ".join(f"{column}{way}" for column in ORDERS[key]))
        wanted = BITS[reason] if reason else sum(BITS.values())
        size = None if rows.stop is None else rows.stop - rows.start
        found = statement.rows(text, wanted, size, rows.start)
        return self._told(found, statement.zones.names)

    def _told(self, found: list[tuple[Any, ...]], zones: list[str]) -> Found:
        counts = {True: Counter[Any](), False: Counter[Any]()}
        for held, is_asked, number, *_ in found:
            if is_asked is not None:
                counts[is_asked][_reasons(held)] = number
        rows = sorted((row for row in found if row[1] is None), key=lambda row: int(row[2]))
        standing = read((row[3:] for row in rows), self.rules, zones)
        reasons = (_reasons(row[0]) for row in rows)
        return Found(list(zip(standing, reasons, strict=True)), counts[True], counts[False])

    def _held(self, statement: Statement) -> tuple[str, list[Any]]:
        """Which reasons hold, as a number, of `JUDGED`'s columns."""
        several = statement.zones.are_several
        last_on, zone = ("last_day_to_come", []) if several else statement.day_of("last")
        report_due, values = self._report_due()
        *of_open, of_all = (
            f"CASE WHEN {holds} THEN {BITS[reason]} ELSE 0 END" for reason, holds in HOLDS.items()
        )
        text = f"CASE WHEN closed THEN 0 ELSE {' + '.join(of_open)} END + {of_all}"
        return text.format(last_on=last_on, report_due=report_due), [*zone, *values]

    def _report_due(self) -> tuple[str, list[Any]]:
        """Whether a duty of the case's programme presses that is not done."""
        whens, values = "", list[Any]()
        for rule in self.rules.values():
            for duty in rule.duties:
                condition, more = presses(duty)
                whens += " WHEN programme_id = %s AND done @> ARRAY[%s::varchar] IS NOT TRUE"
                whens += f" AND {condition} THEN TRUE"
                values += [rule.pk, duty["code"], *more]
        return (f"CASE{whens} ELSE FALSE END", values) if whens else ("FALSE", [])

    def pressing_duties(self, one: Standing) -> Iterator[tuple[dict[str, Any], DutyState]]:
        """The rules of the case's programme that are due or overdue, each with which of both."""
        facts = self.facts_of(one)
        for rule in one.duties:
            state = duty_state(rule, facts, done=rule["code"] in one.done)
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
        if last is None or last > self.now.timestamp():
            return False
        expired = one.expires_on is not None and one.expires_on < self.today
        is_full = left is not None and left <= 0
        return one.closed or expired or is_full or last < self.quiet_since.timestamp()


def _whether(asked: Q | None) -> Any:
    return Case(When(asked, then=True), default=False) if asked else Value(True)


def _by(key: str) -> dict[str, Any]:
    """The columns of that order which are not of the case."""
    of_others = [name for name in ORDERS[key] if name.startswith(("patient", "contact"))]
    return {name: F(name.replace("_", "__", 1)) for name in of_others}


def _reasons(held: int) -> tuple[Reason, ...]:
    return tuple(reason for reason, bit in BITS.items() if held & bit)
