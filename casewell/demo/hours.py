"""When the demo's practitioners are there: part of the week, with a lunch, some at two places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.accounts.practice import WEEKDAYS
from casewell.availability.models import AvailabilityBlock, DailyAvailability, DayOff
from casewell.availability.repeating import edge

if TYPE_CHECKING:
    from casewell.accounts.models import Business, Practitioner
    from casewell.demo.people import World

A_DAY = [["08:30", "12:30"], ["13:15", "17:30"]]
A_MORNING = [["09:00", "13:00"]]
VISITOR = 2  # of the practitioners: one morning a week at the second business


def make_hours(world: World) -> None:
    """Who is at the second business has hours of their own, and today is always a day of work.

    At the first one the opening hours hold, as for everybody who has none.
    """
    if len(world.businesses) < 2:
        return
    second = world.businesses[1]
    for number, (one, business) in enumerate(world.practitioners):
        off = number % 5
        if business == second:
            _week(one, business, {day: A_DAY for n, day in enumerate(WEEKDAYS[:5]) if n != off})
            if world.today.weekday() in (off, 5, 6):
                _today(world, one, business)
        elif number == VISITOR:
            world.account.practitioner_businesses.create(practitioner=one, business=second)
            _week(one, second, {WEEKDAYS[off]: A_MORNING})


def _week(one: Practitioner, business: Business, week: dict[str, list[list[str]]]) -> None:
    DailyAvailability.objects.bulk_create(
        DailyAvailability(
            practitioner=one, business=business, day_of_week=(n + 1) % 7, spans=week.get(day, [])
        )
        for n, day in enumerate(WEEKDAYS)
    )


def _today(world: World, one: Practitioner, business: Business) -> None:
    """Other hours than usual: those of a day of work, and a reason."""
    DayOff.objects.create(
        practitioner=one,
        business=business,
        first_date=world.today,
        last_date=world.today,
        reason="Works today instead",
    )
    for start, end in A_DAY:
        AvailabilityBlock.objects.create(
            practitioner=one,
            business=business,
            starts_at=edge(world.today, start, business.zone),
            ends_at=edge(world.today, end, business.zone),
        )
