"""How all cases of a practice stand, at once: counted, left, until when, what is done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from casewell.cases.models.programme import Programme
from casewell.cases.models.standing_rows import COUNTS, FIRST, KEY, TERMS, Rows
from casewell.cases.periods import clock_end
from casewell.cases.usage import Usage

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.standing_rows import Zones

NOTHING_DONE: frozenset[str] = frozenset()
new = tuple.__new__  # quicker than a NamedTuple's own


class Standing(NamedTuple):
    """How a case stands.

    The first and the last of its visits, past or to come, are seconds since 1970; `zones` are the
    time zones of the businesses where those two are.
    """

    pk: int
    patient: int
    closed: bool
    lacks_referral: bool
    elsewhere: int
    counted: int
    used: int
    first: int | None
    last: int | None
    limit: int | None
    expires_on: date | None
    programme: Programme | None
    done: frozenset[str]
    zones: Zones

    @property
    def usage(self) -> Usage:
        return Usage(self.counted, self.used, self.limit, self.elsewhere)

    @property
    def left(self) -> int | None:
        """Sessions left; 0 or less where full, None without a limit."""
        return None if self.limit is None else self.limit - self.counted - self.elsewhere

    @property
    def first_on(self) -> date | None:
        return _day(self.first, self.zones[0])

    @property
    def last_on(self) -> date | None:
        return _day(self.last, self.zones[1])

    @property
    def duties(self) -> list[dict[str, Any]]:
        return self.programme.duties if self.programme else []

    def fits_on(self, day: date) -> bool:
        """Whether a visit on that date may join: open, unexpired then, room left."""
        left, ends = self.left, self.expires_on
        return not self.closed and (left is None or left > 0) and (ends is None or day <= ends)


def standings(
    account: Account, cases: PatientCaseQuerySet | None = None, now: datetime | None = None
) -> list[Standing]:
    """How each of `cases` stands, all live ones of the practice unless given: three statements."""
    rules = {programme.pk: programme for programme in account.programmes.all()}
    return _standings(rules, Rows(account, cases, rules.values(), now or timezone.now()))


def _standings(rules: dict[int, Programme], rows: Rows) -> list[Standing]:
    """One loop with few calls, for there are thousands of cases."""
    clocks = {key: rule for key, rule in rules.items() if rule.clock_anchor}
    found, rule_of, papers, zones = [], rules.get, rows.papers, rows.zones
    for row in rows.cases:
        limit, ends, key, starts, place = row[TERMS]
        rule, where, done = rule_of(key), zones[place], NOTHING_DONE
        if row[KEY] in papers:
            limit, ends, done = papers[row[KEY]].over(limit, ends)
        if ends is None and key in clocks:
            ends = _end_of(clocks[key], starts, row[FIRST], where[0])
        terms = (limit, ends, rule, done, where)
        found.append(new(Standing, row[COUNTS] + terms))
    return found


def _end_of(
    rule: Programme, starts: date | None, first: int | None, zone: str | None
) -> date | None:
    """The last day by the programme's clock; None where nothing has started it."""
    if rule.clock_anchor == Programme.Anchor.FIRST_SESSION:
        starts = _day(first, zone)
    return clock_end(starts, rule.clock_months, rule.clock_days) if starts else None


def _day(seconds: int | None, zone: str | None) -> date | None:
    """The day of a moment on the clocks of its zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).date() if seconds and zone else None
