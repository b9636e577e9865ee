"""What a patient answers by the link of a reminder: that they come, or want no more of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.appointments.models import Attendee
from casewell.audit.actors import Actor
from casewell.audit.models import recorded
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from casewell.reminders.links import VisitAt

PATIENT = Actor(job="the patient, by a link")


class Standing(StrEnum):
    """What has become of the visit that a link names."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    PAST = "past"


def visit_of(link: VisitAt) -> Attendee | None:
    """The visit, inside the account's scope; None where there is none any more."""
    rows = Attendee.objects.select_related("booking__business", "account", "patient")
    return rows.filter(pk=link.visit_id).first()


def standing_of(visit: Attendee, link: VisitAt) -> Standing:
    """What has become of the visit since the link was sent."""
    booking = visit.booking
    if visit.cancelled_at or visit.archived_at or booking.cancelled_at or booking.archived_at:
        return Standing.CANCELLED
    if int(booking.starts_at.timestamp()) != int(link.starts_at.timestamp()):
        return Standing.MOVED
    if booking.starts_at <= timezone.now():
        return Standing.PAST
    return Standing.CONFIRMED if visit.confirmed_at else Standing.OPEN


def confirm(link: VisitAt) -> None:
    """Say that the patient will come, where the visit is still as the link says."""
    Attendee.objects.filter(pk=link.visit_id).hold()
    visit = visit_of(link)
    if visit and standing_of(visit, link) is Standing.OPEN:
        visit.confirm(by=PATIENT)


def stop(link: VisitAt) -> None:
    """Write down that the patient wants no more reminders, by any way."""
    ours = Attendee.objects.filter(pk=link.visit_id).values("patient")
    patient = Patient.objects.select_for_update(no_key=True).filter(pk__in=ours).first()
    if patient:
        with recorded(patient, "edited", by=PATIENT):
            patient.reminder_type = Patient.ReminderType.NONE
            patient.save(update_fields=["reminder_type", "updated_at"])
