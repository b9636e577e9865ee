"""How all cases of a practice stand, at once: counted, left, until when, what is done.

Few statements bring narrow rows, and the rules are Python's: a statement that counted and judged
thousands of cases by itself took seconds. Moments come as seconds, which are read much faster.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    Field,
    Func,
    IntegerField,
    Max,
    Min,
    Q,
    Value,
)
from django.utils import timezone

from casewell.cases.models.approval import Approval
from casewell.cases.periods import clock_end
from casewell.cases.usage import Usage, uses_a_session

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

NOTHING_DONE: frozenset[str] = frozenset()
IS_CLOSED = ExpressionWrapper(Q(closed_at__isnull=False), BooleanField())

COLUMNS = (
    "pk",
    "patient_id",
    "contact_id",
    "programme_id",
    "closed",
    "referral",
    "max_sessions",
    "sessions_elsewhere",
    "expiry_date",
    "issue_date",
    "plan_date",
    "injury_date",
    "code",
)
PATIENT = COLUMNS.index("patient_id")
BESIDE: dict[str, Field[Any, Any]] = {
    "no_patient": BigIntegerField(),
    "no_contact": BigIntegerField(),
    "no_programme": BigIntegerField(),
    "not_closed": BooleanField(),
    "no_referral": BooleanField(),
    "none_elsewhere": IntegerField(),
    "no_issue": DateField(),
    "no_plan": DateField(),
    "no_injury": DateField(),
}
COLUMNS_BESIDE = (
    "case_id",
    "no_patient",
    "no_contact",
    "no_programme",
    "not_closed",
    "no_referral",
    "sessions",
    "none_elsewhere",
    "until",
    "no_issue",
    "no_plan",
    "no_injury",
    "code",
)


# Numbers come as numbers: Django would convert each of tens of thousands once more.
AS_IT_COMES: Field[Any, Any] = Field()


class Epoch(Func):
    """A moment as whole seconds since 1970."""

    template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
    output_field = AS_IT_COMES


# A row of visits: the case, how many count, how many have started, the first start, its zone, the
# last start, and its zone where that is another one.
Visits = tuple[Any, ...]
NO_VISITS: Visits = (0, 0, 0, None, None, None)
ONE_ZONE = len(NO_VISITS)


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
    done: Collection[str]

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


class Papers:
    """What is kept beside a case: sessions and time that were granted, duties that are done."""

    __slots__ = ("done", "sessions", "until")

    def __init__(self) -> None:
        self.sessions: int | None = None
        self.until: date | None = None
        self.done: set[str] = set()

    def add(self, sessions: int | None, until: date | None, code: str) -> None:
        if sessions is not None:
            self.sessions = (self.sessions or 0) + sessions
        if until is not None:
            self.until = max(self.until or until, until)
        if code:
            self.done.add(code)


def standings(
    account: Account, cases: PatientCaseQuerySet | None = None, now: datetime | None = None
) -> list[Standing]:
    """How each of `cases` stands, all live ones of the practice unless given: three statements."""
    rows = account.patient_cases.live() if cases is None else cases
    rules = {programme.pk: programme for programme in account.programmes.all()}
    visits = _visits(account, cases, now or timezone.now())
    found, papers = [], defaultdict[int, Papers](Papers)
    for row in _narrow(account, rows):
        if row[PATIENT] is None:
            papers[row[0]].add(row[6], row[8], row[-1])
        else:
            found.append(row)
    return [
        _standing(row, rules.get(row[3]), papers.get(row[0]), visits.get(row[0], NO_VISITS))
        for row in found
    ]


def _standing(
    row: tuple[Any, ...], rule: Programme | None, papers: Papers | None, visits: Visits
) -> Standing:
    (
        pk,
        patient,
        referrer,
        _,
        closed,
        referral,
        limit,
        elsewhere,
        ends,
        issued,
        planned,
        injured,
        _,
    ) = row
    _, counted, used, first, zone, last = visits[:ONE_ZONE]
    if papers:
        ends = papers.until or ends
        limit = limit if papers.sessions is None else papers.sessions
    if ends is None and rule and rule.clock_anchor:
        anchors = {"issue_date": issued, "plan_date": planned, "injury_date": injured}
        if rule.clock_anchor not in anchors:
            anchors[rule.clock_anchor] = _day(first, zone)
        starts = anchors[rule.clock_anchor]
        ends = clock_end(starts, rule.clock_months, rule.clock_days) if starts else None
    return Standing(
        pk,
        patient,
        referrer,
        rule,
        closed,
        referral and (referrer is None or issued is None),
        limit,
        elsewhere,
        counted,
        used,
        first,
        zone,
        last,
        visits[-1] if len(visits) > ONE_ZONE else zone,
        ends,
        papers.done if papers else NOTHING_DONE,
    )


def _narrow(account: Account, rows: PatientCaseQuerySet) -> Any:
    """Columns in the order in which `_standing` unpacks them.

    Rows without a patient are what is kept beside cases: the sessions, the last day and the code
    stand where a case has its limit, its expiry and nothing. One statement, for its way to the
    database and back costs more than they do.
    """
    kept: Any = rows.order_by().annotate(closed=IS_CLOSED, code=Value("", CharField()))
    beside = {name: Value(None, kind) for name, kind in BESIDE.items()}
    granted: Any = Approval.objects.live().filter(account=account)
    grants = granted.annotate(**beside, code=Value("", CharField()))
    done: Any = account.duties_done.filter(archived_at=None)
    nothing = {"sessions": Value(None, IntegerField()), "until": Value(None, DateField())}
    duties = done.annotate(**beside, **nothing)
    return kept.values_list(*COLUMNS).union(
        grants.values_list(*COLUMNS_BESIDE), duties.values_list(*COLUMNS_BESIDE), all=True
    )


def _visits(
    account: Account, cases: PatientCaseQuerySet | None, now: datetime
) -> dict[int, Visits]:
    """By case; one row a case and zone of its businesses."""
    held = account.attendees.filter(uses_a_session("", "case__"), case__isnull=False)
    if cases is not None:
        held = held.filter(case__in=cases.order_by().values("pk"))
    zone = "booking__business__time_zone"
    grouped: Any = held.order_by().values("case_id", zone)
    started = Q(booking__starts_at__lte=now)
    counted = grouped.annotate(
        n=Count("pk", output_field=AS_IT_COMES),
        used=Count("pk", filter=started, output_field=AS_IT_COMES),
        first=Epoch(Min("booking__starts_at")),
        last=Epoch(Max("booking__starts_at")),
    )
    found: dict[int, Visits] = {}
    for row in counted.values_list("case_id", "n", "used", "first", zone, "last"):
        case = row[0]
        found[case] = _together(found[case], row) if case in found else row
    return found


def _together(known: Visits, more: Visits) -> Visits:
    """Visits of a case at businesses of several zones, as one row."""
    early = known if known[3] <= more[3] else more
    late = known if known[5] >= more[5] else more
    late_zone = late[-1] if len(late) > ONE_ZONE else late[4]
    return (
        known[0],
        known[1] + more[1],
        known[2] + more[2],
        *early[3:5],
        late[5],
        late_zone,
    )


def _day(seconds: int | None, zone: str | None) -> date | None:
    """The day of a moment on the clocks of its zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).date() if seconds and zone else None
