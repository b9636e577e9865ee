"""The demo's recalls, some due and some to come, and its words for reminders, which are off."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

from casewell.recalls.models import Recall, RecallType
from casewell.reminders.models import ReminderTerms

if TYPE_CHECKING:
    from casewell.demo.people import World

TYPES = (("Check after six months", 26), ("New referral from the GP", 48), ("Orthotics review", 52))
RECALLED = range(40, 76, 2)  # patients, whose visits no picture shows
NOTES = ("", "Prefers the morning", "Call the daughter")


def make_recalls(world: World) -> None:
    """Types, and a recall of some patients around today; the last third is to come."""
    kinds = RecallType.objects.bulk_create(
        RecallType(name=name, usual_weeks=weeks) for name, weeks in TYPES
    )
    Recall.objects.bulk_create(
        Recall(
            patient=world.patients[at],
            recall_type=kinds[number % len(kinds)],
            recall_date=world.today + timedelta(days=5 * number - 60),
            note=NOTES[number % len(NOTES)],
        )
        for number, at in enumerate(RECALLED)
    )
    ReminderTerms.objects.create(
        account=world.account, first_hours=48, second_hours=3, quiet_from=time(19)
    )
