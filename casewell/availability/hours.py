"""When a practitioner works at a business: own hours or its opening hours, less days off, and more.

This is the one place that says so; calendar, clashes, free times and API ask it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from casewell.accounts.practice import WEEKDAYS
from casewell.availability.models import AvailabilityBlock, DailyAvailability, DayOff
from casewell.availability.repeating import Repeating, edge
from casewell.lib.spans import covers, joined

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from casewell.accounts.models import Business, Practitioner, PractitionerBusiness
    from casewell.accounts.practice import OpeningHours
    from casewell.lib.spans import Span

A_DAY = timedelta(days=1)
BEYOND = 2 * A_DAY  # farther than any zone is from UTC, and a night


@dataclass(frozen=True)
class Hours:
    """The hours of one practitioner at one business, in the days that were asked about.

    `week` is None where the business's opening hours hold, and empty where nothing does.
    """

    practitioner: Practitioner
    business: Business
    week: OpeningHours | None = None
    off: tuple[tuple[date, date], ...] = ()
    extra: tuple[Repeating, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return self.business.zone

    def is_off(self, day: date) -> bool:
        """Whether that is a day off; extra hours may be on it none the less."""
        return any(first <= day <= last for first, last in self.off)

    def usual_on(self, day: date) -> list[list[str]]:
        """What the week says of that day, as pairs such as `["08:00", "12:00"]`."""
        if self.is_off(day):
            return []
        week = self.business.opening_hours if self.week is None else self.week
        spans: list[list[str]] = week.get(WEEKDAYS[day.weekday()], [])
        return spans

    def spans(self, first: date, last: date) -> list[Span]:
        """The moments of those local days, in order and in UTC.

        In UTC, for Python compares two times of one zone by their clocks, also where these are
        put back in between.
        """
        found = [
            (edge(day, start, self.zone), edge(day, end, self.zone, last=True))
            for day in days_between(first, last)
            for start, end in self.usual_on(day)
        ]
        found += [span for one in self.extra for span in one.on(first, last, self.zone)]
        begin, end = edge(first, "00:00", self.zone), edge(last, "24:00", self.zone)
        inside = ((max(start, begin), min(until, end)) for start, until in found)
        return joined((start, until) for start, until in inside if start < until)

    def clock_spans(self, day: date) -> list[tuple[str, str]]:
        """The same of one day as its clocks show it, the end of the day as 24:00."""
        usual = [(start, end) for start, end in self.usual_on(day)]
        if not self.extra:
            return joined(usual)
        begin, until = edge(day, "00:00", self.zone), edge(day, "24:00", self.zone)
        spans = (span for one in self.extra for span in one.on(day, day, self.zone))
        clipped = ((max(start, begin), min(end, until)) for start, end in spans)
        extra = [
            (f"{s.astimezone(self.zone):%H:%M}", _until(e, until, self.zone))
            for s, e in clipped
            if s < e
        ]
        return joined([*usual, *extra])

    def hold(self, start: datetime, end: datetime) -> bool:
        """Whether all of that time is within them."""
        first, last = (moment.astimezone(self.zone).date() for moment in (start, end))
        return covers(self.spans(first, last), start, end)

    @property
    def are_the_doors(self) -> bool:
        """Whether they are nothing but the opening hours."""
        return self.week is None and not self.off


def _until(end: datetime, midnight: datetime, zone: ZoneInfo) -> str:
    return "24:00" if end == midnight else f"{end.astimezone(zone):%H:%M}"


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day of them, the last one too."""
    for away in range((last - first).days + 1):
        yield first + away * A_DAY


def with_hours(
    places: QuerySet[PractitionerBusiness], first: date, last: date
) -> QuerySet[PractitionerBusiness]:
    """The places with all that `hours_at` needs for those days: still one statement."""
    related = places.select_related("business", "practitioner")
    who, where = OuterRef("practitioner"), OuterRef("business")
    told: QuerySet[PractitionerBusiness] = _told(related, who, where, first, last)
    return told


def with_hours_at(
    practitioners: QuerySet[Practitioner], business: Business, first: date, last: date
) -> QuerySet[Practitioner]:
    """The practitioners with all that `hours_told` needs for those days at that business."""
    told: QuerySet[Practitioner] = _told(practitioners, OuterRef("pk"), business.pk, first, last)
    return told


def _told(rows: Any, practitioner: Any, business: Any, first: date, last: date) -> Any:
    here = {"practitioner": practitioner, "business": business}
    weeks = DailyAvailability.objects.filter(**here)
    days: Any = DayOff.objects.live()
    off = days.filter(
        Q(business=None) | Q(business=business),
        practitioner=practitioner,
        first_date__lte=last,
        last_date__gte=first,
    )
    begin, end = (datetime.combine(day, time.min, tzinfo=UTC) for day in (first, last))
    blocks: Any = AvailabilityBlock.objects.live()
    extra = blocks.filter(
        ~Q(repeat_type="") | Q(starts_at__gt=begin - BEYOND), starts_at__lt=end + BEYOND, **here
    )
    rule = ("repeat_type", "repeating_interval", "number_of_repeats")
    return rows.annotate(
        daily=ArraySubquery(weeks.values(told=JSONObject(day="day_of_week", spans="spans"))),
        off=ArraySubquery(off.values(told=JSONObject(first="first_date", last="last_date"))),
        extra=ArraySubquery(
            extra.values(told=JSONObject(**{n: n for n in ("starts_at", "ends_at", *rule)}))
        ),
    )


def hours_at(place: Any) -> Hours:
    """The hours of a place that `with_hours` read."""
    return hours_told(place, place.practitioner, place.business)


def hours_told(row: Any, practitioner: Practitioner, business: Business) -> Hours:
    """The hours that were read with a row."""
    return Hours(
        practitioner=practitioner,
        business=business,
        week=week_of({one["day"]: one["spans"] for one in row.daily}),
        off=tuple((_day(one["first"]), _day(one["last"])) for one in row.off),
        extra=tuple(_repeating(one) for one in row.extra),
    )


def week_of(by_number: dict[int, list[list[str]]]) -> OpeningHours | None:
    """Hours by weekday, from spans by the number of the weekday, Sunday first; None for none."""
    if not by_number:
        return None
    named = {day: by_number.get((n + 1) % 7, []) for n, day in enumerate(WEEKDAYS)}
    return {day: spans for day, spans in named.items() if spans}


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _repeating(told: dict[str, Any]) -> Repeating:
    return Repeating(
        datetime.fromisoformat(told["starts_at"]),
        datetime.fromisoformat(told["ends_at"]),
        told["repeat_type"],
        told["repeating_interval"],
        told["number_of_repeats"],
    )


def hours_of(practitioner: Practitioner, business: Business, first: date, last: date) -> Hours:
    """The hours of somebody at a business on those days; who does not work there has its own."""
    places: Any = practitioner.places.filter(business=business)
    place = with_hours(places, first, last).first()
    return hours_at(place) if place else Hours(practitioner, business)
