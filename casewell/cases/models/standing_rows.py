"""What `standings` reads: cases as narrow rows with their visits, and what is kept beside them.

Few statements bring it, and the rules are Python's: a statement that counted and judged thousands
of cases by itself took seconds. Moments come as seconds, which are read much faster.
"""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Field,
    Func,
    IntegerField,
    Max,
    Min,
    Q,
    Value,
    When,
)

from casewell.cases.models.approval import Approval
from casewell.cases.usage import uses_a_session_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

AS_IT_COMES: Field[Any, Any] = Field()
IS_CLOSED = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())
LACKS_REFERRAL = ExpressionWrapper(
    Q(referral=True) & (Q(contact=None) | Q(issue_date=None)), BooleanField()
)

# A case with its visits: of these how many count, how many of them have started, the first start
# and the last, in seconds since 1970. The clock of the programme starts on `starts_on`, where the
# case's own row tells it. The place is the business of the visits; None if there are none, and
# where all businesses are in one time zone.
Row = tuple[Any, ...]
TOLD = """
    own.pk, own.patient_id, own.closed, own.lacks_referral, own.sessions_elsewhere,
    COALESCE(seen.n, 0), COALESCE(seen.used, 0), seen.first, seen.last,
    own.max_sessions, own.expiry_date, own.programme_id, own.starts_on, seen.place
"""
KEY, COUNTED, USED, FIRST, LAST, PLACE = 0, 5, 6, 7, 8, 13
COUNTS, TERMS = slice(9), slice(9, 14)
OF_CASE = (
    *("pk", "patient_id", "closed", "lacks_referral", "max_sessions", "sessions_elsewhere"),
    *("expiry_date", "programme_id", "starts_on"),
)
# Time zones of the first visit and of the last; and a limit, a last day, and the duties done.
Zones = tuple[str | None, str | None]
Terms = tuple[int | None, "date | None", frozenset[str]]


class Epoch(Func):
    """A moment as whole seconds since 1970."""

    template = "FLOOR(DATE_PART('epoch', %(expressions)s))::bigint"
    output_field = AS_IT_COMES


class Papers:
    """What is kept beside a case: sessions and time that were granted, duties that are done."""

    __slots__ = ("done", "sessions", "until")

    def __init__(self) -> None:
        self.sessions: int | None = None
        self.until: date | None = None
        self.done: frozenset[str] = frozenset()

    def add(self, sessions: int | None, until: date | None, code: str) -> None:
        if sessions is not None:
            self.sessions = (self.sessions or 0) + sessions
        if until is not None:
            self.until = max(self.until or until, until)
        if code:
            self.done |= {code}

    def over(self, limit: int | None, until: date | None) -> Terms:
        """The limit, the last day and what is done, over those that the case has by itself."""
        return limit if self.sessions is None else self.sessions, self.until or until, self.done


class Rows:
    """Cases with their visits as rows of TOLD, and what is kept beside them, by case.

    `zones`, by place: those of the first visit and of the last one.
    """

    def __init__(
        self,
        account: Account,
        cases: PatientCaseQuerySet | None,
        rules: Iterable[Programme],
        now: datetime,
    ) -> None:
        self.papers = defaultdict[int, Papers](Papers)
        self.zones: dict[Any, Zones] = {}
        for key, sessions, until, code, is_place in _beside(account):
            if is_place:
                self.zones[key] = (code, code)
            else:
                self.papers[key].add(sessions, until, code)
        known = {*self.zones.values()}
        apart = len(known) > 1
        self.zones[None] = (None, None) if apart or not known else known.pop()
        own = _narrow(account.patient_cases.live() if cases is None else cases, rules)
        rows = _joined(own, _visits(account, cases, now, apart=apart))
        self.cases = self._put_together(rows) if apart else rows

    def _put_together(self, rows: list[Row]) -> list[Row]:
        """Of the rows of one case, whose visits are at several businesses, one is made."""
        found: dict[int, Row] = {}
        for row in rows:
            known = found.get(row[KEY])
            found[row[KEY]] = self._together(known, row) if known else row
        return list(found.values())

    def _together(self, one: Row, other: Row) -> Row:
        early, late = min(one, other, key=itemgetter(FIRST)), max(one, other, key=itemgetter(LAST))
        place = (self.zones[early[PLACE]][0], self.zones[late[PLACE]][1])
        self.zones[place] = place
        counted, used = one[COUNTED] + other[COUNTED], one[USED] + other[USED]
        return (*one[:COUNTED], counted, used, early[FIRST], late[LAST], *one[TERMS][:-1], place)


def _joined(own: QuerySet[Any], seen: QuerySet[Any]) -> list[Row]:
    """Each case with what is told of its visits, which Django has no words for."""
    try:
        (cases, values), (visits, more) = (rows.query.sql_with_params() for rows in (own, seen))
    except EmptyResultSet:  # none is asked for
        return []
    with connections[own.db].cursor() as cursor:
        joined = f"({cases}) own LEFT JOIN ({visits}) seen ON seen.case_id = own.pk"
        cursor.execute(f"SELECT {TOLD} FROM {joined}", [*values, *more])  # noqa: S608 - Django's
        found: list[Row] = cursor.fetchall()
    return found


def _narrow(cases: PatientCaseQuerySet, rules: Iterable[Programme]) -> QuerySet[Any]:
    kept: Any = cases.order_by().annotate(
        closed=IS_CLOSED, lacks_referral=LACKS_REFERRAL, starts_on=_start_of_clock(rules)
    )
    return kept.values_list(*OF_CASE)  # type: ignore[no-any-return]


def _start_of_clock(rules: Iterable[Programme]) -> Case:
    """The day that the programme's clock starts from, where the case's own row tells it."""
    dates = ("issue_date", "plan_date", "injury_date")
    whens = [
        When(expiry_date=None, programme=rule.pk, then=F(rule.clock_anchor))
        for rule in rules
        if rule.clock_anchor in dates
    ]
    return Case(*whens, default=None, output_field=DateField())


def _beside(account: Account) -> Iterable[tuple[Any, ...]]:
    """What is kept beside cases, each with its case: sessions, a last day, a code of a duty.

    And the businesses, each with its time zone as the code. One statement, for its way to the
    database and back costs more than they do.
    """
    granted: Any = Approval.objects.live().filter(account=account)
    done: Any = account.duties_done.filter(archived_at=None)
    places: Any = account.businesses.all()
    number, day = Value(None, IntegerField()), Value(None, DateField())
    of_case, of_place = Value(False, BooleanField()), Value(True, BooleanField())
    nothing = {"n": number, "day": day}
    kinds = [
        granted.annotate(word=Value("", CharField()), is_place=of_case).values_list(
            "case_id", "sessions", "until", "word", "is_place"
        ),
        done.annotate(**nothing, is_place=of_case).values_list(
            "case_id", "n", "day", "code", "is_place"
        ),
        places.annotate(**nothing, is_place=of_place).values_list(
            "pk", "n", "day", "time_zone", "is_place"
        ),
    ]
    first, *others = (kind.order_by() for kind in kinds)
    return first.union(*others, all=True)  # type: ignore[no-any-return]


def _visits(
    account: Account, cases: PatientCaseQuerySet | None, now: datetime, *, apart: bool
) -> QuerySet[Any]:
    """Those that count, one row a case and place; what starts at `now` has started.

    By business where they are `apart`, and not by its zone: names of zones are slow to join and to
    group by.
    """
    counts = uses_a_session_of(account.patient_cases.order_by())
    held = account.attendees.filter(counts, case__isnull=False)
    if cases is not None:
        held = held.filter(case__in=cases.order_by().values("pk"))
    place: Any = F("booking__business_id") if apart else Value(None, BigIntegerField())
    grouped: Any = held.order_by().annotate(place=place).values("case_id", "place")
    started = Q(booking__starts_at__lte=now)
    return grouped.annotate(  # type: ignore[no-any-return]
        n=Count("pk"),
        used=Count("pk", filter=started),
        first=Epoch(Min("booking__starts_at")),
        last=Epoch(Max("booking__starts_at")),
    )
