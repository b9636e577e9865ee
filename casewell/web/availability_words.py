"""The words of a practitioner's history: hours, extra hours, days off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.accounts.models import Practitioner
from casewell.availability.models import AvailabilityBlock, DailyAvailability, DayOff

if TYPE_CHECKING:
    from django.db import models

PRACTITIONER = Practitioner._meta.label_lower
EXTRA_HOURS, DAY_OFF = AvailabilityBlock._meta.label_lower, DayOff._meta.label_lower
# What they are called in a sentence.
HOURS_TERMS: dict[str, tuple[type[models.Model], str]] = {
    PRACTITIONER: (Practitioner, "the practitioner"),
    EXTRA_HOURS: (AvailabilityBlock, "extra hours"),
    DAY_OFF: (DayOff, "days off"),
}
HOURS_PHRASES = {
    (PRACTITIONER, "created"): "added {}",
    (PRACTITIONER, "edited"): "changed {}",
    (PRACTITIONER, "set hours"): "changed the weekly hours of {}",
    (EXTRA_HOURS, "added"): "added {}",
    (EXTRA_HOURS, "removed"): "removed {}",
    (DAY_OFF, "added"): "added {}",
    (DAY_OFF, "removed"): "removed {}",
}
# What is told of a practitioner, though other tables hold it.
OF_PRACTITIONERS: dict[str, Any] = {"business": DailyAvailability._meta.get_field("business")}
# What every sentence about them says already, and lists of ids, which say nothing to people.
UNTOLD_OF_HOURS = {
    *((kind, "practitioner") for kind in (EXTRA_HOURS, DAY_OFF)),
    *((PRACTITIONER, name) for name in ("businesses", "appointment_types")),
}
