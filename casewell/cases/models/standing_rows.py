"""How cases stand, as a statement: what is counted of each, until when, what is done.

One flat statement over all cases of a practice, for a subquery for each case took seconds of
thousands. What is asked of them beside (`worklist`) is asked of its rows, in the same statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Field,
    Func,
    IntegerField,
    Max,
    Min,
    Q,
    Sum,
    Value,
    When,
)

from casewell.cases.models.approval import Approval
from casewell.cases.usage import uses_a_session_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

AS_IT_COMES: Field[Any, Any] = Field()
IS_CLOSED = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())
LACKS_REFERRAL = ExpressionWrapper(
    Q(referral=True) & (Q(contact=None) | Q(issue_date=None)), BooleanField()
)
OF_CASE = (
    *("pk", "patient_id", "closed", "lacks_referral", "max_sessions", "sessions_elsewhere"),
    *("expiry_date", "programme_id", "issue_date", "plan_date", "injury_date"),
)
# What a Standing reads of `told`, in its order.
TELLING = (
    *("pk", "patient_id", "closed", "lacks_referral", "elsewhere", "counted", "used"),
    *("first", "last", "session_limit", "ends", "programme_id", "done", "first_zone", "last_zone"),
)
# The same as columns: moments as seconds, which are read much faster.
COLUMNS = tuple(
    f"FLOOR(DATE_PART('epoch', {name}))::bigint" if name in ("first", "last") else name
    for name in TELLING
)
# Each row is told once: without the OFFSET, `ends` would be reckoned wherever it is asked.
TOLD = """
    SELECT own.pk, own.patient_id, own.closed, own.lacks_referral, own.programme_id, {also}
        own.sessions_elsewhere AS elsewhere,
        COALESCE(seen.n, 0) AS counted, COALESCE(seen.used, 0) AS used,
        seen.first, seen.last, seen.first_zone, seen.last_zone,
        COALESCE(granted.sessions, own.max_sessions) AS session_limit,
        COALESCE(granted.last_day, own.expiry_date, {clock}) AS ends,
        done.codes AS done
    FROM own
    LEFT JOIN seen ON seen.case_id = own.pk
    LEFT JOIN granted ON granted.case_id = own.pk
    LEFT JOIN done ON done.case_id = own.pk
    OFFSET 0
"""
# Of visits that are all in one time zone, and of others: the moment and its zone as one value, for
# the least of them to bring its own.
IN_ONE_ZONE = "SELECT *, 1 AS first_zone, 1 AS last_zone FROM ({visits}) visits"
IN_SEVERAL = """
    SELECT case_id, n, used, TO_TIMESTAMP(first[1]) AS first, TO_TIMESTAMP(last[1]) AS last,
        first[2]::int AS first_zone, last[2]::int AS last_zone
    FROM ({visits}) visits
"""
ZONE = "(%s::text[])[{}]"
Params = list[Any]


class Epoch(Func):
    """A moment as whole seconds since 1970."""

    template = "FLOOR(DATE_PART('epoch', %(expressions)s))::bigint"
    output_field = AS_IT_COMES


class AtZone(Func):
    """A moment with the number of its time zone, which are ordered by the moment."""

    template = "ARRAY[%(expressions)s]"
    output_field = AS_IT_COMES

    def __init__(self, moment: Any, zone: Any) -> None:
        seconds = Func(moment, template="DATE_PART('epoch', %(expressions)s)")
        super().__init__(seconds, zone)


class Statement:
    """`WITH … told AS (…)`, and its values: a row for each case, all live ones unless given.

    `zones` are the names of the time zones of the practice, which rows know by their numbers from
    1; `also` names expressions that the rows of `told` have beside.
    """

    def __init__(
        self,
        account: Account,
        cases: PatientCaseQuerySet | None,
        rules: Iterable[Programme],
        now: datetime,
        **also: Any,
    ) -> None:
        self.zones = _Zones(account)
        self.text, self.values = "", Params()
        self.is_empty = False
        own = account.patient_cases.live() if cases is None else cases
        own = own.order_by().annotate(closed=IS_CLOSED, lacks_referral=LACKS_REFERRAL, **also)
        asked = None if cases is None else cases.order_by().values("pk")
        parts = {
            "own": own.values(*OF_CASE, *also),
            "seen": _visits(account, asked, now, self.zones),
            "granted": _granted(account, asked),
            "done": _done(account, asked),
        }
        try:
            for name, rows in parts.items():
                text, values = rows.query.sql_with_params()
                if name == "seen":
                    shape = IN_SEVERAL if self.zones.are_several else IN_ONE_ZONE
                    text = shape.format(visits=text)
                self.add(name, text, values)
        except EmptyResultSet:  # none is asked for
            self.is_empty = True
            return
        clock, values = self._clock(rules)
        own_also = "".join(f"own.{name}, " for name in also)
        self.add("told", TOLD.format(clock=clock, also=own_also), values)

    def add(self, name: str, text: str, values: Sequence[Any], *, once: bool = False) -> None:
        """One part more, which knows those before it; `once` it is read by several."""
        with_ = ", " if self.text else "WITH "
        self.text += f"{with_}{name} AS {'MATERIALIZED ' if once else ''}({text})"
        self.values += values

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """What that selects from the parts."""
        if self.is_empty:
            return []
        with connections["default"].cursor() as cursor:
            cursor.execute(f"{self.text} {text}", [*self.values, *values])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def day_of(self, moment: str) -> tuple[str, Params]:
        """The day of `first` or of `last` on the clocks of its business."""
        zone, values = self.zones.named(f"{moment}_zone")
        return f"({moment} AT TIME ZONE {zone})::date", values

    def _clock(self, rules: Iterable[Programme]) -> tuple[str, Params]:
        """The last day by the programme's clock, as `periods.clock_end`."""
        whens, values = "", Params()
        for rule in rules:
            months, days = rule.clock_months, rule.clock_days
            if not rule.clock_anchor or (months is None and days is None):
                continue
            starts, zone = f"own.{rule.clock_anchor}", Params()
            if rule.clock_anchor == rule.Anchor.FIRST_SESSION:
                starts, zone = self.day_of("first")
            runs = "make_interval(months => %s, days => %s)"
            whens += f" WHEN %s THEN ({starts} + {runs})::date"
            values += [rule.pk, *zone, months or 0, days or 0]
        return (f"CASE own.programme_id{whens} END", values) if whens else ("NULL::date", [])


class _Zones:
    """The time zones of a practice's businesses."""

    def __init__(self, account: Account) -> None:
        places = dict(account.businesses.values_list("pk", "time_zone"))
        self.names = sorted({*places.values()}) or [account.time_zone]
        self.are_several = len(self.names) > 1
        self._places = places

    def number(self) -> Case:
        """That of the zone of a visit's business."""
        at = {name: [k for k, zone in self._places.items() if zone == name] for name in self.names}
        whens = [
            When(booking__business__in=places, then=Value(number))
            for number, places in enumerate(at.values(), 1)
        ]
        return Case(*whens, default=None, output_field=IntegerField())

    def named(self, number: str) -> tuple[str, Params]:
        """The name of the zone with that number."""
        return (ZONE.format(number), [self.names]) if self.are_several else ("%s", self.names)


def _visits(account: Account, asked: Any, now: datetime, zones: _Zones) -> QuerySet[Any]:
    """Those that count, one row a case; what starts at `now` has started."""
    counts = uses_a_session_of(account.patient_cases.order_by())
    held = account.attendees.filter(counts, case__isnull=False)
    if asked is not None:
        held = held.filter(case__in=asked)
    started, start = Q(starts_at__lte=now), F("starts_at")
    moment = AtZone(start, zones.number()) if zones.are_several else start
    grouped: Any = held.order_by().values("case_id")
    return grouped.annotate(  # type: ignore[no-any-return]
        n=Count("*"),
        used=Count("pk", filter=started),
        first=Min(moment),
        last=Max(moment),
    )


def _granted(account: Account, asked: Any) -> QuerySet[Any]:
    """Sessions and time that were approved, one row a case that has any."""
    live: Any = Approval.objects.live().filter(account=account)
    found = live if asked is None else live.filter(case__in=asked)
    grouped = found.order_by().values("case_id")
    return grouped.annotate(  # type: ignore[no-any-return]
        sessions=Sum("sessions"), last_day=Max("until")
    )


def _done(account: Account, asked: Any) -> QuerySet[Any]:
    """The codes of duties that are done, one row a case that has any."""
    live: Any = account.duties_done.filter(archived_at=None)
    found = live if asked is None else live.filter(case__in=asked)
    return found.order_by().values("case_id").annotate(codes=ArrayAgg("code"))  # type: ignore[no-any-return]
