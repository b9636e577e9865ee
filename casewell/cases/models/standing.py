"""How all cases of a practice stand, at once: counted, left, until when, what is done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from casewell.cases.models.standing_rows import COLUMNS, Statement
from casewell.cases.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

NOTHING_DONE: frozenset[str] = frozenset()
PLAIN = slice(12)  # what comes from the database as it is told
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
    has_amount: bool  # whether what may be invoiced is limited
    elsewhere: int
    counted: int
    used: int
    first: int | None
    last: int | None
    limit: int | None
    expires_on: date | None
    programme: Programme | None
    done: frozenset[str]
    zones: tuple[str | None, str | None]

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
    statement = Statement(account, cases, rules.values(), now or timezone.now())
    rows = statement.rows(f"SELECT {', '.join(COLUMNS)} FROM told")  # noqa: S608 - names of columns
    return list(read(rows, rules, statement.zones.names))


def read(
    rows: Iterable[tuple[Any, ...]], rules: Mapping[int, Programme], zones: list[str]
) -> Iterator[Standing]:
    """What rows of COLUMNS tell. One loop with few calls, for there are thousands of cases."""
    names: dict[int | None, str | None] = {None: None, **dict(enumerate(zones, 1))}
    rule_of = rules.get
    for row in rows:
        programme, done, first, last = row[12:]
        where = (names[first], names[last])
        terms = (rule_of(programme), frozenset(done) if done else NOTHING_DONE, where)
        yield new(Standing, row[PLAIN] + terms)


def _day(seconds: int | None, zone: str | None) -> date | None:
    """The day of a moment on the clocks of its zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).date() if seconds and zone else None
