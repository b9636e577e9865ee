"""Which wishes fit into which room, against a model that tries every minute."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from casewell.waiting.fitting import Room, Span, Wish, gaps, start_for

if TYPE_CHECKING:
    from tests.soak import Trials

# Clocks are put back on the first day and forward on the last.
SYDNEY = ZoneInfo("Australia/Sydney")
DAYS = [date(2026, 4, 5), date(2026, 4, 6), date(2026, 10, 4)]
MINUTE = timedelta(minutes=1)
STEP = 5


def clock(rng: random.Random, first: int = 0, last: int = 23 * 60) -> time:
    minutes = rng.randrange(first, last, STEP)
    return time(minutes // 60, minutes % 60)


def moment(rng: random.Random, day: date) -> datetime:
    return datetime.combine(day, clock(rng, 0, 6 * 60), tzinfo=SYDNEY)


def some(rng: random.Random, of: range) -> frozenset[int]:
    return frozenset(rng.sample(of, rng.randrange(3)) if rng.random() < 0.5 else ())


def spans(rng: random.Random, day: date) -> tuple[Span, ...]:
    return tuple(span(rng, day, 90) for _ in range(rng.randrange(3)))


def span(rng: random.Random, day: date, longest: int) -> Span:
    """From a time of that day on, for so many minutes at most, whatever the clocks do meanwhile."""
    start, length = moment(rng, day), timedelta(minutes=rng.randrange(STEP, longest, STEP))
    return start, (start.astimezone(UTC) + length).astimezone(SYDNEY)


def a_room(rng: random.Random, day: date) -> Room:
    return Room(rng.randrange(3), rng.randrange(2), *span(rng, day, 180))


def a_wish(rng: random.Random, day: date) -> Wish:
    first, last = sorted([clock(rng, 0, 8 * 60), clock(rng, 0, 8 * 60)])
    dates = sorted([rng.choice(DAYS), rng.choice(DAYS)])
    return Wish(
        length=timedelta(minutes=rng.randrange(STEP, 90, STEP)),
        practitioners=some(rng, range(3)),
        businesses=some(rng, range(2)),
        weekdays=some(rng, range(7)),
        from_time=first if rng.random() < 0.5 else None,
        until_time=last if rng.random() < 0.5 else None,
        from_date=dates[0] if rng.random() < 0.3 else None,
        until_date=dates[1] if rng.random() < 0.3 else None,
        before=moment(rng, day) if rng.random() < 0.3 else None,
        busy=spans(rng, day),
    )


def suits(wish: Wish, room: Room, start: datetime) -> bool:
    """Whether a visit from `start` is what is wished, said without any arithmetic over spans."""
    visit = [start + n * MINUTE for n in range(int(wish.length / MINUTE))]
    day, over = room.start.date(), start + wish.length
    return (
        all(room.start <= one < room.end for one in visit)
        and not any(begins <= one < ends for begins, ends in wish.busy for one in visit)
        and (room.practitioner in wish.practitioners or not wish.practitioners)
        and (room.business in wish.businesses or not wish.businesses)
        and (day.weekday() in wish.weekdays or not wish.weekdays)
        and (wish.from_date is None or wish.from_date <= day)
        and (wish.until_date is None or day <= wish.until_date)
        and (wish.before is None or start < wish.before)
        and (wish.from_time is None or start >= at_clock(day, wish.from_time))
        and (wish.until_time is None or over <= at_clock(day, wish.until_time))
    )


def at_clock(day: date, wanted: time) -> datetime:
    return datetime.combine(day, wanted, tzinfo=SYDNEY)


def test_the_start_is_the_first_minute_that_suits_or_none_where_no_minute_does(
    trials: Trials,
) -> None:
    rng, found = random.Random(trials.seed), 0  # noqa: S311 - no secret
    utc = ZoneInfo("UTC")
    for _ in range(trials(short=400, full=10_000)):
        day = rng.choice(DAYS)
        wish, room = a_wish(rng, day), a_room(rng, day)
        first, last = room.start.astimezone(utc), room.end.astimezone(utc)
        minutes = [first + n * MINUTE for n in range(int((last - first) / MINUTE))]

        expected = next((one for one in minutes if suits(wish, room, one)), None)

        start = start_for(wish, room)
        assert (start and start.astimezone(utc)) == expected, (wish, room)
        found += start is not None
    trials.note("fit", found)
    assert found > trials.n / 50


def test_gaps_are_the_minutes_that_nothing_holds(trials: Trials) -> None:
    rng, found = random.Random(trials.seed), 0  # noqa: S311 - no secret
    zero = datetime(2026, 3, 3, tzinfo=ZoneInfo("UTC"))
    for _ in range(trials(short=400, full=10_000)):
        edges = sorted(rng.sample(range(100), 2))
        until = max(edges[1], rng.randrange(120))
        busy = [sorted(rng.sample(range(130), 2)) for _ in range(rng.randrange(5))]
        held = {n for start, end in busy for n in range(start, end)}
        free = [n for n in range(edges[0], until) if n not in held]

        expected: list[list[int]] = []
        for n in free:
            if expected and expected[-1][1] == n:
                expected[-1][1] = n + 1
            else:
                expected.append([n, n + 1])
        # A stretch counts that begins in what was left; it goes on as far as it is free.
        expected = [one for one in expected if one[0] < edges[1]]

        given = gaps(
            (zero + edges[0] * MINUTE, zero + edges[1] * MINUTE),
            zero + until * MINUTE,
            [(zero + start * MINUTE, zero + end * MINUTE) for start, end in busy],
        )
        told = [[int((one - zero) / MINUTE) for one in gap] for gap in given]
        assert told == expected, (edges, until, busy)
        found += len(told)
    trials.note("gaps", found)
    assert found


@pytest.mark.parametrize("day", DAYS)
def test_hours_are_those_of_the_clock_on_days_of_23_and_25_hours_too(day: date) -> None:
    wish = Wish(timedelta(minutes=30), from_time=time(9), until_time=time(10))
    room = Room(1, 1, at_clock(day, time(0)), at_clock(day, time(20)))

    start = start_for(wish, room)

    assert start is not None
    assert start.astimezone(SYDNEY).time() == time(9)
