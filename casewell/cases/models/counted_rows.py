"""What is counted and done of cases, a row for each that has any: the parts of `standing_rows`."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
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
from casewell.cases.terms import local_date
from casewell.cases.usage import uses_a_session_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from casewell.accounts.models import Account

AS_IT_COMES: Field[Any, Any] = Field()
# Of visits that are all in one time zone, and of others: the moment and its zone as one value, for
# the least of them to bring its own.
IN_ONE_ZONE = """
    SELECT *, 1 AS first_zone, 1 AS last_zone, NULL::date AS last_day_to_come FROM ({visits}) visits
"""
IN_SEVERAL = """
    SELECT case_id, n, used, TO_TIMESTAMP(first[1]) AS first, TO_TIMESTAMP(last[1]) AS last,
        first[2]::int AS first_zone, last[2]::int AS last_zone, last_day_to_come
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


class Zones:
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


class _Slot(Enum):
    """The place of a value in a statement that is kept."""

    ACCOUNT = "account"
    NOW = "now"


# Of all cases of a practice in one zone, the same statement but for these values. It is kept:
# writing it took Django 5 ms of each page of the worklist.
_OF_ALL: list[tuple[str, str, Params]] = []


def counted(
    account: Account, asked: Any, now: datetime, zones: Zones
) -> list[tuple[str, str, Params]]:
    """What is counted and done of the cases, each with its name and its values."""
    if asked is not None or zones.are_several:
        return _written(account, asked, now, zones)
    if not _OF_ALL:
        slots = {account.pk: _Slot.ACCOUNT, now: _Slot.NOW}
        _OF_ALL[:] = _with(slots, _written(account, None, now, zones))
    return _with({_Slot.ACCOUNT: account.pk, _Slot.NOW: now}, _OF_ALL)


def _with(
    given: dict[Any, Any], parts: list[tuple[str, str, Params]]
) -> list[tuple[str, str, Params]]:
    """The same with other values in the place of these."""
    return [(name, text, [given.get(one, one) for one in values]) for name, text, values in parts]


def _written(
    account: Account, asked: Any, now: datetime, zones: Zones
) -> list[tuple[str, str, Params]]:
    """As Django writes it."""
    parts = []
    for name, rows in (
        ("seen", _visits(account, asked, now, zones)),
        ("granted", _granted(account, asked)),
        ("done", _done(account, asked)),
    ):
        text, values = rows.query.sql_with_params()
        if name == "seen":
            text = (IN_SEVERAL if zones.are_several else IN_ONE_ZONE).format(visits=text)
        parts.append((name, text, [*values]))
    return parts


def _visits(account: Account, asked: Any, now: datetime, zones: Zones) -> QuerySet[Any]:
    """Those that count, one row a case; what starts at `now` has started."""
    counts = uses_a_session_of(account.patient_cases.order_by())
    held = account.attendees.filter(counts, case__isnull=False)
    if asked is not None:
        held = held.filter(case__in=asked)
    started, start = Q(starts_at__lte=now), F("starts_at")
    moment = AtZone(start, zones.number()) if zones.are_several else start
    grouped: Any = held.order_by().values("case_id")
    # The last to come may be on an earlier day, by its clocks, than one just before it elsewhere.
    day = Max(local_date("booking__"), filter=~started)
    return grouped.annotate(  # type: ignore[no-any-return]
        **({"last_day_to_come": day} if zones.are_several else {}),
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
        sessions=Sum("sessions"), last_day=Max("until"), amount=Max("amount")
    )


def _done(account: Account, asked: Any) -> QuerySet[Any]:
    """The codes of duties that are done, one row a case that has any."""
    live: Any = account.duties_done.filter(archived_at=None)
    found = live if asked is None else live.filter(case__in=asked)
    return found.order_by().values("case_id").annotate(codes=ArrayAgg("code"))  # type: ignore[no-any-return]
