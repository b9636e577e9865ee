"""Cases that somebody should look at: each reason by itself, over all cases of a practice at once.

Source: docs/domain.md#worklist. Few statements bring narrow rows, and the rules are Python's: a
statement that counted and judged thousands of cases by itself took seconds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from casewell.cases.duties import CaseFacts, DutyState, duty_state
from casewell.cases.periods import clock_end
from casewell.cases.terms import local_date
from casewell.cases.usage import uses_a_session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from casewell.accounts.models import Account
    from casewell.cases.models.case_queryset import PatientCaseQuerySet
    from casewell.cases.models.programme import Programme

SOON = timedelta(days=30)
FEW = 2
PRESSING = (DutyState.DUE, DutyState.OVERDUE)


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


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands; `last_at` and `last_on` are of its last visit, past or to come."""

    pk: int
    closed: bool
    lacks_referral: bool
    limit: int | None
    elsewhere: int
    counted: int
    used: int
    first_on: date | None
    last_at: datetime | None
    last_on: date | None
    expires_on: date | None
    duties: list[dict[str, Any]]
    done: frozenset[str]

    @property
    def left(self) -> int | None:
        """Sessions left; 0 or less where full, None without a limit."""
        return None if self.limit is None else self.limit - self.counted - self.elsewhere


def standings(
    account: Account, cases: PatientCaseQuerySet | None = None, now: datetime | None = None
) -> list[Standing]:
    """How each of `cases` stands, all live ones of the practice unless given: four statements."""
    now = now or timezone.now()
    rows = account.patient_cases.live() if cases is None else cases
    rules = {programme.pk: programme for programme in account.programmes.all()}
    visits, done = _visits(account, now), _done(account)
    nothing = (0, 0, None, None, None)
    found = []
    for pk, programme, closed, referral, contact, limit, elsewhere, *dates in _narrow(rows):
        counted, used, first_on, last_at, last_on = visits.get(pk, nothing)
        rule = rules.get(programme)
        found.append(
            Standing(
                pk=pk,
                closed=closed is not None,
                lacks_referral=referral and (contact is None or dates[0] is None),
                limit=limit,
                elsewhere=elsewhere,
                counted=counted,
                used=used,
                first_on=first_on,
                last_at=last_at,
                last_on=last_on,
                expires_on=_end(rule, dates, first_on),
                duties=rule.duties if rule else [],
                done=done.get(pk, frozenset()),
            )
        )
    return found


def _narrow(rows: PatientCaseQuerySet) -> Any:
    """Columns in the order in which `standings` unpacks them."""
    known: Any = rows.with_approvals()  # whose annotations the type checker loses
    return known.values_list(
        "pk",
        "programme_id",
        "closed_at",
        "referral",
        "contact_id",
        "session_limit",
        "sessions_elsewhere",
        "issue_date",
        "plan_date",
        "injury_date",
        "given_end",
    )


def _visits(account: Account, now: datetime) -> dict[int, tuple[Any, ...]]:
    """By case: counted, used, first day, last start, last day."""
    counts = uses_a_session("", "case__")
    day = local_date("booking__")
    grouped = (
        account.attendees.filter(counts, case__isnull=False)
        .order_by()
        .values("case_id")
        .annotate(
            n=Count("pk"),
            used=Count("pk", filter=Q(booking__starts_at__lte=now)),
            first=Min(day),
            last_at=Max("booking__starts_at"),
            last=Max(day),
        )
    )
    rows = grouped.values_list("case_id", "n", "used", "first", "last_at", "last")
    return {row[0]: row[1:] for row in rows}


def _done(account: Account) -> Mapping[int, frozenset[str]]:
    """Codes of the duties that are done, by case."""
    codes: defaultdict[int, set[str]] = defaultdict(set)
    rows = account.duties_done.filter(archived_at=None, case__archived_at=None)
    for case, code in rows.values_list("case_id", "code"):
        codes[case].add(code)
    return {case: frozenset(found) for case, found in codes.items()}


def _end(rule: Programme | None, dates: list[date | None], first_on: date | None) -> date | None:
    """The last day: given, or by the programme's clock."""
    issued, planned, injured, given = dates
    if given or rule is None or not rule.clock_anchor:
        return given
    anchors = {"issue_date": issued, "plan_date": planned, "injury_date": injured}
    anchor = anchors.get(rule.clock_anchor, first_on)
    return clock_end(anchor, rule.clock_months, rule.clock_days) if anchor else None


def reasons_of(
    standing: Standing, today: date, now: datetime, course_ends_after_weeks: int
) -> list[Reason]:
    """Why somebody should look at that case; nothing for most."""
    found = []
    if not standing.closed:
        found = _reasons_of_unclosed(standing, today, now)
    if standing.duties and _is_report_due(standing, today, now, course_ends_after_weeks):
        found.append(Reason.REPORT_DUE)
    return found


def _reasons_of_unclosed(one: Standing, today: date, now: datetime) -> list[Reason]:
    found, left, ends = [], one.left, one.expires_on
    if left is not None and left <= 0:
        found.append(Reason.FULL)
    elif left is not None and left <= FEW:
        found.append(Reason.FEW_LEFT)
    if ends and ends < today and one.last_at and one.last_at > now:
        found.append(Reason.EXPIRED_WITH_VISITS)
    if ends and today <= ends <= today + SOON:
        found.append(Reason.EXPIRING)
    if ends and today <= ends and one.last_on and one.last_on > ends:
        found.append(Reason.BOOKED_PAST_EXPIRY)
    if one.lacks_referral:
        found.append(Reason.REFERRAL_MISSING)
    return found


def _is_report_due(one: Standing, today: date, now: datetime, weeks: int) -> bool:
    facts = facts_of(one, today, now, weeks)
    waiting = (rule for rule in one.duties if rule["code"] not in one.done)
    return any(duty_state(rule, facts, done=False) in PRESSING for rule in waiting)


def facts_of(one: Standing, today: date, now: datetime, weeks: int) -> CaseFacts:
    """What the rules of duties ask of a case; `weeks` without a booking end its course."""
    ended_on = one.last_on if _has_ended(one, today, now, weeks) else None
    first = one.first_on if one.used else None
    return CaseFacts(today, one.used, one.limit, first, ended_on, one.expires_on)


def _has_ended(one: Standing, today: date, now: datetime, weeks: int) -> bool:
    """Whether the last visit was the last of its course."""
    if one.last_at is None or one.last_at > now:
        return False
    expired = one.expires_on is not None and one.expires_on < today
    is_full = one.left is not None and one.left <= 0
    return one.closed or is_full or expired or one.last_at < now - timedelta(weeks=weeks)
