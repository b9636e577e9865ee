"""Repeat rules: the same days and moments as dateutil's, on the clocks of six places."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from casewell.lib.errors import RuleViolation
from casewell.lib.recurrence import MOST, Frequency, Rule, TooMany, moment_on, shifted

if TYPE_CHECKING:
    from tests.soak import Trials

ZONES = [
    "Australia/Sydney",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Europe/London",
    "America/Phoenix",
]
DATEUTILS = {Frequency.DAILY: DAILY, Frequency.WEEKLY: WEEKLY, Frequency.MONTHLY: MONTHLY}
SYDNEY = ZoneInfo("Australia/Sydney")
TEN_YEARS = timedelta(days=3653)


def local(day: date, clock: str, zone: ZoneInfo = SYDNEY, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone, fold=fold)


def moments_of(rule: Rule, first: datetime, zone: ZoneInfo, until: date) -> list[datetime]:
    days = takewhile(lambda day: day <= until, rule.days(first.date()))
    return [moment_on(day, first, zone) for day in days]


def as_dateutil(rule: Rule, first: datetime, zone: str) -> list[datetime]:
    """The moments of ten years, by dateutil and its own time zones."""
    there, until = tz.gettz(zone), (first + TEN_YEARS).date()
    naive = rrule(DATEUTILS[rule.frequency], first, rule.interval, count=rule.times)
    found = takewhile(lambda one: one.date() <= until, naive)
    return [tz.resolve_imaginary(one.replace(tzinfo=there)).astimezone(UTC) for one in found]


def test_any_rule_gives_what_dateutil_gives_over_ten_years_in_six_zones(trials: Trials) -> None:
    @seed(trials.seed)
    @settings(max_examples=trials(short=25, full=1000), deadline=None, database=None)
    @given(
        zone=st.sampled_from(ZONES),
        rule=st.builds(
            Rule,
            st.sampled_from(list(Frequency)),
            st.integers(1, 100),
            st.none() | st.integers(1, 60),
        ),
        # dateutil knows no change of clocks from some day in 2037 on
        first=st.datetimes(datetime(2016, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001
    )
    def agrees(zone: str, rule: Rule, first: datetime) -> None:
        first = first.replace(second=0, microsecond=0)
        if not tz.datetime_exists(first, tz.gettz(zone)):
            first += timedelta(hours=1)
        here, until = ZoneInfo(zone), (first + TEN_YEARS).date()

        found = moments_of(rule, first.replace(tzinfo=here), here, until)

        assert found == as_dateutil(rule, first, zone)

    agrees()


@pytest.mark.parametrize(
    ("first", "change"),
    [(date(2026, 3, 3), date(2026, 4, 5)), (date(2026, 9, 8), date(2026, 10, 4))],
)
def test_nine_o_clock_stays_nine_o_clock_when_clocks_change(first: date, change: date) -> None:
    rule = Rule(Frequency.WEEKLY, times=12)

    found = [moment_on(day, local(first, "09:00"), SYDNEY) for day in rule.dates(first)]

    assert [f"{one.astimezone(SYDNEY):%a %H:%M}" for one in found] == ["Tue 09:00"] * 12
    hours = {(found[n + 1] - found[n]) / timedelta(hours=1) for n in range(11)}
    assert len(hours) == 2
    assert found[0].date() < change < found[-1].date()


def test_a_time_that_clocks_skip_is_as_much_later() -> None:
    before = local(date(2026, 10, 3), "02:30")

    skipped = moment_on(date(2026, 10, 4), before, SYDNEY).astimezone(SYDNEY)

    assert f"{skipped:%d %H:%M}" == "04 03:30"


def test_a_time_that_clocks_show_twice_is_the_first_but_for_the_one_that_was_chosen() -> None:
    doubled = date(2026, 4, 5)
    chosen = local(doubled, "02:30", fold=1)

    assert moment_on(doubled, chosen, SYDNEY) == datetime(2026, 4, 4, 16, 30, tzinfo=UTC)
    again = moment_on(doubled, local(date(2026, 3, 29), "02:30", fold=1), SYDNEY)
    assert again == datetime(2026, 4, 4, 15, 30, tzinfo=UTC)


def test_the_31st_comes_in_seven_months_of_the_year() -> None:
    days = Rule(Frequency.MONTHLY, times=7).dates(date(2026, 1, 31))

    assert [day.month for day in days] == [1, 3, 5, 7, 8, 10, 12]
    assert {day.day for day in days} == {31}


def test_until_a_day_includes_it() -> None:
    rule = Rule(Frequency.WEEKLY, 2, until=date(2026, 3, 31))

    assert rule.dates(date(2026, 3, 3)) == [
        date(2026, 3, 3),
        date(2026, 3, 17),
        date(2026, 3, 31),
    ]


def test_a_series_has_so_many_dates_at_most_and_none_in_a_far_year() -> None:
    assert len(Rule(Frequency.DAILY, times=MOST).dates(date(2026, 3, 3))) == MOST == 52
    with pytest.raises(TooMany):
        Rule(Frequency.DAILY, until=date(2026, 4, 24)).dates(date(2026, 3, 3))
    with pytest.raises(RuleViolation, match="is no day to book on"):
        Rule(Frequency.MONTHLY, 100, times=52).dates(date(2026, 3, 3))


def test_a_shift_is_on_the_clock_and_not_in_hours() -> None:
    saturday = local(date(2026, 4, 4), "09:00")

    later = shifted(saturday, timedelta(days=1), SYDNEY)

    assert f"{later.astimezone(SYDNEY):%a %H:%M}" == "Sun 09:00"
    assert later - saturday == timedelta(hours=25)
    assert shifted(later.astimezone(SYDNEY), timedelta(days=-1), SYDNEY) == saturday
