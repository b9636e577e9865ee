"""What a funder grants a patient in a period, over all cases of one programme."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from casewell.accounts.models import LimitAction
from casewell.cases.periods import Period, PeriodKind, period_of
from casewell.cases.terms import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from casewell.cases.models.case import PatientCase


@dataclass(frozen=True)
class CapUse:
    """Sessions of one period, of all the patient's cases under the programme.

    >>> from datetime import date
    >>> str(CapUse(period_of(date(2026, 3, 3), PeriodKind.CALENDAR_YEAR), 2, 5))
    '2 of 5 in 2026'
    """

    period: Period
    counted: int
    limit: int

    def __str__(self) -> str:
        return f"{self.counted} of {self.limit} in {self.period.name}"

    @property
    def left(self) -> int:
        return max(self.limit - self.counted, 0)

    def with_more(self, visits: int) -> CapUse:
        """The same period with so many visits more."""
        return replace(self, counted=self.counted + visits)

    @property
    def is_over(self) -> bool:
        return self.counted > self.limit


def cap_limit(case: PatientCase) -> int | None:
    """Sessions that the case's funder grants this patient a period; None without a cap."""
    programme = case.programme
    if programme is None or not programme.cap_period:
        return None
    if own := _discipline_apart(case):
        return int(programme.cap_by_discipline[own])
    if case.patient.is_first_nations and programme.cap_sessions_first_nations:
        return programme.cap_sessions_first_nations
    return programme.cap_sessions


def shares_cap(one: PatientCase, other: PatientCase) -> bool:
    """Whether visits of both count towards one cap: a discipline may have a cap of its own."""
    if one.programme is None or other.programme is None:
        return False
    same = one.programme.code == other.programme.code
    return same and _discipline_apart(one) == _discipline_apart(other)


def _discipline_apart(case: PatientCase) -> str:
    """The discipline, where the programme grants it sessions of its own; else empty.

    Those and the common ones are counted apart: an eating disorder plan has 40 psychological and
    20 dietetic services a year. Source: National Eating Disorders Collaboration, Medicare items.
    """
    word = case.discipline.lower()
    return word if case.programme and word in case.programme.cap_by_discipline else ""


def cap_uses(case: PatientCase, *days: date) -> list[CapUse]:
    """The periods that have visits, and those of `days`, in order, each with its count."""
    limit = cap_limit(case)
    if limit is None:
        return []
    counts = Counter(_period(case, day) for day in _visit_days(case))
    asked = {_period(case, day) for day in days}
    known = [period for period in {*counts, *asked} if period]
    periods = sorted(known, key=lambda period: period.start)
    return [CapUse(period, counts[period], limit) for period in periods]


def passed_caps(case: PatientCase) -> dict[Period, int]:
    """The periods whose cap is passed, with their counts, where the practice blocks there.

    The caller holds the patient's cases of the programme, for they share it.
    """
    if case.programme is None or case.programme.cap_action != LimitAction.BLOCK:
        return {}
    return {use.period: use.counted for use in cap_uses(case) if use.is_over}


def _visit_days(case: PatientCase) -> list[date]:
    """The local days of all visits that count, in any of the patient's cases of the programme."""
    own = _discipline_apart(case)
    apart = case.programme.cap_by_discipline if case.programme else {}
    visits = ((day, discipline.lower()) for day, discipline in _visits(case))
    return [day for day, word in visits if (word == own if own else word not in apart)]


def _visits(case: PatientCase) -> Iterable[tuple[date, str]]:
    """Those visits with the disciplines of their cases; read already by `with_cap_visits()`."""
    if "cap_visits" in case.__dict__:
        kept: list[list[str]] = case.__dict__["cap_visits"] or []
        return [(date.fromisoformat(day), discipline) for day, discipline in kept]
    of_programme = case.programme.code if case.programme else ""
    rows = type(case).objects.filter(patient=case.patient_id).with_visits_counted()
    rows = rows.filter(programme__code=of_programme)
    return rows.values_list(local_date("attendees__booking__"), "discipline")


def _period(case: PatientCase, day: date) -> Period | None:
    programme = case.programme
    if programme is None:
        return None
    kind = PeriodKind(programme.cap_period)
    anchor = case.plan_date if kind is PeriodKind.PLAN_YEAR else case.issue_date
    return period_of(day, kind, anchor or case.issue_date, programme.cap_months)
