"""What a search over the whole practice finds: patients, cases, contacts, each with the answer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from casewell.accounts.roles import Permission
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from datetime import date

    from casewell.accounts.models import Account, Membership
    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.contacts.models import Contact
    from casewell.patients.models import Patient

LONGEST = 100  # characters of a query that are looked at
CASES_TOLD = 2  # of a patient, in one row


@dataclass(frozen=True)
class Hit:
    """One record: its name, where it is, and what one would have looked up there."""

    key: int
    name: str
    url: str
    answers: list[str] = field(default_factory=list)
    tells_apart: str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one kind; `more` where there are more than were asked for."""

    title: str
    icon: str
    hits: list[Hit]
    more: bool


def search(member: Membership, query: str, most: int) -> list[Group]:
    """At most that many of each kind that the member may see; kinds without any are left out."""
    words = query.strip()[:LONGEST]
    if not any(character.isalnum() for character in words):
        return []
    groups = [_patients(member.account, words, most), _cases(member.account, words, most)]
    if member.may(Permission.SEE_CONTACTS):
        groups.append(_contacts(member.account, words, most))
    return [group for group in groups if group.hits]


def _patients(account: Account, words: str, most: int) -> Group:
    # One more than is shown tells whether there are more, without counting all of them.
    found = list(account.patients.live().closest(words).in_order()[: most + 1])
    shown = found[:most]
    visits, cases = _next_visits(account, shown), _open_cases(account, shown)
    hits = [_patient(account, one, visits.get(one.pk), cases[one.pk]) for one in shown]
    return Group("Patients", "users", hits, len(found) > most)


def _next_visits(account: Account, patients: list[Patient]) -> dict[int, Attendee]:
    coming = account.attendees.live().filter(
        patient__in=patients, booking__starts_at__gt=timezone.now()
    )
    first = coming.order_by("patient_id", "booking__starts_at", "id").distinct("patient_id")
    return {visit.patient_id: visit for visit in first.select_related("booking__business")}


def _open_cases(account: Account, patients: list[Patient]) -> dict[int, list[PatientCase]]:
    cases: dict[int, list[PatientCase]] = defaultdict(list)
    unclosed = account.patient_cases.unclosed().unexpired_on(account.today())
    for case in unclosed.filter(patient__in=patients).with_usage().order_by("-id"):
        cases[case.patient_id].append(case)
    return cases


def _patient(
    account: Account, one: Patient, coming: Attendee | None, cases: list[PatientCase]
) -> Hit:
    answers = [f"{case} {case.usage}" for case in cases[:CASES_TOLD]]
    if len(cases) > CASES_TOLD:
        answers.append(f"{len(cases) - CASES_TOLD} more cases")
    if coming:
        start = coming.booking.local_start
        answers.insert(0, f"next {formats().weekday(start)}, {formats().clock(start)}")
    born = formats().day(one.date_of_birth) if one.date_of_birth else ""
    return Hit(
        key=one.pk,
        name=one.listed_name,
        url=reverse("patient", args=[account.slug, one.pk]),
        answers=answers or ["no visit booked, no open case"],
        tells_apart=" · ".join(part for part in (born, one.phone) if part),
    )


def _cases(account: Account, words: str, most: int) -> Group:
    rows = account.patient_cases.live().matching(words).with_usage().select_related("patient")
    found = list(rows.order_by(F("closed_at").asc(nulls_first=True), "-id")[: most + 1])
    hits = [_case(account, case, account.today()) for case in found[:most]]
    return Group("Cases", "folder", hits, len(found) > most)


def _case(account: Account, case: PatientCase, today: date) -> Hit:
    status = case.status_on(today)
    parts = (str(case.usage), str(status), case.claim_number)
    return Hit(
        key=case.pk,
        name=case.name,
        url=reverse("case", args=[account.slug, case.pk]),
        answers=[part for part in parts if part],
        tells_apart=case.patient.listed_name,
    )


def _contacts(account: Account, words: str, most: int) -> Group:
    found = list(account.contacts.live().closest(words).in_order()[: most + 1])
    hits = [_contact(account, one) for one in found[:most]]
    return Group("Contacts", "stack-2", hits, len(found) > most)


def _contact(account: Account, one: Contact) -> Hit:
    return Hit(
        key=one.pk,
        name=str(one),
        url=reverse("contact", args=[account.slug, one.pk]),
        answers=[part for part in (one.provider_number, one.phone) if part],
        tells_apart=one.place if one.full_name else "",
    )
