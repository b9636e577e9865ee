"""The practice that is measured: ten practitioners with 1,000 bookings in one week."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import cycle

from casewell.accounts.models import Account, Business, Practitioner
from casewell.appointments.models import Attendee, Booking
from casewell.availability.models import DailyAvailability
from casewell.cases.models import PatientCase
from casewell.demo.names import FIRST, LAST
from casewell.lib.zones import at
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
from tests.world import Practice, open_practice

MONDAY = date(2026, 3, 2)
STAFF, WORKDAYS, A_DAY = 10, 5, 20
A_WORKDAY = [["08:00", "12:30"], ["13:00", "18:00"]]
VISIT = timedelta(minutes=24)  # twenty of them fill eight hours


def load_week() -> Practice:
    """The practice `northside` with that week, each patient in a case of ten."""
    practice = open_practice("northside", "Northside Physio")
    account = practice.account
    with account_scope(account):
        hours = {day: [["08:00", "18:00"]] for day in ("monday", "tuesday", "wednesday")}
        Business.objects.filter(pk=practice.business.pk).update(opening_hours=hours)
        staff = [practice.amy, *(_practitioner(practice, n) for n in range(1, STAFF))]
        cases = _cases(account)
        bookings = [
            _booking(practice, person.pk, MONDAY + timedelta(days=day), seat)
            for person in staff
            for day in range(WORKDAYS)
            for seat in range(A_DAY)
        ]
        Booking.objects.bulk_create(bookings)
        DailyAvailability.objects.bulk_create(
            DailyAvailability(
                practitioner=person, business=practice.business, day_of_week=day, spans=A_WORKDAY
            )
            for person in staff
            for day in range(7)
        )
        Attendee.objects.bulk_create(
            Attendee(account=account, booking=booking, patient_id=case.patient_id, case=case)
            for booking, case in zip(bookings, cycle(cases), strict=False)
        )
    return practice


def _practitioner(practice: Practice, number: int) -> Practitioner:
    account = practice.account
    made: Practitioner = account.practitioners.create(
        first_name=FIRST[number], last_name=LAST[number]
    )
    account.practitioner_businesses.create(practitioner=made, business=practice.business)
    return made


def _cases(account: Account) -> list[PatientCase]:
    patients = [
        Patient(account=account, first_name=FIRST[n % len(FIRST)], last_name=LAST[n % len(LAST)])
        for n in range(200)
    ]
    Patient.objects.bulk_create(patients)
    cases = [
        PatientCase(account=account, patient=patient, name="Left knee", max_sessions=10)
        for patient in patients
    ]
    PatientCase.objects.bulk_create(cases)
    return cases


def _booking(practice: Practice, person: int, day: date, seat: int) -> Booking:
    start = at(day, time(9), practice.business.zone) + seat * VISIT
    return Booking(
        account=practice.account,
        business=practice.business,
        practitioner_id=person,
        appointment_type=practice.standard,
        starts_at=start,
        ends_at=start + VISIT,
    )
