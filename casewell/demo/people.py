"""The demo's practices: places, practitioners and referrers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casewell.accounts.models import Account, Business, Practitioner, User
from casewell.accounts.practice import WEEKDAYS
from casewell.appointments.models import AppointmentType, UnavailableBlockType
from casewell.contacts.models import Contact, ContactWord
from casewell.demo.names import (
    BLOCK_TYPES,
    FIRST,
    LAST,
    PRACTITIONERS,
    STREETS,
    SUBURBS,
    SURGERIES,
    TYPES,
)
from casewell.lib.medicare_cards import check_digit
from casewell.lib.provider_numbers import check_letter

if TYPE_CHECKING:
    import random
    from datetime import date

    from casewell.accounts.roles import Role
    from casewell.invoices.models import BillableItem
    from casewell.patients.models import ConcessionType, Patient

HOURS = {day: [["08:00", "18:00"]] for day in WEEKDAYS}
BATCH = 500
REGULARS = 120  # patients who come most, and have the cases


@dataclass
class World:
    """A practice while it is made; `random` is seeded, so it is the same every time."""

    account: Account
    today: date
    random: random.Random
    businesses: list[Business] = field(default_factory=list)
    practitioners: list[tuple[Practitioner, Business]] = field(default_factory=list)
    types: list[AppointmentType] = field(default_factory=list)
    block_types: list[UnavailableBlockType] = field(default_factory=list)
    referrers: list[Contact] = field(default_factory=list)
    patients: list[Patient] = field(default_factory=list)
    concessions: list[ConcessionType] = field(default_factory=list)
    items: dict[str, BillableItem] = field(default_factory=dict)  # by code


def admit(account: Account, name: str, role: Role, password_hash: str, person: str) -> User:
    """A user `name@<slug>.example` of that practice."""
    first, last = person.split()
    user = User(
        email=f"{name}@{account.slug}.example",
        first_name=first,
        last_name=last,
        password=password_hash,
    )
    user.save(force_insert=True)
    account.admit(user, role=role)
    return user


def make_places(world: World, places: list[tuple[str, str, int]]) -> None:
    """Businesses from (name, time zone, number of their suburb)."""
    for name, zone, number in places:
        suburb, state, post_code = SUBURBS[number]
        world.businesses.append(
            Business.objects.create(
                business_name=name,
                time_zone=zone,
                opening_hours=HOURS,
                address_1=f"{number + 12} {STREETS[number]} Street",
                city=suburb,
                state=state,
                post_code=post_code,
            )
        )
    world.types = AppointmentType.objects.bulk_create(
        AppointmentType(name=name, duration_in_minutes=minutes, color=colour)
        for name, minutes, colour in TYPES
    )
    world.block_types = UnavailableBlockType.objects.bulk_create(
        UnavailableBlockType(name=name, color=colour) for name, colour in BLOCK_TYPES
    )


def make_practitioners(world: World, count: int, user: User | None = None) -> None:
    """The first `count` of the list, each at a business with a provider number there."""
    for number, (discipline, first, last, place) in enumerate(PRACTITIONERS[:count]):
        business = world.businesses[place % len(world.businesses)]
        practitioner = Practitioner.objects.create(
            first_name=first,
            last_name=last,
            designation=discipline,
            user=user if number == 0 else None,
        )
        world.account.practitioner_businesses.create(practitioner=practitioner, business=business)
        world.account.reference_numbers.create(
            practitioner=practitioner,
            business=business,
            name="Medicare provider number",
            reference_number=provider_number(240_000 + 97 * number),
        )
        for kind in world.types:
            world.account.appointment_type_practitioners.create(
                appointment_type=kind, practitioner=practitioner
            )
        world.practitioners.append((practitioner, business))


def provider_number(stem: int, location: str = "1") -> str:
    """A provider number whose check letter fits."""
    return f"{stem}{location}{check_letter(str(stem), location)}"


def card_number(stem: int) -> str:
    """A Medicare card number whose check digit fits, as it stands on the card.

    >>> card_number(21234567)
    '2123 45670 1'
    """
    digits = f"{stem}{check_digit(str(stem))}"
    return f"{digits[:4]} {digits[4:]} 1"


def make_referrers(world: World, count: int, surgeries: int) -> None:
    """Doctors at medical practices; the first two share a name and not a practice. A payer too."""
    people = [
        Contact(
            type_code=Contact.Kind.DOCTOR,
            doctor_type=Contact.DoctorType.GENERAL_PRACTITIONER,
            title="Dr",
            first_name="Jane" if number < 2 else world.random.choice(FIRST),
            last_name="Lee" if number < 2 else LAST[(number * 7) % len(LAST)],
            company_name=surgery_name(number % surgeries),
            city=SUBURBS[number % len(SUBURBS)][0],
            state=SUBURBS[number % len(SUBURBS)][1],
            provider_number=provider_number(310_000 + 131 * number),
            phone_numbers=[phone("Work", f"(02) 5550 {1000 + number}")],
        )
        for number in range(count)
    ]
    payer = Contact(type_code=Contact.Kind.PAYER, company_name="Harbour Mutual Insurance")
    world.referrers = Contact.objects.bulk_create(people)
    Contact.objects.bulk_create([payer])
    ContactWord.objects.bulk_create(words_of(ContactWord, [*people, payer]), batch_size=BATCH)


def surgery_name(number: int) -> str:
    """As in “Glebe Family Practice”; another for each number up to 40."""
    suburb, surgery = SUBURBS[number % 10][0], SURGERIES[number // 10 % 4]
    return f"{suburb} {surgery}"


def phone(kind: str, number: str) -> dict[str, str]:
    return {"phone_type": kind, "number": number}


def words_of(model: Any, records: list[Any]) -> list[Any]:
    """The rows by which these records are found."""
    return [
        model(record_id=record.pk, word=word)
        for record in records
        for word in sorted(record.search_words())
    ]
