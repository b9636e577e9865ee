"""Available times: when a practitioner is free at a business for a type. No records: computed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value

from casewell.accounts.roles import Permission
from casewell.api.calls import Answer
from casewell.api.errors import BadRequest, NotThere
from casewell.api.resource import Resource
from casewell.api.resources.businesses import Among
from casewell.api.routes import Route
from casewell.api.rows import Always, Moment, Row, SelfLink
from casewell.appointments.free_times import gaps_in
from casewell.lib.days import is_plausible
from casewell.lib.zones import at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from casewell.accounts.models import PractitionerBusiness
    from casewell.api.calls import Call

PATH = "businesses/*/practitioners/*/appointment_types/*/"
OUT_OF_FRAME = "Invalid time frame definition. Please check from/to param limitations."
LONGEST = timedelta(days=7)
A_DAY = timedelta(days=1)
AHEAD = timedelta(days=90)  # where the client does not say how far
FROM, TO = "The first day, today at the earliest.", "The last day, at most 7 days after the first."
REQUIRED = (("from", FROM, True), ("to", TO, True))
OPTIONAL = (("from", FROM, False), ("to", TO, False))


class PageLinks(msgspec.Struct):
    """A page's address, and those of the pages beside it, where there are some."""

    self_: str = msgspec.field(name="self")
    next: str | msgspec.UnsetType = msgspec.UNSET
    previous: str | msgspec.UnsetType = msgspec.UNSET


class AvailableTime(Row):
    appointment_start: Moment
    # The contract has links at the next time alone.
    links: Annotated[SelfLink | msgspec.UnsetType, Always(msgspec.UNSET)] = msgspec.UNSET


class AvailableTimesPage(msgspec.Struct):
    """A page of available times."""

    available_times: list[AvailableTime]
    total_entries: int
    links: PageLinks


class AvailableTimes(Resource):
    """Days are those of the practice's time zone, as the contract has it."""

    name = "available_times"
    row = AvailableTime
    reads = Permission.SEE_CALENDAR
    hides = ()
    has_items = False
    lists: ClassVar = ()
    filters: ClassVar = {}

    def further(self) -> Iterator[Route]:
        yield Route(
            "GET",
            f"{PATH}available_times",
            self.page,
            self,
            "list",
            status=200,
            gives=AvailableTimesPage,
            asks=REQUIRED,
            paged=True,
        )
        yield Route(
            "GET",
            f"{PATH}next_available_time",
            self.next,
            self,
            "the next one",
            status=200,
            gives=AvailableTime,
            asks=OPTIONAL,
        )

    def page(self, call: Call) -> Answer:
        """The times of some days, in order. Raises BadRequest or NotThere."""
        call.require(self.reads)
        first, last = frame_in(call)
        found = list(starts(call, first, last))
        number, size = call.page, call.per_page
        days = f"&from={first}&to={last}"
        links = PageLinks(call.page_address(number) + days)
        if number * size < len(found):
            links.next = call.page_address(number + 1) + days
        if number > 1:
            links.previous = call.page_address(number - 1) + days
        shown = found[(number - 1) * size : number * size]
        rows = [AvailableTime(written(start)) for start in shown]
        return Answer(200, AvailableTimesPage(rows, len(found), links))

    def next(self, call: Call) -> Answer:
        """The first of the times, of the days that are asked for or of the coming months."""
        call.require(self.reads)
        today = call.account.today()
        asks = call.last("from") or call.last("to")
        first, last = frame_in(call) if asks else (today, today + AHEAD)
        start = next(starts(call, first, last), None)
        if start is None:
            raise NotThere
        links = SelfLink(f"{call.base}{call.path}")
        return Answer(200, AvailableTime(written(start), links))


def written(moment: datetime) -> Any:
    """The moment as the contract writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def frame_in(call: Call) -> tuple[date, date]:
    """The days from and to which the client asks. Raises BadRequest."""
    try:
        first, last = (date.fromisoformat(call.last(name)[:10]) for name in ("from", "to"))
    except ValueError as error:
        raise BadRequest(OUT_OF_FRAME) from error
    today = call.account.today()
    can_be = is_plausible(first) and is_plausible(last)
    if not can_be or not today <= first <= last <= first + LONGEST:
        raise BadRequest(OUT_OF_FRAME)
    return first, last


def starts(call: Call, first: date, last: date) -> Iterator[datetime]:
    """The starts that lie in those days of the practice, in order; one statement.

    Raises NotThere where anything is not for online bookings, or not offered there.
    """
    business, practitioner, kind = call.ids
    places = online(call, kind).filter(business=business, practitioner=practitioner)
    # The business may be in another zone: its days around those of the practice.
    gaps = gaps_in(places, first - A_DAY, last + A_DAY)
    if not gaps:
        raise NotThere
    zone = call.account.zone
    begin, end = at(first, time.min, zone), at(last + A_DAY, time.min, zone)
    minutes = gaps[0].place.minutes
    for start in gaps[0].starts(timedelta(minutes=minutes)):
        if begin <= start < end:
            yield start


def online(call: Call, kind: int) -> QuerySet[PractitionerBusiness]:
    """Where and with whom programs may book that type."""
    account = call.account
    links = account.appointment_type_practitioners.filter(
        appointment_type=kind,
        appointment_type__archived_at=None,
        appointment_type__show_in_online_bookings=True,
        practitioner=OuterRef("practitioner"),
    )
    named = account.appointment_type_businesses.filter(appointment_type=kind)
    here = named.filter(business=OuterRef("business"))
    only = F("business__appointment_type_ids")
    return account.practitioner_businesses.filter(
        Exists(links),
        ~Exists(named) | Exists(here),
        Q(business__appointment_type_ids=None) | Q(Among(Value(kind), only)),
        business__archived_at=None,
        business__show_in_online_bookings=True,
        practitioner__active=True,
        practitioner__show_in_online_bookings=True,
    ).annotate(minutes=Subquery(links.values("appointment_type__duration_in_minutes")[:1]))
