"""Who on the waiting list fits into which free time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewell.waiting.fitting import Room, Span, start_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from casewell.accounts.models import Account
    from casewell.waiting.models import WaitingEntry


@dataclass(frozen=True)
class Fit:
    """Somebody who waits, and when they would begin in the room."""

    entry: WaitingEntry
    room: Room
    start: datetime


def who_fits(account: Account, rooms: Sequence[Room]) -> dict[Room, list[Fit]]:
    """By room, those who fit: the most urgent first, then who has waited longest.

    Rooms into which nobody fits are left out. At most two statements.
    """
    if not rooms:
        return {}
    entries = list(account.waiting_entries.waiting().with_all().with_wishes().in_order())
    busy = _busy(account, entries, rooms)
    found: dict[Room, list[Fit]] = defaultdict(list)
    for room in rooms:
        for entry in entries:
            start = start_for(entry.wish(busy[entry.pk]), room)
            if start:
                found[room].append(Fit(entry, room, start))
    return dict(found)


def _busy(
    account: Account, entries: Sequence[WaitingEntry], rooms: Sequence[Room]
) -> dict[int, tuple[Span, ...]]:
    """When each entry's patient is elsewhere, but for the visit that would be moved."""
    first, last = min(room.start for room in rooms), max(room.end for room in rooms)
    bookings = account.bookings.live().overlapping(first, last)
    visits = account.attendees.live().filter(
        patient__in={entry.patient_id for entry in entries}, booking__in=bookings.values("pk")
    )
    spans: defaultdict[int, list[tuple[int, Span]]] = defaultdict(list)
    if entries:
        rows = visits.values_list("pk", "patient_id", "booking__starts_at", "booking__ends_at")
        for key, patient, start, end in rows:
            spans[patient].append((key, (start, end)))
    return {
        entry.pk: tuple(span for key, span in spans[entry.patient_id] if key != entry.attendee_id)
        for entry in entries
    }
