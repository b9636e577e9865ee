"""When somebody is at a business: own hours or the opening hours, days off, extra hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from casewell.audit.models import Change
from casewell.availability.hours import hours_of
from casewell.availability.models import AvailabilityBlock, DayOff
from casewell.availability.repeating import Repeating, edge
from casewell.availability.weeks import WorksElsewhere, set_week

if TYPE_CHECKING:
    from casewell.availability.hours import Hours
    from tests.world import Practice

TUESDAY, WEDNESDAY, SUNDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 8)
MORNINGS = {"tuesday": [["08:00", "10:00"], ["10:30", "12:00"]]}
SYDNEY = ZoneInfo("Australia/Sydney")


def amys(northside: Practice, first: date = TUESDAY, last: date = SUNDAY) -> Hours:
    return hours_of(northside.amy, northside.business, first, last)


def extra(northside: Practice, day: date, **fields: Any) -> AvailabilityBlock:
    """Extra hours of Amy's from 14:00 to 16:00 that day."""
    zone = northside.business.zone
    block = AvailabilityBlock(
        practitioner=northside.amy,
        business=northside.business,
        starts_at=edge(day, "14:00", zone),
        ends_at=edge(day, "16:00", zone),
        **fields,
    )
    block.add(by=northside.by)
    return block


def day_off(northside: Practice, first: date, last: date, **fields: Any) -> DayOff:
    off = DayOff(practitioner=northside.amy, first_date=first, last_date=last, **fields)
    off.add(by=northside.by)
    return off


def test_who_has_no_hours_of_their_own_has_the_opening_hours(northside: Practice) -> None:
    assert amys(northside).clock_spans(TUESDAY) == [("08:00", "18:00")]
    assert amys(northside).clock_spans(SUNDAY) == []


def test_own_hours_hold_at_that_business_alone(northside: Practice) -> None:
    shore = northside.account.businesses.create(
        business_name="Shore", time_zone="Australia/Sydney", opening_hours={}
    )
    northside.account.practitioner_businesses.create(practitioner=northside.amy, business=shore)

    set_week(northside.amy, northside.business, MORNINGS, by=northside.by)

    assert amys(northside).clock_spans(TUESDAY) == [("08:00", "10:00"), ("10:30", "12:00")]
    assert amys(northside).clock_spans(WEDNESDAY) == []
    assert hours_of(northside.amy, shore, TUESDAY, SUNDAY).week is None
    assert northside.account.daily_availabilities.count() == 7


def test_hours_are_set_only_where_somebody_works(northside: Practice) -> None:
    shore = northside.account.businesses.create(business_name="Shore", time_zone="Australia/Sydney")

    with pytest.raises(WorksElsewhere, match="Amy Shaw does not work at Shore"):
        set_week(northside.amy, shore, MORNINGS, by=northside.by)
    assert not northside.account.daily_availabilities.exists()


def test_a_week_without_any_hours_is_not_the_same_as_none(northside: Practice) -> None:
    set_week(northside.amy, northside.business, {}, by=northside.by)
    assert amys(northside).clock_spans(TUESDAY) == []

    set_week(northside.amy, northside.business, None, by=northside.by)
    assert amys(northside).clock_spans(TUESDAY) == [("08:00", "18:00")]


def test_each_change_of_a_week_is_written_down_and_none_that_changes_nothing(
    northside: Practice,
) -> None:
    for week in (MORNINGS, MORNINGS, None):
        set_week(northside.amy, northside.business, week, by=northside.by)

    told = Change.objects.filter(verb="set hours").order_by("id").values_list("changes", flat=True)
    assert [one["tuesday"] for one in told] == [
        ["as the business is open", "08:00 – 10:00, 10:30 – 12:00"],
        ["08:00 – 10:00, 10:30 – 12:00", "as the business is open"],
    ]
    assert {one["business"][1] for one in told} == {northside.business.pk}


def test_a_day_off_puts_the_hours_out_of_force_and_extra_hours_hold_all_the_same(
    northside: Practice,
) -> None:
    off = day_off(northside, TUESDAY, WEDNESDAY)
    extra(northside, WEDNESDAY)

    assert amys(northside).clock_spans(TUESDAY) == []
    assert amys(northside).clock_spans(WEDNESDAY) == [("14:00", "16:00")]
    assert amys(northside).clock_spans(date(2026, 3, 5)) == [("08:00", "18:00")]

    off.remove(by=northside.by)
    assert amys(northside).clock_spans(TUESDAY) == [("08:00", "18:00")]


def test_a_day_off_at_another_business_is_none_here(northside: Practice) -> None:
    shore = northside.account.businesses.create(business_name="Shore", time_zone="Australia/Sydney")
    day_off(northside, TUESDAY, TUESDAY, business=shore)

    assert amys(northside).clock_spans(TUESDAY) == [("08:00", "18:00")]


def test_extra_hours_join_the_usual_ones_and_go_when_they_are_removed(northside: Practice) -> None:
    set_week(northside.amy, northside.business, {"tuesday": [["12:00", "15:00"]]}, by=northside.by)
    block = extra(northside, TUESDAY)
    assert amys(northside).clock_spans(TUESDAY) == [("12:00", "16:00")]

    block.remove(by=northside.by)
    assert amys(northside).clock_spans(TUESDAY) == [("12:00", "15:00")]
    assert Change.objects.filter(target_id=block.pk, verb="removed").count() == 1


def test_extra_hours_that_repeat_stay_at_their_clock_time_when_clocks_change(
    northside: Practice,
) -> None:
    extra(northside, date(2026, 3, 29), repeat_type="Weekly", number_of_repeats=2)
    hours = amys(northside, date(2026, 3, 29), date(2026, 4, 26))

    days = [date(2026, 3, 29) + n * timedelta(days=7) for n in range(4)]
    assert [hours.clock_spans(day) for day in days] == [[("14:00", "16:00")]] * 3 + [[]]
    assert [hours.spans(day, day)[0][0] for day in days[:2]] == [
        datetime(2026, 3, 29, 3, tzinfo=UTC),
        datetime(2026, 4, 5, 4, tzinfo=UTC),
    ]


def test_a_month_without_the_day_is_left_out() -> None:
    start = datetime(2026, 1, 31, 9, tzinfo=SYDNEY)
    monthly = Repeating(start, start + timedelta(hours=1), "Monthly", 1, 2)

    found = [begin for begin, _ in monthly.on(start.date(), date(2026, 12, 31), SYDNEY)]

    assert [begin.astimezone(SYDNEY).date() for begin in found] == [
        date(2026, 1, 31),
        date(2026, 3, 31),
        date(2026, 5, 31),
    ]
    assert monthly.last_day(SYDNEY) == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 4, 5), 25), (date(2026, 10, 4), 23), (TUESDAY, 24)]
)
def test_a_whole_day_has_the_hours_that_its_clocks_give_it(
    northside: Practice, day: date, hours: int
) -> None:
    week = {f"{day:%A}".lower(): [["00:00", "24:00"]]}
    set_week(northside.amy, northside.business, week, by=northside.by)

    [(start, end)] = amys(northside, day, day).spans(day, day)

    assert end - start == timedelta(hours=hours)


def test_hours_that_end_at_a_doubled_time_end_at_the_second(northside: Practice) -> None:
    set_week(northside.amy, northside.business, {"sunday": [["02:30", "02:45"]]}, by=northside.by)
    day = date(2026, 4, 5)

    [(start, end)] = amys(northside, day, day).spans(day, day)

    assert (start, end) == (
        datetime(2026, 4, 4, 15, 30, tzinfo=UTC),
        datetime(2026, 4, 4, 16, 45, tzinfo=UTC),
    )


def test_hours_past_midnight_hold_a_booking_over_it(northside: Practice) -> None:
    week = {"tuesday": [["20:00", "24:00"]], "wednesday": [["00:00", "02:00"]]}
    set_week(northside.amy, northside.business, week, by=northside.by)
    start = edge(TUESDAY, "23:30", SYDNEY)

    assert amys(northside).hold(start, start + timedelta(hours=1))
    assert not amys(northside).hold(start, start + timedelta(hours=3))
