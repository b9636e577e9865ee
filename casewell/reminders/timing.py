"""When a reminder goes out: so many hours before the visit, and never in the quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from casewell.lib.zones import at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

LEAST_NOTICE = timedelta(hours=1)  # between a reminder that had to wait and its visit
EARLY = timedelta(minutes=30)  # before the quiet hours, where it cannot wait for their end
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Quiet:
    """The hours of each day in which nobody is written to, on the clocks of `zone`.

    They may go over midnight; where they begin when they end, there are none.
    """

    begins: time
    ends: time
    zone: ZoneInfo

    def holds(self, moment: datetime) -> bool:
        """Whether that moment lies in them.

        >>> from zoneinfo import ZoneInfo
        >>> nights = Quiet(time(20), time(8), ZoneInfo("Australia/Sydney"))
        >>> nights.holds(datetime(2026, 3, 2, 20, 59, tzinfo=UTC))  # 7:59 there
        True
        >>> nights.holds(datetime(2026, 3, 2, 21, 0, tzinfo=UTC))
        False
        """
        clock = moment.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def around(self, moment: datetime) -> tuple[datetime, datetime]:
        """Beginning and end, in UTC, of those in which a moment lies that they hold."""
        local = moment.astimezone(self.zone)
        over_midnight = self.begins > self.ends
        began_yesterday = over_midnight and local.time() < self.ends
        first = local.date() - DAY if began_yesterday else local.date()
        last = first + DAY if over_midnight else first
        begins, ends = at(first, self.begins, self.zone), at(last, self.ends, self.zone)
        return begins.astimezone(UTC), ends.astimezone(UTC)


def moment_of(starts_at: datetime, hours: int, quiet: Quiet) -> datetime:
    """When the reminder of a visit goes out that is to go `hours` before it.

    What falls into the quiet hours waits for their end and, where the visit is too near by then,
    goes out before they begin.
    """
    wished = starts_at.astimezone(UTC) - timedelta(hours=hours)  # hours that pass, not the clocks'
    if not quiet.holds(wished):
        return wished
    begins, ends = quiet.around(wished)
    return ends if ends + LEAST_NOTICE <= starts_at else begins - EARLY


def hours_due(
    starts_at: datetime, booked_at: datetime, ahead: Iterable[int], quiet: Quiet, now: datetime
) -> int | None:
    """Which of the hours ahead a visit is to be reminded at now; None where at none.

    Of several whose moment is behind, the one nearest to the visit. Who books after that moment
    knows the visit, and is not reminded of it.
    """
    if now >= starts_at or quiet.holds(now):
        return None
    moments = {hours: moment_of(starts_at, hours, quiet) for hours in ahead}
    passed = [hours for hours, moment in moments.items() if moment <= now]
    nearest = min(passed, default=None)
    return nearest if nearest is not None and booked_at <= moments[nearest] else None
