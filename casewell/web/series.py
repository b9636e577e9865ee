"""The series that a booking is of, as its panel shows it, and how much of it an act is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import ordinal
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from casewell.appointments.models import Booking
from casewell.appointments.models.clashes import clashes_of
from casewell.appointments.models.reach import Reach
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewell.appointments.models import BookingQuerySet
    from casewell.web.requests import PracticeRequest

MOST_TOLD = 5
NOUNS = {
    Booking.Kind.INDIVIDUAL: ("appointment", "appointments"),
    Booking.Kind.GROUP: ("class", "classes"),
    Booking.Kind.BLOCK: ("block", "blocks"),
}


@dataclass(frozen=True)
class SeriesDate:
    """One date of a series, on the clocks of its business."""

    pk: int
    local_start: datetime
    is_cancelled: bool


@dataclass(frozen=True)
class SeriesShown:
    """Which of its series a booking is, and the dates of all."""

    booking: Booking
    dates: Sequence[SeriesDate]

    @property
    def in_words(self) -> str:
        """Such as “3rd of 12, weekly”."""
        keys = [one.pk for one in self.dates]
        place = ordinal(keys.index(self.booking.pk) + 1)
        return f"{place} of {len(keys)}, {self.booking.series}"

    @property
    def reaches(self) -> list[tuple[str, str]]:
        """How much of it an act may be for, with the words."""
        return [(one.value, str(one.label)) for one in Reach]


def with_series(bookings: BookingQuerySet) -> BookingQuerySet:
    """Each with the dates of its series, in the same statement: one booking's panel has few."""
    same = Booking.objects.filter(series=OuterRef("series"), archived_at=None)
    told = same.order_by("starts_at", "id").values(
        told=JSONObject(
            pk="pk", at="starts_at", cancelled="cancelled_at", zone="business__time_zone"
        )
    )
    return bookings.select_related("series").annotate(series_dates=ArraySubquery(told))


def series_of(one: Booking) -> SeriesShown | None:
    """The series of a booking of `with_series`; None where it is of none, or is archived."""
    dates = [
        SeriesDate(
            told["pk"],
            datetime.fromisoformat(told["at"]).astimezone(ZoneInfo(told["zone"])),
            bool(told["cancelled"]),
        )
        for told in one.series_dates  # type: ignore[attr-defined]
    ]
    return SeriesShown(one, dates) if len(dates) > 1 and not one.archived_at else None


def reach_in(request: PracticeRequest) -> Reach:
    """How much of the series the sender means: this one alone, where nothing is said."""
    sent = request.POST.get("reach", "")
    return Reach(sent) if sent in Reach.values else Reach.ONE


def counted(one: Booking, number: int) -> str:
    """So many of its kind, such as “3 classes”."""
    single, several = NOUNS[Booking.Kind(one.kind)]
    return f"{number} {single if number == 1 else several}"


def say_how_many(request: PracticeRequest, done: Sequence[Booking], verb: str) -> None:
    """Say to how many of a series something was done; of one the panel says it."""
    if len(done) < 2:
        return
    words = formats()
    span = " – ".join(words.weekday(done[at].local_start) for at in (0, -1))
    messages.success(request, f"{counted(done[0], len(done))} {verb}: {span}.")


def say_what_clashes(request: PracticeRequest, done: Sequence[Booking]) -> None:
    """Say of those that were moved or made longer what they now clash with."""
    for sentence in clashes_in(done)[:MOST_TOLD]:
        messages.warning(request, sentence)


def clashes_in(done: Sequence[Booking]) -> list[str]:
    """What the bookings of a series clash with, each with its day."""
    if not done:
        return []
    visits = done[0].account.attendees.live().filter(booking__in=[one.pk for one in done])
    patients = [visit.patient for visit in visits.select_related("patient")]
    told = zip(done, clashes_of(done, patients), strict=True)
    day = formats().weekday
    return [f"{day(one.local_start)}: {clash}" for one, clashes in told for clash in clashes]
