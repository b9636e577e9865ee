"""Positions in a case: by start, renumbered at once, and only of what counts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casewell.appointments.models import Attendee, CancellationReason
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice


def test_positions_follow_a_cancellation_a_move_and_an_unlinking(northside: Practice) -> None:
    knee = northside.case()
    one, two, three = (northside.attend(knee, NOON + timedelta(days=d)) for d in range(3))

    def positions() -> list[int | None]:
        visits = {v.pk: v.position for v in Attendee.objects.with_position()}
        return [visits[v.pk] for v in (one, two, three)]

    assert positions() == [1, 2, 3]
    later = NOON + timedelta(days=9)
    one.booking.move(starts_at=later, ends_at=later + timedelta(hours=1), by=northside.by)
    assert positions() == [3, 1, 2]
    two.cancel(CancellationReason.SICK, by=northside.by)
    assert positions() == [2, None, 1]
    three.unlink(by=northside.by)
    assert positions() == [1, None, None]


def test_positions_of_the_same_time_go_by_id(northside: Practice) -> None:
    knee = northside.case()
    first, second = northside.attend(knee), northside.attend(knee)

    visits = {v.pk: v.position for v in Attendee.objects.with_position()}

    assert (visits[first.pk], visits[second.pk]) == (1, 2)
