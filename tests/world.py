"""A small named world to test in: two practices, a few people, and builders that read as speech."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from casewell.accounts.models import Account, Business, Membership, Practitioner, User
from casewell.accounts.roles import Role
from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.audit.actors import Actor
from casewell.cases.models import PatientCase
from casewell.contacts.models import Contact
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
from casewell.tenancy.search import rewrite_words

NOON = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)  # noon in Sydney, a Tuesday
PASSWORD = "correct horse battery"
BACKEND = "casewell.accounts.backend.SignInBackend"


@dataclass
class Practice:
    """A practice with one business, one practitioner, one type, one patient and a receptionist."""

    account: Account
    member: Membership
    business: Business
    amy: Practitioner
    standard: AppointmentType
    ada: Patient

    @property
    def by(self) -> Actor:
        return Actor(member=self.member)

    def patient(self, first_name: str = "Ben", last_name: str = "Wu", **fields: Any) -> Patient:
        patient = Patient.objects.create(
            account=self.account, first_name=first_name, last_name=last_name, **fields
        )
        rewrite_words(patient)
        return patient

    def case(self, name: str = "Left knee", **fields: Any) -> PatientCase:
        fields.setdefault("patient", self.ada)
        case = PatientCase.objects.create(account=self.account, name=name, **fields)
        rewrite_words(case)
        return case

    def doctor(self, **fields: Any) -> Contact:
        fields = {"title": "Dr", "first_name": "Jane", "last_name": "Lee"} | fields
        doctor = Contact.objects.create(
            account=self.account, type_code=Contact.Kind.DOCTOR, **fields
        )
        rewrite_words(doctor)
        return doctor

    def booking(self, at: datetime = NOON, **fields: Any) -> Booking:
        """An appointment that is not stored yet."""
        fields = {
            "business": self.business,
            "practitioner": self.amy,
            "appointment_type": self.standard,
            "ends_at": at + timedelta(minutes=45),
        } | fields
        return Booking(account=self.account, starts_at=at, **fields)

    def attend(
        self,
        case: PatientCase | None = None,
        at: datetime = NOON,
        patient: Patient | None = None,
        **state: Any,
    ) -> Attendee:
        """A visit, in `case` or in none; `state` is stored past the verbs."""
        patient = patient or (case.patient if case else self.ada)
        attendee = self.booking(at).book(patient, None, by=self.by)
        if case or state:
            Attendee.objects.filter(pk=attendee.pk).update(case=case, **state)
            attendee.refresh_from_db()
        return attendee


def open_practice(slug: str, name: str, *, role: Role = Role.RECEPTIONIST) -> Practice:
    """A practice of its own; its rows need its scope."""
    account = Account.open(name=name, slug=slug, time_zone="Australia/Sydney")
    user = User.objects.create_user(
        email=f"reception@{slug}.example", password=PASSWORD, first_name="Rita", last_name="Desk"
    )
    member = account.admit(user, role=role)
    with account_scope(account):
        practice = Practice(
            account=account,
            member=member,
            business=Business.objects.create(
                account=account, business_name="Hill Street", time_zone="Australia/Sydney"
            ),
            amy=Practitioner.objects.create(account=account, first_name="Amy", last_name="Shaw"),
            standard=AppointmentType.objects.create(
                account=account, name="Standard", duration_in_minutes=45
            ),
            ada=Patient.objects.create(account=account, first_name="Ada", last_name="Rossi"),
        )
        account.practitioner_businesses.create(
            practitioner=practice.amy, business=practice.business
        )
        rewrite_words(practice.ada)
    return practice


def signed_in(member: Membership) -> Client:
    """A browser without scripts in which that member has signed in."""
    client = Client()
    client.force_login(member.user, BACKEND)
    return client


def words_in(markup: str) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())
