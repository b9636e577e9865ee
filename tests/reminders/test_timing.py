"""When a reminder goes out: hours ahead, around the quiet hours, whatever the clocks do."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from casewell.reminders.timing import EARLY, LEAST_NOTICE, Quiet, hours_due, moment_of

SYDNEY = ZoneInfo("Australia/Sydney")
NIGHTS = Quiet(time(20), time(8), SYDNEY)
NO_QUIET = Quiet(time(8), time(8), SYDNEY)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def there(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SYDNEY)


@pytest.mark.parametrize(
    ("starts", "hours", "goes_out"),
    [
        ("2026-03-03T12:00", 24, "2026-03-02T12:00"),
        ("2026-03-03T21:00", 24, "2026-03-03T08:00"),  # waits for the morning
        ("2026-03-03T07:30", 24, "2026-03-02T08:00"),
        ("2026-03-03T09:00", 2, "2026-03-03T08:00"),
        ("2026-03-03T08:30", 2, "2026-03-02T19:30"),  # too near by then: the evening before
        ("2026-03-03T07:00", 10, "2026-03-02T19:30"),
        ("2026-10-04T12:00", 24, "2026-10-03T11:00"),  # a day of 23 hours lies between
    ],
)
def test_a_reminder_goes_out_its_hours_ahead_and_never_at_night(
    starts: str, hours: int, goes_out: str
) -> None:
    assert moment_of(there(starts), hours, NIGHTS) == there(goes_out)


def test_without_quiet_hours_it_is_the_hours_alone() -> None:
    assert moment_of(there("2026-03-03T03:00"), 2, NO_QUIET) == there("2026-03-03T01:00")


def test_of_several_the_nearest_whose_moment_is_behind_is_due() -> None:
    starts = there("2026-03-05T12:00")

    def due(at: str, booked_at: datetime = LONG_AGO) -> int | None:
        return hours_due(starts, booked_at, [48, 3], NIGHTS, there(at))

    assert due("2026-03-03T11:59") is None
    assert due("2026-03-03T12:00") == 48
    assert due("2026-03-03T20:00") is None  # the quiet hours
    assert due("2026-03-05T08:59") == 48  # as late as that, where nobody looked before
    assert due("2026-03-05T09:00") == 3
    assert due("2026-03-05T12:00") is None  # it has begun


def test_who_books_after_a_moment_is_not_reminded_at_it() -> None:
    starts, now = there("2026-03-05T12:00"), there("2026-03-04T13:00")

    assert hours_due(starts, there("2026-03-04T11:59"), [24], NIGHTS, now) == 24
    assert hours_due(starts, there("2026-03-04T12:01"), [24], NIGHTS, now) is None


def test_no_moment_is_quiet_and_each_is_as_near_to_the_wish_as_it_can_be() -> None:
    """Random visits in six zones, over changes of the clocks: against a search by minutes."""
    rng = random.Random(8)  # noqa: S311 - no secret
    zones = ["Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "Europe/London"]
    for _ in range(400):
        zone = ZoneInfo(rng.choice([*zones, "America/Phoenix", "Asia/Kolkata"]))
        begins, ends = time(rng.randrange(17, 24), 30), time(rng.randrange(5, 10))
        quiet = Quiet(begins, ends, zone)
        minutes = rng.randrange(2 * 365 * 24 * 60)
        starts = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        hours = rng.choice([1, 2, 3, 12, 24, 48])
        wished = starts - timedelta(hours=hours)

        found = moment_of(starts, hours, quiet)

        assert not quiet.holds(found)
        assert found < starts
        after = wished
        while quiet.holds(after):
            after += timedelta(minutes=1)
        if after + LEAST_NOTICE <= starts:
            assert abs(found - after) < timedelta(minutes=1)
        else:
            before = wished
            while quiet.holds(before):
                before -= timedelta(minutes=1)
            assert abs(found - (before - EARLY)) <= timedelta(minutes=1)
