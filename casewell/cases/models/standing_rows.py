"""What `standings` reads: cases as narrow rows, what is kept beside them, and their visits.

Few statements bring it, and the rules are Python's: a statement that counted and judged thousands
of cases by itself took seconds. Moments come as seconds, which are read much faster.
"""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

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

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

# Numbers come as numbers: Django would convert each of tens of thousands once more.
AS_IT_COMES: Field[Any, Any] = Field()
IS_CLOSED = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())
LACKS_REFERRAL = ExpressionWrapper(
    Q(referral=True) & (Q(contact=None) | Q(issue_date=None)), BooleanField()
)

COLUMNS = (
    "pk",
    "patient_id",
    "contact_id",
    "programme_id",
    "closed",
    "lacks_referral",
    "max_sessions",
    "sessions_elsewhere",
    "expiry_date",
    "starts_on",
    "code",
)
PATIENT = COLUMNS.index("patient_id")
BESIDE: dict[str, Field[Any, Any]] = {
    "no_patient": BigIntegerField(),
    "no_contact": BigIntegerField(),
    "no_programme": BigIntegerField(),
    "no_referral": BooleanField(),
    "none_elsewhere": IntegerField(),
    "no_start": DateField(),
}
COLUMNS_BESIDE = (
    "key",
    "no_patient",
    "no_contact",
    "no_programme",
    "is_place",
    "no_referral",
    "sessions",
    "none_elsewhere",
    "until",
    "no_start",
    "code",
)

# Of one case: its key, the place, how many count, how many have started, the first start and the
# last, in seconds since 1970. The place is a business, or those of the first and the last start.
Visits = tuple[int, Any, int, int, Any, Any]
NO_VISITS: Visits = (0, None, 0, 0, None, None)
FIRST, LAST = itemgetter(4), itemgetter(5)
Zones = tuple[str | None, str | None]


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


class Rows:
    """Cases as tuples of COLUMNS, what is kept beside them, and their visits, by case.

    `zones`, by place of visits: those of the first and of the last one.
    """

    def __init__(
        self,
        account: Account,
        cases: PatientCaseQuerySet | None,
        rules: Iterable[Programme],
        now: datetime,
    ) -> None:
        live = account.patient_cases.live() if cases is None else cases
        rows = list(_narrow(account, live, rules))
        self.cases = [row for row in rows if row[PATIENT] is not None]
        self.papers = defaultdict[int, Papers](Papers)
        self.zones: dict[Any, Zones] = {None: (None, None)}
        for row in rows:
            if row[PATIENT] is None:
                self._keep(row)
        visits = list(_visits(account, cases, now))
        self.visits = {row[0]: row for row in visits}
        if len(self.visits) < len(visits):
            self._put_together(visits)

    def _keep(self, row: tuple[Any, ...]) -> None:
        key, _, _, _, is_place, _, sessions, _, until, _, code = row
        if is_place:
            self.zones[key] = (code, code)
        else:
            self.papers[key].add(sessions, until, code)

    def _put_together(self, visits: list[Visits]) -> None:
        """Visits of one case at several businesses become one row."""
        self.visits = {}
        for row in visits:
            known = self.visits.get(row[0])
            self.visits[row[0]] = self._together(known, row) if known else row

    def _together(self, one: Visits, other: Visits) -> Visits:
        early, late = min(one, other, key=FIRST), max(one, other, key=LAST)
        place = (self.zones[early[1]][0], self.zones[late[1]][1])
        self.zones[place] = place
        return (one[0], place, one[2] + other[2], one[3] + other[3], early[4], late[5])


def _narrow(
    account: Account, rows: PatientCaseQuerySet, rules: Iterable[Programme]
) -> Iterable[tuple[Any, ...]]:
    """Cases, and rows without a patient: what is kept beside them, and businesses.

    Among those, the sessions, the last day and the code stand where a case has its limit, its
    expiry and nothing; a business is marked where a case is closed, and its code is its zone. One
    statement, for its way to the database and back costs more than they do.
    """
    kept: Any = rows.order_by().annotate(
        closed=IS_CLOSED,
        lacks_referral=LACKS_REFERRAL,
        starts_on=_start_of_clock(rules),
        code=Value("", CharField()),
    )
    beside = {name: Value(None, kind) for name, kind in BESIDE.items()}
    nothing = {"sessions": Value(None, IntegerField()), "until": Value(None, DateField())}
    granted: Any = Approval.objects.live().filter(account=account)
    done: Any = account.duties_done.filter(archived_at=None)
    places: Any = account.businesses.all()
    kinds = [
        _beside(granted, "case_id", beside | {"code": Value("", CharField())}),
        _beside(done, "case_id", beside | nothing),
        _beside(places, "pk", beside | nothing, is_place=True),
    ]
    return kept.values_list(*COLUMNS).union(*kinds, all=True)  # type: ignore[no-any-return]


def _start_of_clock(rules: Iterable[Programme]) -> Case:
    """The day that the programme's clock starts from, where the case's own row tells it."""
    dates = ("issue_date", "plan_date", "injury_date")
    whens = [
        When(expiry_date=None, programme=rule.pk, then=F(rule.clock_anchor))
        for rule in rules
        if rule.clock_anchor in dates
    ]
    return Case(*whens, default=None, output_field=DateField())


def _beside(rows: Any, key: str, more: dict[str, Any], *, is_place: bool = False) -> Any:
    columns = {"key": key, "code": "time_zone"} if is_place else {"key": key}
    marked = rows.order_by().annotate(is_place=Value(is_place, BooleanField()), **more)
    return marked.values_list(*(columns.get(name, name) for name in COLUMNS_BESIDE))


def _visits(account: Account, cases: PatientCaseQuerySet | None, now: datetime) -> Iterable[Visits]:
    """Those that count, one row a case and business; what starts at `now` has started.

    By business, not by its zone: names of zones are slow to join and to group by.
    """
    counts = uses_a_session_of(account.patient_cases.order_by())
    held = account.attendees.filter(counts, case__isnull=False)
    if cases is not None:
        held = held.filter(case__in=cases.order_by().values("pk"))
    grouped: Any = held.order_by().values("case_id", "booking__business_id")
    started = Q(booking__starts_at__lte=now)
    counted = grouped.annotate(
        n=Count("pk", output_field=AS_IT_COMES),
        used=Count("pk", filter=started, output_field=AS_IT_COMES),
        first=Epoch(Min("booking__starts_at")),
        last=Epoch(Max("booking__starts_at")),
    )
    return counted.values_list("case_id", "booking__business_id", "n", "used", "first", "last")  # type: ignore[no-any-return]
