"""How cases stand, as a statement: what is counted of each, until when, what is done.

One flat statement over all cases of a practice, for a subquery for each case took seconds of
thousands. What is asked of them beside (`worklist`) is asked of its rows, in the same statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, Q

from casewell.cases.models.counted_rows import Params, Zones, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

IS_CLOSED = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())
LIMITS_AMOUNT = ExpressionWrapper(Q(max_invoiceable_amount__isnull=False), BooleanField())
LACKS_REFERRAL = ExpressionWrapper(
    Q(referral=True) & (Q(contact=None) | Q(issue_date=None)), BooleanField()
)
OF_CASE = (
    *("pk", "patient_id", "closed", "lacks_referral", "limits_amount", "max_sessions"),
    "sessions_elsewhere",
    *("expiry_date", "programme_id", "issue_date", "plan_date", "injury_date"),
)
# What a Standing reads of `told`, in its order.
TELLING = (
    *("pk", "patient_id", "closed", "lacks_referral", "has_amount", "elsewhere", "counted", "used"),
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
        own.limits_amount OR granted.amount IS NOT NULL AS has_amount,
        own.sessions_elsewhere AS elsewhere,
        COALESCE(seen.n, 0) AS counted, COALESCE(seen.used, 0) AS used,
        seen.first, seen.last, seen.first_zone, seen.last_zone, seen.last_day_to_come,
        COALESCE(granted.sessions, own.max_sessions) AS session_limit,
        COALESCE(granted.last_day, own.expiry_date, {clock}) AS ends,
        done.codes AS done
    FROM own
    LEFT JOIN seen ON seen.case_id = own.pk
    LEFT JOIN granted ON granted.case_id = own.pk
    LEFT JOIN done ON done.case_id = own.pk
    OFFSET 0
"""


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
        self.zones = Zones(account)
        self.text, self.values = "", Params()
        self.is_empty = False
        own = account.patient_cases.live() if cases is None else cases
        own = own.order_by().annotate(
            closed=IS_CLOSED, lacks_referral=LACKS_REFERRAL, limits_amount=LIMITS_AMOUNT, **also
        )
        asked = None if cases is None else cases.order_by().values("pk")
        try:
            self.add("own", *own.values(*OF_CASE, *also).query.sql_with_params())
            for name, text, values in counted(account, asked, now, self.zones):
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
