"""The series that a booking is of, as its panel shows it, and how much of it an act is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import ordinal

from casewell.appointments.models.clashes import clashes_of
from casewell.appointments.models.reach import Reach
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewell.appointments.models import Booking
    from casewell.web.requests import PracticeRequest

MOST_TOLD = 5


@dataclass(frozen=True)
class SeriesShown:
    """Which of its series a booking is, and the dates of all."""

    booking: Booking
    dates: Sequence[Booking]

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


def series_of(one: Booking) -> SeriesShown | None:
    """The series that a booking is of; None where it is of none, or is archived."""
    if one.series_id is None or one.archived_at:
        return None
    rows = one.account.bookings.filter(series=one.series_id, archived_at=None)
    dates = list(rows.select_related("business").order_by("starts_at", "id"))
    return SeriesShown(one, dates) if len(dates) > 1 else None


def reach_in(request: PracticeRequest) -> Reach:
    """How much of the series the sender means: this one alone, where nothing is said."""
    sent = request.POST.get("reach", "")
    return Reach(sent) if sent in Reach.values else Reach.ONE


def say_how_many(request: PracticeRequest, done: Sequence[Booking], verb: str) -> None:
    """Say to how many of a series something was done; of one the panel says it."""
    if len(done) < 2:
        return
    words = formats()
    span = " – ".join(words.weekday(done[at].local_start) for at in (0, -1))
    messages.success(request, f"{len(done)} appointments {verb}: {span}.")


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
