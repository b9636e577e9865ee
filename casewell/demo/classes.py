"""The demo's classes: Pilates each Saturday, the next one full, with two who wait."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.appointments.models import AppointmentType, Attendee, Booking, ClassCandidate
from casewell.cases.models import PatientCase
from casewell.lib.zones import at
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from casewell.demo.people import World
    from casewell.patients.models import Patient

SATURDAY = 5
STARTS, LENGTH, PLACES = time(9), timedelta(minutes=50), 8
WEEKS_BEHIND, WEEKS_AHEAD = 4, 8
USUAL, WAITING, WITH_CASE = 5, 2, 3
FIRST_PATIENT = 250  # people who come for nothing else


def make_classes(world: World) -> None:
    """Some weeks of the class, past and to come."""
    practitioner, business = world.practitioners[0]
    kind = AppointmentType.objects.create(
        name="Pilates class",
        duration_in_minutes=50,
        color="#0c8599",
        max_attendees=PLACES,
        category="Classes",
    )
    world.account.appointment_type_practitioners.create(
        appointment_type=kind, practitioner=practitioner
    )
    people = world.patients[FIRST_PATIENT : FIRST_PATIENT + PLACES + WAITING]
    cases = {patient.pk: _pack(patient) for patient in people[:WITH_CASE]}
    next_one = _saturday_after(world.today)
    for week in range(-WEEKS_BEHIND, WEEKS_AHEAD):
        day = next_one + timedelta(weeks=week)
        if day == world.today:  # which is full as it is
            continue
        start = at(day, STARTS, business.zone)
        one = Booking.objects.create(
            kind=Booking.Kind.GROUP,
            business=business,
            practitioner=practitioner,
            appointment_type=kind,
            starts_at=start,
            ends_at=start + LENGTH,
            max_attendees=PLACES,
        )
        came = people[: PLACES if week == 0 else USUAL]
        _attend(one, came, cases)
        if week == 0:
            _wait(one, people[PLACES:])


def _saturday_after(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday() - 1) % 7 + 1)


def _pack(patient: Patient) -> PatientCase:
    """A pack of twelve classes."""
    pack = PatientCase.objects.create(patient=patient, name="Pilates, pack of 12", max_sessions=12)
    rewrite_words(pack)
    return pack


def _attend(one: Booking, people: list[Patient], cases: dict[int, PatientCase]) -> None:
    over = one.ends_at < timezone.now()
    Attendee.objects.bulk_create(
        Attendee(
            booking=one,
            patient=patient,
            case=cases.get(patient.pk),
            arrived=over,
            confirmed_at=None if over or number % 2 else one.created_at,
        )
        for number, patient in enumerate(people)
    )


def _wait(one: Booking, people: list[Patient]) -> None:
    ClassCandidate.objects.bulk_create(
        ClassCandidate(booking=one, patient=patient, rank=rank)
        for rank, patient in enumerate(people, start=1)
    )
