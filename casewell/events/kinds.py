"""Which event each change of a record is: one table, keyed by the kind of record and the verb.

A verb that is not named here is an update, so none is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.audit.models import Recordable


class EventType(models.TextChoices):
    """What receivers choose from, with when it happens."""

    APPOINTMENT_CREATED = "appointment.created", "An appointment is booked"
    APPOINTMENT_UPDATED = (
        "appointment.updated",
        "An appointment is moved or changed, or its cancellation is undone",
    )
    APPOINTMENT_CANCELLED = "appointment.cancelled", "An appointment is cancelled"
    APPOINTMENT_ARCHIVED = "appointment.archived", "An appointment is archived"
    APPOINTMENT_UNARCHIVED = "appointment.unarchived", "An archived appointment is restored"
    ATTENDEE_CREATED = "attendee.created", "A patient comes into an appointment"
    ATTENDEE_UPDATED = (
        "attendee.updated",
        "A visit is confirmed, arrives or does not, or goes into or out of a case",
    )
    ATTENDEE_CANCELLED = "attendee.cancelled", "A patient's visit is cancelled"
    ATTENDEE_ARCHIVED = "attendee.archived", "A visit is archived"
    ATTENDEE_UNARCHIVED = "attendee.unarchived", "An archived visit is restored"
    PATIENT_CREATED = "patient.created", "A patient is added"
    PATIENT_UPDATED = "patient.updated", "A patient's details are changed"
    PATIENT_ARCHIVED = "patient.archived", "A patient is archived"
    PATIENT_UNARCHIVED = "patient.unarchived", "An archived patient is restored"
    PATIENT_MERGED = "patient.merged", "A patient is merged into another"
    CASE_CREATED = "patient_case.created", "A case is opened"
    CASE_UPDATED = "patient_case.updated", "A case, or what was approved for it, is changed"
    CASE_CLOSED = "patient_case.closed", "A case is closed"
    CASE_ARCHIVED = "patient_case.archived", "A case is archived"
    CASE_UNARCHIVED = "patient_case.unarchived", "An archived case is restored"
    CASE_FULL = "patient_case.full", "The last session of a case is taken"
    CASE_EXPIRING = "patient_case.expiring", "A case expires within 30 days, and again within 7"
    INVOICE_ISSUED = "invoice.issued", "An invoice, or the credit of one, is issued"
    INVOICE_UPDATED = (
        "invoice.updated",
        "Something is paid or credited towards an invoice, or that is taken back",
    )
    INVOICE_VOIDED = "invoice.voided", "An invoice is voided"
    COMMUNICATION_CREATED = (
        "communication.created",
        "A letter or an invoice is sent or printed, or something else that was said is noted",
    )
    COMMUNICATION_UPDATED = "communication.updated", "What was noted is changed"
    COMMUNICATION_ARCHIVED = "communication.archived", "A communication is archived"
    COMMUNICATION_UNARCHIVED = (
        "communication.unarchived",
        "An archived communication is restored",
    )


TEST = "webhook.test"
ADDRESS = "/v1"
USUAL = {"created": "created", "archived": "archived", "restored": "unarchived"}
UPDATED = dict.fromkeys(USUAL, "updated")  # of what the API has under another record


def own_id(record: Any) -> int:
    return int(record.pk)


@dataclass(frozen=True)
class Source:
    """A kind of record whose changes are events: under which word, and where the API has it."""

    word: str
    path: Callable[[Any], str]
    verbs: dict[str, str] = field(default_factory=dict)
    target: Callable[[Any], int] = own_id

    def type_of(self, verb: str) -> str:
        return f"{self.word}.{(USUAL | self.verbs).get(verb, 'updated')}"


def of_bookings(booking: Any) -> str:
    """A block of a practitioner's day is no appointment."""
    return "" if booking.is_block else f"{booking.kind}_appointments"


SOURCES: dict[str, Source] = {
    "appointments.booking": Source(
        "appointment", of_bookings, {"booked": "created", "cancelled": "cancelled"}
    ),
    "appointments.attendee": Source(
        "attendee",
        lambda _: "attendees",
        {"booked": "created", "booked from the waiting list": "created", "cancelled": "cancelled"},
    ),
    "patients.patient": Source(
        "patient", lambda _: "patients", {"merged": "merged", "unmerged": "unarchived"}
    ),
    "cases.patientcase": Source("patient_case", lambda _: "patient_cases", {"closed": "closed"}),
    # What was approved is the limit and the expiry of the case.
    "cases.approval": Source(
        "patient_case",
        lambda _: "patient_cases",
        UPDATED,
        lambda approval: int(approval.case_id),
    ),
    "invoices.invoice": Source(
        "invoice",
        lambda _: "invoices",
        UPDATED | {"issued": "issued", "credited": "issued", "voided": "voided"},
    ),
    # What is owed of an invoice, which has no column of its own.
    "invoices.allocation": Source(
        "invoice", lambda _: "invoices", UPDATED, lambda allocation: int(allocation.invoice_id)
    ),
    # A letter itself is told of by none: the API does not have letters, but what was sent.
    "letters.communication": Source(
        "communication", lambda _: "communications", {"logged": "created"}
    ),
}


@dataclass(frozen=True)
class Happening:
    """An event before it is stored: its type, and the record by its path and id in the API."""

    type: str
    path: str
    target_id: int


def happening(record: Recordable, verb: str) -> Happening | None:
    """The event that `verb` is for that record; None for what receivers do not know."""
    source = SOURCES.get(record._meta.label_lower)
    path = source.path(record) if source else ""
    if source is None or not path:
        return None
    return Happening(source.type_of(verb), path, source.target(record))
