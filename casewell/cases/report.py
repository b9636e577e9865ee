"""What became of cases over a period, by who referred them and by programme.

Source: docs/domain.md#report.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.utils import timezone

from casewell.cases.models.standing import standings
from casewell.cases.terms import local_date
from casewell.cases.usage import uses_a_session

if TYPE_CHECKING:
    from datetime import date, datetime

    from casewell.accounts.models import Account
    from casewell.cases.models.standing import Standing


@dataclass
class Line:
    """What a report says of one referrer, one programme, or all of them."""

    name: str
    place: str = ""
    opened: int = 0
    ended: int = 0
    used: int = 0
    lapsed: int = 0
    used_by_ended: int = 0
    income: Decimal = Decimal()

    @property
    def average(self) -> float | None:
        """Sessions used by each case that ended; None where none did."""
        return self.used_by_ended / self.ended if self.ended else None

    def add(self, fate: Fate) -> None:
        self.opened += fate.opened
        self.ended += fate.ended
        self.used += fate.used
        self.lapsed += fate.lapsed
        self.used_by_ended += fate.used_by_ended
        self.income += fate.income


@dataclass(frozen=True)
class Fate:
    """What happened to one case in the period."""

    referrer: int | None
    programme: str
    opened: bool
    ended: bool
    used: int
    lapsed: int
    used_by_ended: int
    income: Decimal


@dataclass(frozen=True)
class CaseReport:
    """Lines in order of sessions used, most first; `total` is over all cases."""

    by_referrer: list[Line]
    by_programme: list[Line]
    total: Line


def report_on(account: Account, first: date, last: date) -> CaseReport:
    """The report over the days from `first` to `last`; seven statements."""
    used, income = _used(account, first, last), _income(account, first, last)
    dates: Any = account.patient_cases.live().values_list(
        "pk", "contact", "issue_date", "created_at", "closed_at"
    )
    begun = {
        pk: (referrer, issued or _day(account, made), closed)
        for pk, referrer, issued, made, closed in dates
    }
    fates = []
    today = account.today()
    for one in standings(account):
        referrer, opened_on, closed_at = begun[one.pk]
        ended_on = _end(one, _day(account, closed_at) if closed_at else None, today)
        ended = ended_on is not None and first <= ended_on <= last
        fates.append(
            Fate(
                referrer=referrer,
                programme=one.programme.name if one.programme else "",
                opened=first <= opened_on <= last,
                ended=ended,
                used=used.get(one.pk, 0),
                lapsed=max(one.left or 0, 0) if ended else 0,
                used_by_ended=one.used if ended else 0,
                income=income.get(one.pk, Decimal()),
            )
        )
    return _grouped(account, fates)


def _end(one: Standing, closed_on: date | None, today: date) -> date | None:
    """The day on which the case was closed or had expired, whichever was first."""
    expired_on = one.expires_on if one.expires_on and one.expires_on < today else None
    days = [day for day in (closed_on, expired_on) if day]
    return min(days) if days else None


def _day(account: Account, moment: datetime) -> date:
    return moment.astimezone(account.zone).date()


def _used(account: Account, first: date, last: date) -> dict[int, int]:
    """Counted visits that started in those days, by case."""
    counted = account.attendees.filter(uses_a_session("", "case__"), case__archived_at=None)
    started = counted.filter(case__isnull=False, booking__starts_at__lte=timezone.now())
    days = started.annotate(day=local_date("booking__")).filter(day__gte=first, day__lte=last)
    grouped: Any = days.order_by().values("case_id").annotate(n=Count("pk"))
    return dict(grouped.values_list("case_id", "n"))


def _income(account: Account, first: date, last: date) -> dict[int, Decimal]:
    """What invoices and credits of those days come to, tax included, by the case of their visit.

    Invoices are of a layer above, and known by the way to them alone.
    """
    issued = account.attendees.filter(
        case__archived_at=None,
        case__isnull=False,
        invoices__voided_at=None,
        invoices__issue_date__range=(first, last),
    )
    grouped: Any = issued.order_by().values("case_id").annotate(n=Sum("invoices__total_amount"))
    return dict(grouped.values_list("case_id", "n"))


def _grouped(account: Account, fates: list[Fate]) -> CaseReport:
    contacts = account.contacts.in_bulk({fate.referrer for fate in fates if fate.referrer})
    referrers: defaultdict[int | None, Line] = defaultdict(lambda: Line("No referrer"))
    for key, contact in contacts.items():
        referrers[key] = Line(str(contact), contact.place)
    programmes: defaultdict[str, Line] = defaultdict(lambda: Line("No programme"))
    total = Line("All cases")
    for fate in fates:
        if fate.programme:
            programmes.setdefault(fate.programme, Line(fate.programme))
        for line in (referrers[fate.referrer], programmes[fate.programme], total):
            line.add(fate)
    return CaseReport(_ordered(referrers.values()), _ordered(programmes.values()), total)


def _ordered(lines: Any) -> list[Line]:
    """Without those of whom nothing is to be told."""
    told = [line for line in lines if line.opened or line.ended or line.used or line.income]
    return sorted(told, key=lambda line: (-line.used, -line.opened, line.name))
