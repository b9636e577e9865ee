"""Who a booking is for, at a glance: age, cards, alerts, the next visits and the last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from casewell.patients.models import MedicalAlert

if TYPE_CHECKING:
    from datetime import date

    from casewell.appointments.models import Attendee
    from casewell.patients.models import Patient

COMING = 3


@dataclass(frozen=True)
class PatientCard:
    """What the desk sees of a patient beside a booking."""

    patient: Patient
    age: int | None
    alerts: list[str]
    coming: list[Attendee]
    last: Attendee | None


def alert_names(patient: str = "patient") -> ArraySubquery:
    """The alerts of a patient, to annotate visits with or, with `"pk"`, patients."""
    alerts = MedicalAlert.objects.filter(patient=OuterRef(patient), archived_at=None)
    return ArraySubquery(alerts.order_by("id").values("name"))


def card_of(patient: Patient, today: date, alerts: list[str]) -> PatientCard:
    """The card of that patient, in one statement."""
    visits = patient.attendees.live().select_related(
        "booking__business", "booking__practitioner", "booking__appointment_type"
    )
    now = timezone.now()
    coming = visits.filter(booking__starts_at__gt=now).in_order()[:COMING]
    past = visits.filter(booking__starts_at__lte=now, did_not_arrive=False)
    last = past.order_by("-booking__starts_at", "-id")[:1]
    # Both in one statement; which is which, its time tells.
    found = sorted(coming.union(last, all=True), key=lambda visit: visit.booking.starts_at)
    return PatientCard(
        patient=patient,
        age=patient.age_on(today),
        alerts=alerts,
        coming=[visit for visit in found if visit.booking.starts_at > now],
        last=next((visit for visit in found if visit.booking.starts_at <= now), None),
    )
