"""Giving a practitioner a week's hours at a business, and taking them away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from casewell.accounts.models import Practitioner
from casewell.accounts.practice import WEEKDAYS
from casewell.audit.models import record_change
from casewell.availability.hours import week_of
from casewell.availability.models import DailyAvailability
from casewell.lib.errors import RuleViolation

if TYPE_CHECKING:
    from casewell.accounts.models import Business
    from casewell.accounts.practice import OpeningHours
    from casewell.audit.actors import Actor

DOORS, NOTHING = "as the business is open", "not there"


class WorksElsewhere(RuleViolation):
    """Hours are asked for at a business where the practitioner does not work."""

    code = "works_elsewhere"


def refuse_elsewhere(practitioner: Practitioner, business: Business) -> None:
    """Raise WorksElsewhere unless that is a place of theirs."""
    if not practitioner.places.filter(business=business).exists():
        raise WorksElsewhere(f"{practitioner} does not work at {business}.")


def set_week(
    practitioner: Practitioner, business: Business, week: OpeningHours | None, *, by: Actor
) -> None:
    """Have those hours hold there, each week; with None, the business's opening hours.

    Raises WorksElsewhere.
    """
    with transaction.atomic():
        # Held, so that two who set the week at once do so one after the other.
        Practitioner.objects.select_for_update(no_key=True).get(pk=practitioner.pk)
        refuse_elsewhere(practitioner, business)
        rows = practitioner.daily_availabilities.filter(business=business)
        kept = {row.day_of_week: row for row in rows}
        former = week_of({number: row.spans for number, row in kept.items()})
        if former == week:
            return
        if week is None:
            rows.delete()
        else:
            _store(practitioner, business, week, kept)
        told = {"business": [None, business.pk]} | _differences(former, week)
        record_change(practitioner, "set hours", told, by=by)


def _store(
    practitioner: Practitioner,
    business: Business,
    week: OpeningHours,
    kept: dict[int, DailyAvailability],
) -> None:
    for number, day in enumerate(WEEKDAYS):
        key = (number + 1) % 7
        row = kept.get(key) or DailyAvailability(
            account_id=practitioner.account_id,
            practitioner=practitioner,
            business=business,
            day_of_week=key,
        )
        spans = week.get(day, [])
        if row._state.adding or row.spans != spans:
            row.spans = spans
            row.save()


def _differences(
    former: OpeningHours | None, latter: OpeningHours | None
) -> dict[str, list[str | None]]:
    """The weekdays that changed, from what to what, in words."""
    pairs = {day: [in_words(former, day), in_words(latter, day)] for day in WEEKDAYS}
    return {day: [*pair] for day, pair in pairs.items() if pair[0] != pair[1]}


def in_words(week: OpeningHours | None, day: str) -> str:
    """The hours of a weekday as the history tells them.

    >>> in_words({"monday": [["08:00", "12:00"], ["13:00", "17:00"]]}, "monday")
    '08:00 – 12:00, 13:00 – 17:00'
    """
    if week is None:
        return DOORS
    return ", ".join(f"{start} – {end}" for start, end in week.get(day, [])) or NOTHING
