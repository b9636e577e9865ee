"""Spans and the starts in them, against a model that looks at each minute of a day by itself."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.practice import WEEKDAYS
from casewell.appointments.free_times import Gaps
from casewell.availability.hours import Hours
from casewell.lib.spans import covers, starts_in, without

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from casewell.lib.spans import Span
    from tests.soak import Trials

ZONES = (
    "Australia/Sydney",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Europe/London",
    "America/Phoenix",
)
# Around the days on which clocks are changed somewhere, and any other day.
CHANGES = [date(2026, 4, 5), date(2026, 10, 4), date(2026, 9, 27), date(2026, 3, 29)]
CHANGES += [date(2026, 10, 25), date(2026, 3, 3)]
# None in the hours that clocks skip or show twice: there minutes alone do not tell.
EDGES = ["00:00", *(f"{h:02}:{m:02}" for h in range(5, 24) for m in (0, 5, 20, 45)), "24:00"]
MINUTE = timedelta(minutes=1)


def some_hours(rng: random.Random, zone: str) -> Hours:
    """A business's day of one, two or three spans."""
    edges = sorted(rng.sample(EDGES, 2 * rng.randrange(1, 4)))
    day = [[start, end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    place = Business(account_id=1, time_zone=zone, opening_hours=dict.fromkeys(WEEKDAYS, day))
    return Hours(Practitioner(account_id=1), place)


def some_bookings(rng: random.Random, day: date, zone: ZoneInfo) -> list[Span]:
    """Bookings and blocks of a day, which may overlap and begin at odd seconds."""
    midnight = datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
    spans = []
    for _ in range(rng.randrange(12)):
        start = midnight + timedelta(minutes=rng.randrange(-90, 1500))
        if rng.random() < 0.2:
            start += timedelta(seconds=rng.randrange(60))
        spans.append((start, start + timedelta(minutes=rng.randrange(1, 150))))
    return spans


def by_each_minute(hours: Hours, day: date, busy: list[Span], minutes: int) -> list[datetime]:
    """The starts, found by looking at every minute of the day."""
    zone, open_ = hours.zone, hours.usual_on(day)
    at = datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)
    looks = []
    while at < end:
        clock = f"{at.astimezone(zone):%H:%M}"
        there = any(opens <= clock < closes for opens, closes in open_)
        taken = any(start < at + MINUTE and at < until for start, until in busy)
        looks.append((at, there and not taken))
        at += MINUTE
    found = []
    for free, run in groupby(looks, key=lambda look: look[1]):
        moments = [moment for moment, _ in run]
        if free:
            fitting = range(len(moments) // minutes)
            found += [moments[number * minutes] for number in fitting]
    return found


def test_free_starts_never_meet_a_booking_and_miss_no_gap_that_fits(trials: Trials) -> None:
    rng = random.Random(trials.seed)  # noqa: S311 - no secret
    starts = empty = 0
    for _ in range(trials(150, 10_000)):
        name = rng.choice(ZONES)
        day = rng.choice(CHANGES) + timedelta(days=rng.choice((0, 0, 1, 9)))
        hours, minutes = some_hours(rng, name), rng.choice((5, 15, 20, 30, 45, 60, 90))
        busy = some_bookings(rng, day, hours.zone)
        gaps = Gaps(hours, without(hours.spans(day, day), busy))

        found = list(gaps.starts(timedelta(minutes=minutes)))

        assert found == by_each_minute(hours, day, busy, minutes), (name, day, minutes, busy)
        starts, empty = starts + len(found), empty + (not found)
    trials.note("free starts", starts)
    trials.note("days without one", empty)


def test_spans_that_only_touch_hold_what_lies_over_both() -> None:
    nine, ten, eleven = (datetime(2026, 3, 3, hour, tzinfo=UTC) for hour in (9, 10, 11))
    half = timedelta(minutes=30)

    assert covers([(ten, eleven), (nine, ten)], nine + half, ten + half)
    assert not covers([(nine, ten)], nine + half, ten + half)


def test_a_length_of_no_time_is_refused_instead_of_being_found_for_ever() -> None:
    nine = datetime(2026, 3, 3, 9, tzinfo=UTC)

    with pytest.raises(ValueError, match="must be positive"):
        next(starts_in((nine, nine + timedelta(hours=1)), timedelta(0)))
