"""How all cases of a practice stand, at once: counted, left, until when, what is done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone

from casewell.cases.models.programme import Programme
from casewell.cases.models.standing_rows import NO_VISITS, Rows
from casewell.cases.periods import clock_end
from casewell.cases.usage import Usage

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.standing_rows import Papers, Visits, Zones

NOTHING_DONE: frozenset[str] = frozenset()


class Standing(NamedTuple):
    """How a case stands. Its first and its last visit, past or to come, are seconds since 1970,
    each with the time zone of its business.
    """

    pk: int
    patient: int
    referrer: int | None
    programme: Programme | None
    closed: bool
    lacks_referral: bool
    limit: int | None
    elsewhere: int
    counted: int
    used: int
    first: int | None
    first_zone: str | None
    last: int | None
    last_zone: str | None
    expires_on: date | None
    done: frozenset[str]

    @property
    def usage(self) -> Usage:
        return Usage(self.counted, self.used, self.limit, self.elsewhere)

    @property
    def left(self) -> int | None:
        """Sessions left; 0 or less where full, None without a limit."""
        return None if self.limit is None else self.limit - self.counted - self.elsewhere

    @property
    def first_on(self) -> date | None:
        return _day(self.first, self.first_zone)

    @property
    def last_on(self) -> date | None:
        return _day(self.last, self.last_zone)

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
    rows = Rows(account, cases, rules.values(), now or timezone.now())
    papers, visits, zones = rows.papers, rows.visits, rows.zones
    return [
        _standing(row, rules.get(row[3]), papers.get(row[0]), visits.get(row[0], NO_VISITS), zones)
        for row in rows.cases
    ]


def _standing(
    row: tuple[Any, ...],
    rule: Programme | None,
    papers: Papers | None,
    visits: Visits,
    zones: dict[Any, Zones],
) -> Standing:
    pk, patient, referrer, _, closed, lacks, limit, elsewhere, ends, starts, _ = row
    _, place, counted, used, first, last = visits
    first_zone, last_zone = zones[place]
    done = NOTHING_DONE
    if papers is not None:
        ends = papers.until or ends
        limit = limit if papers.sessions is None else papers.sessions
        done = papers.done
    if ends is None and rule is not None and rule.clock_anchor:
        if rule.clock_anchor == Programme.Anchor.FIRST_SESSION:
            starts = _day(first, first_zone)
        ends = clock_end(starts, rule.clock_months, rule.clock_days) if starts else None
    return Standing._make(  # quicker than naming each
        (
            *(pk, patient, referrer, rule, closed, lacks, limit, elsewhere),
            *(counted, used, first, first_zone, last, last_zone, ends, done),
        )
    )


def _day(seconds: int | None, zone: str | None) -> date | None:
    """The day of a moment on the clocks of its zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).date() if seconds and zone else None
