"""Who waits for an earlier time, and what became of it."""

from __future__ import annotations

from casewell.waiting.models.choices import Outcome, RemovalReason, Urgency
from casewell.waiting.models.entry import WaitingEntry, waiting_now, waits_as
from casewell.waiting.models.giving import NotUndoable, Place, SlotTaken, WaitingEnded
from casewell.waiting.models.wanted import WaitingEntryBusiness, WaitingEntryPractitioner

__all__ = [
    "NotUndoable",
    "Outcome",
    "Place",
    "RemovalReason",
    "SlotTaken",
    "Urgency",
    "WaitingEnded",
    "WaitingEntry",
    "WaitingEntryBusiness",
    "WaitingEntryPractitioner",
    "waiting_now",
    "waits_as",
]
