"""When practitioners are free: their hours less what is booked, and where a visit would fit.

The one computation behind the panel's free times, the time that “Book” proposes, and the API's
available times. A visit fits from the beginning of each gap on, one right after the other
(`lib.spans.starts_in`), so no time is lost between what is booked and what is proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Exists, F, Func, OuterRef
from django.utils import timezone

from casewell.appointments.models import AppointmentTypePractitioner, Booking
from casewell.availability.hours import BEYOND, hours_at, with_hours
from casewell.lib.spans import starts_in, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import Practitioner, PractitionerBusiness
    from casewell.appointments.models import AppointmentType
    from casewell.availability.hours import Hours
    from casewell.lib.spans import Span

    Places = QuerySet[PractitionerBusiness]

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Gaps:
    """When somebody is free at a business, in the days that were asked about."""

    hours: Hours
    spans: list[Span]
    place: Any = None  # the row that it was read from, with what its queryset says beside

    def starts(self, length: timedelta) -> Iterator[datetime]:
        """Where a visit of that length fits, in order, in UTC."""
        for gap in self.spans:
            yield from starts_in(gap, length)


@dataclass(frozen=True)
class FreeTime:
    """A start, on the clocks of the business, and who is free from then on, in order."""

    starts_at: datetime
    practitioners: list[Practitioner]

    @property
    def clock(self) -> str:
        """The time of day as forms write it."""
        return f"{self.starts_at:%H:%M}"

    @property
    def others(self) -> int:
        return len(self.practitioners) - 1


def from_now() -> datetime:
    """The next quarter of an hour: nobody is booked into the past."""
    now = timezone.now()
    begun = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    return begun + QUARTER


def gaps_in(
    places: Places, first: date, last: date, *, since: datetime | None = None
) -> list[Gaps]:
    """When the practitioners of those places are free on those local days, from `since` on.

    One statement, whatever the days and practitioners. What is booked anywhere takes the time.
    """
    rows: Any = with_busy(with_hours(places, first, last), "practitioner", first, last)
    begin = since or from_now()
    return [gaps_of(hours_at(row), row, first, last, begin) for row in rows]


def with_busy(rows: Any, practitioner: str, first: date, last: date) -> Any:
    """The rows with what is booked around those days; a column of theirs says of whom."""
    begin, end = (datetime.combine(day, time.min, tzinfo=UTC) for day in (first, last))
    held = Booking.objects.live().overlapping(begin - BEYOND, end + BEYOND)
    taken = Func(
        F("starts_at"), F("ends_at"), function="TSTZRANGE", output_field=DateTimeRangeField()
    )
    busy = held.filter(practitioner=OuterRef(practitioner)).values(span=taken)
    return rows.annotate(busy=ArraySubquery(busy))


def gaps_of(hours: Hours, row: Any, first: date, last: date, since: datetime) -> Gaps:
    """What is left of the hours beside what was read as busy with the row."""
    ahead = [(max(s, since), e) for s, e in hours.spans(first, last) if e > since]
    return Gaps(hours, without(ahead, [(span.lower, span.upper) for span in row.busy]), row)


def free_times(gaps: Iterable[Gaps], length: timedelta) -> list[FreeTime]:
    """The starts of all of them, in order; those of several practitioners at once together."""
    found = [
        (start, number, one.hours)
        for number, one in enumerate(gaps)
        for start in one.starts(length)
    ]
    found.sort(key=lambda one: one[:2])
    return [
        FreeTime(start.astimezone(same[0][2].zone), [hours.practitioner for *_, hours in same])
        for start, group in groupby(found, key=lambda one: one[0])
        for same in [list(group)]
    ]


def offering(places: Places, kind: AppointmentType) -> Places:
    """Those whose practitioner offers that type; all of them where nobody is said to."""
    links = AppointmentTypePractitioner.objects.filter(appointment_type=kind)
    theirs = links.filter(practitioner=OuterRef("practitioner"))
    return places.filter(Exists(theirs) | ~Exists(links))
