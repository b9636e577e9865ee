"""The demo's waiting list: some who would come earlier than they are booked, and some without."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casewell.waiting.models import Urgency, WaitingEntry, WaitingEntryPractitioner

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee

FROM_DAY, MOST = 8, 6
# What each wants, in turn.
WISHES: tuple[dict[str, Any], ...] = (
    {"urgency": Urgency.URGENT, "note": "In pain since the weekend"},
    {"weekdays": [0, 2, 4], "until_time": time(12)},
    {"from_time": time(15), "note": "After school"},
    {"urgency": Urgency.NO_HURRY, "weekdays": [1, 3]},
    {},
    {"urgency": Urgency.URGENT, "from_time": time(9), "until_time": time(17)},
)


def make_waiting(attendees: list[Attendee]) -> None:
    """The first so many visits from next week on are wanted earlier, with the same practitioner.

    Nothing is asked of the database: it knows nothing yet of rows that were just added, and by a
    guess took minutes.
    """
    after = timezone.now() + timedelta(days=FROM_DAY)
    coming = [v for v in attendees if v.cancelled_at is None and v.booking.starts_at > after]
    chosen = sorted(coming, key=lambda v: (v.booking.starts_at, v.pk))[:MOST]
    entries = [
        WaitingEntry(
            patient_id=visit.patient_id,
            attendee=visit,
            case_id=visit.case_id,
            appointment_type_id=visit.booking.appointment_type_id,
            **wish,
        )
        for visit, wish in zip(chosen, WISHES, strict=False)
    ]
    WaitingEntry.objects.bulk_create(entries)
    WaitingEntryPractitioner.objects.bulk_create(
        WaitingEntryPractitioner(
            entry=entry, practitioner_id=entry.attendee.booking.practitioner_id
        )
        for entry in entries
        if entry.attendee
    )
    for days, entry in enumerate(reversed(entries), 2):
        since = timezone.now() - timedelta(days=3 * days)
        WaitingEntry.objects.filter(pk=entry.pk).update(created_at=since)
