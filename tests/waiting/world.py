"""People who wait, as the tests of the waiting list have them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewell.waiting.models import Place, WaitingEntry
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from datetime import datetime

    from casewell.accounts.models import Practitioner
    from casewell.patients.models import Patient

LATER = NOON + timedelta(days=7)  # when they are booked now


def wait(practice: Practice, patient: Patient | None = None, **fields: Any) -> WaitingEntry:
    """Somebody who waits for a standard visit, any time and with anybody."""
    given: dict[str, Any] = {
        "patient": patient or practice.ada,
        "appointment_type": practice.standard,
    }
    entry: WaitingEntry = practice.account.waiting_entries.create(**given | fields)
    return entry


def wait_with_visit(practice: Practice, at: datetime = LATER, **fields: Any) -> WaitingEntry:
    """Somebody who would have the visit that they have earlier."""
    patient = fields.pop("patient", None) or practice.ada
    visit = practice.attend(at=at, patient=patient)
    return wait(practice, patient, attendee=visit, **fields)


def place(practice: Practice, at: datetime = NOON, who: Practitioner | None = None) -> Place:
    return Place(practice.business, who or practice.amy, at)
