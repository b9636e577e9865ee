"""Times as people say them, on the clocks of a business, where daylight saving skips or doubles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.lib.zones import moments, next_shown

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

ORDER = ("first", "second")
YEARS = range(1900, 2200)


class SkippedTime(RuleViolation):
    """Clocks are put forward over this time."""

    code = "skipped_time"

    def __init__(self, local: datetime, zone: ZoneInfo) -> None:
        words, there = formats(), next_shown(local, zone)
        super().__init__(
            f"Clocks are put forward on {words.weekday(local)} and never show "
            f"{words.clock(local)}. The next time is {words.clock(there)}."
        )


class DoubledTime(RuleViolation):
    """Clocks are put back and show this time twice; `choices` are `(fold, words)`."""

    code = "doubled_time"

    def __init__(self, local: datetime, zone: ZoneInfo) -> None:
        words = formats()
        self.choices = choices_of(local, zone)
        super().__init__(
            f"Clocks are put back on {words.weekday(local)} and show {words.clock(local)} twice. "
            "Say which."
        )


def moment_of(local: datetime, zone: ZoneInfo, fold: str = "") -> datetime:
    """The instant, in UTC, of that naive local time; `fold` "0" or "1" says which of two.

    Raises SkippedTime or, where no fold is given, DoubledTime; RuleViolation for a far year.
    """
    if local.year not in YEARS:
        raise RuleViolation(f"{local.year} is no year to book in.")
    found = moments(local, zone)
    if not found:
        raise SkippedTime(local, zone)
    if len(found) > 1 and fold not in ("0", "1"):
        raise DoubledTime(local, zone)
    return found[int(fold)] if len(found) > 1 else found[0]


def choices_of(local: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """Which of two, as `(fold, words)`; nothing where clocks show the time once."""
    found = moments(local, zone) if local.year in YEARS else []
    if len(found) < 2:
        return []
    clock = formats().clock(local)
    return [
        (str(fold), f"the {ORDER[fold]} {clock} ({_zone_name(moment.astimezone(zone))})")
        for fold, moment in enumerate(found)
    ]


def fold_of(moment: datetime, zone: ZoneInfo) -> str:
    """Which of two times a moment is; empty where clocks show its time once."""
    local = moment.astimezone(zone)
    twice = len(moments(local.replace(tzinfo=None, fold=0), zone)) > 1
    return str(local.fold) if twice else ""


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name
