"""The choices that an entry of the waiting list has."""

from __future__ import annotations

from django.db import models


class Urgency(models.IntegerChoices):
    """Who comes first; within one, who has waited longest."""

    URGENT = 1, "Urgent"
    SOON = 2, "Soon"
    NO_HURRY = 3, "No hurry"


class Outcome(models.TextChoices):
    """What became of an entry."""

    MOVED = "moved", "Brought forward"
    BOOKED = "booked", "Booked"
    REMOVED = "removed", "Taken off the list"


class RemovalReason(models.TextChoices):
    """Why somebody is taken off the list."""

    NO_LONGER = "no longer", "No longer wanted"
    OTHERWISE = "otherwise", "Has a time already"
    NOT_REACHED = "not reached", "Could not be reached"
    OTHER = "other", "Other"
