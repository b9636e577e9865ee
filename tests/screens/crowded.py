"""A practice that has too much of everything, to look at what becomes of the pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from casewell.accounts.models import Account, Business, Practitioner, PractitionerBusiness
from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.cases.models import PatientCase
from casewell.demo.people import admit
from casewell.lib.demo_password import DEMO_PASSWORD
from casewell.lib.zones import at
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from collections.abc import Iterator

SYDNEY = "Australia/Sydney"
NAMES = [
    ("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", "Bartholomäus Maximilian Theodore"),
    ("الحسيني", "عبد الرحمن"),
    ("בן־גוריון", "יעל"),
    ("Ng", "Jo"),
    ("Sparkle ✨🦄", "Zoë 🌈"),
    ("O’Shaughnessy-Ramachandran", "Saoirse"),
    ("王小明", "李"),
]
TYPES = [
    ("Standard", 15, "#1c7ed6"),
    ("Extended initial assessment with a report for the insurer", 45, "#e8590c"),
    ("White", 10, "#ffffff"),
    ("Black", 20, "#000000"),
    ("Yellow", 30, "#ffe066"),
]
STAFF, A_DAY, VISITS, CASES = 12, 200, 2000, 40
SHORTEST = 5  # minutes
DOUBLED = 13  # one booking in so many overlaps the next


def load_crowded(today: date) -> None:
    """The practice `crowded`: 12 practitioners, each with 200 bookings that day, and one patient
    with 2,000 appointments in 40 cases.
    """
    account = Account.open(
        name="The Crowded and Exceedingly Long-Named Rehabilitation Clinic of Upper Wodonga",
        slug="crowded",
        time_zone=SYDNEY,
    )
    admit(account, "admin", Role.ADMINISTRATOR, make_password(DEMO_PASSWORD), "Max Imum")
    with account_scope(account):
        _fill(account, today)


def _fill(account: Account, today: date) -> None:
    business = Business.objects.create(
        account=account,
        business_name="Rooms on the Corner of a Very Long Street Name",
        time_zone=SYDNEY,
    )
    types = [
        AppointmentType.objects.create(
            account=account, name=name, duration_in_minutes=minutes, color=colour
        )
        for name, minutes, colour in TYPES
    ]
    staff = [_practitioner(account, business, number) for number in range(STAFF)]
    patients = [_patient(account, number) for number in range(60)]
    _day(account, business, staff, types, patients, today)
    _years(account, business, staff[0], types[0], patients[0], today)


def _practitioner(account: Account, business: Business, number: int) -> Practitioner:
    last, first = NAMES[number % len(NAMES)]
    one = Practitioner.objects.create(
        account=account,
        first_name=first,
        last_name=f"{last} {number + 1}",
        designation="Musculoskeletal and sports physiotherapist",
    )
    PractitionerBusiness.objects.create(account=account, practitioner=one, business=business)
    return one


def _patient(account: Account, number: int) -> Patient:
    last, first = NAMES[number % len(NAMES)]
    one = Patient.objects.create(
        account=account,
        first_name=first,
        last_name=f"{last} {number}" if number >= len(NAMES) else last,
        notes="A long note without a single space: " + "x" * 400 if number == 0 else "",
    )
    rewrite_words(one)
    return one


def _day(
    account: Account,
    business: Business,
    staff: list[Practitioner],
    types: list[AppointmentType],
    patients: list[Patient],
    today: date,
) -> None:
    bookings: list[Booking] = []
    for person in staff:
        clock = datetime.combine(today, time(6))
        for kind in islice(cycle(types), A_DAY):
            start = at(today, clock.time(), business.zone)
            bookings.append(
                Booking(
                    account=account,
                    business=business,
                    practitioner=person,
                    appointment_type=kind,
                    starts_at=start,
                    ends_at=start + timedelta(minutes=_length(kind, len(bookings))),
                )
            )
            clock += timedelta(minutes=SHORTEST)
    Booking.objects.bulk_create(bookings, batch_size=1000)
    Attendee.objects.bulk_create(
        (
            Attendee(account=account, booking=booking, patient=patient)
            for booking, patient in zip(bookings, cycle(patients), strict=False)
        ),
        batch_size=1000,
    )


def _length(kind: AppointmentType, number: int) -> int:
    """Most end where the next begins; some are double bookings, as long as their type."""
    return kind.duration_in_minutes if number % DOUBLED == 0 else SHORTEST


def _years(
    account: Account,
    business: Business,
    person: Practitioner,
    kind: AppointmentType,
    patient: Patient,
    today: date,
) -> None:
    cases = [
        PatientCase.objects.create(
            account=account,
            patient=patient,
            name=f"Referral {number + 1} for the chronic pain of the lower back and both knees",
            max_sessions=60,
            expiry_date=today + timedelta(days=20 * (number - 30)),
        )
        for number in range(CASES)
    ]
    for case in cases:
        rewrite_words(case)
    bookings = [
        Booking(
            account=account,
            business=business,
            practitioner=person,
            appointment_type=kind,
            starts_at=start,
            ends_at=start + timedelta(minutes=15),
        )
        for start in islice(_mornings(today), VISITS)
    ]
    Booking.objects.bulk_create(bookings, batch_size=1000)
    Attendee.objects.bulk_create(
        (
            Attendee(account=account, booking=booking, patient=patient, case=case)
            for booking, case in zip(bookings, cycle(cases), strict=False)
        ),
        batch_size=1000,
    )


def _mornings(today: date) -> Iterator[datetime]:
    """A morning each day, from ten days ahead backwards."""
    for days in range(VISITS):
        yield at(today - timedelta(days=days - 10), time(8), ZoneInfo(SYDNEY))
