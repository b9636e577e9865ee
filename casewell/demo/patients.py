"""The demo's patients, how they came, and who is whose relative."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from casewell.demo.names import ALERTS, FIRST, LAST, OCCUPATIONS, STREETS, SUBURBS
from casewell.demo.people import BATCH, card_number, phone, words_of
from casewell.patients.models import (
    ConcessionType,
    MedicalAlert,
    Patient,
    PatientWord,
    ReferralSource,
    ReferralSourceType,
    Relationship,
)

if TYPE_CHECKING:
    from casewell.demo.people import World


def make_patients(world: World, count: int) -> None:
    """Patients with phones, cards and some alerts; the first is Ada Rossi."""
    people = [_patient(world, number) for number in range(count)]
    world.patients = Patient.objects.bulk_create(people, batch_size=BATCH)
    PatientWord.objects.bulk_create(words_of(PatientWord, people), batch_size=BATCH)
    MedicalAlert.objects.bulk_create(
        MedicalAlert(patient=patient, name=ALERTS[number % len(ALERTS)])
        for number, patient in enumerate(people[::13])
    )


def tell_how_they_came(world: World) -> None:
    """The ways to the practice; how some patients came; couples and parents."""
    web, doctor, friend = ReferralSourceType.objects.bulk_create(
        [
            ReferralSourceType(name="The web", subcategories=["Search", "Maps", "Our page"]),
            ReferralSourceType(name="A doctor", referrer_type="Contact"),
            ReferralSourceType(name="A friend or relative", referrer_type="Patient"),
        ]
    )
    sources = []
    for number, patient in enumerate(world.patients[::5]):
        way = (web, doctor, friend)[number % 3]
        source = ReferralSource(patient=patient, referral_source_type=way)
        source.subcategory = web.subcategories[number % 2] if way is web else ""
        source.referrer_contact = world.referrers[0] if way is doctor else None
        source.referrer_patient = world.patients[1] if way is friend else None
        sources.append(source)
    ReferralSource.objects.bulk_create(sources, batch_size=BATCH)
    pairs = zip(world.patients[2::40], world.patients[3::40], strict=False)
    kinds = (Relationship.Relation.SPOUSE, Relationship.Relation.PARENT)
    Relationship.objects.bulk_create(
        Relationship(patient=one, related_patient=other, relation=kinds[number % 2])
        for number, (one, other) in enumerate(pairs)
    )


def _patient(world: World, number: int) -> Patient:
    rng = world.random
    first, last = rng.choice(FIRST), rng.choice(LAST)
    if number == 0:
        first, last = "Ada", "Rossi"
    suburb, state, post_code = rng.choice(SUBURBS)
    born = world.today - timedelta(days=rng.randrange(6 * 365, 92 * 365))
    return Patient(
        first_name=first,
        last_name=last,
        date_of_birth=born,
        phone_numbers=[phone("Mobile", f"0491 570 {100 + number % 900}")],
        email=f"patient{number}@example.com",
        address_1=f"{rng.randrange(1, 240)} {rng.choice(STREETS)} Street",
        city=suburb,
        state=state,
        post_code=post_code,
        occupation=rng.choice(OCCUPATIONS) if rng.random() < 0.5 else "",
        medicare=card_number(20_000_000 + 7919 * number) if rng.random() < 0.8 else "",
        medicare_reference_number=str(rng.randrange(1, 5)),
        referring_doctor=rng.choice(world.referrers) if rng.random() < 0.6 else None,
        concession_type=_concession(world, born),
    )


def _concession(world: World, born: date) -> ConcessionType | None:
    """A pensioner's from 67, a student's from 17 to 22, for those born on an odd day."""
    years = (world.today - born).days // 365
    pensioner, student = world.concessions
    if not born.day % 2:
        return None
    return pensioner if years >= 67 else student if 17 <= years <= 22 else None
