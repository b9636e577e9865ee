"""Who looks at pages: a browser without scripts, signed in; and whom several of them are about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from casewell.accounts.models import Practitioner
from casewell.accounts.roles import Role
from tests.claims.veteran import Veteran
from tests.world import NOON, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Attendee, Booking
    from tests.world import Practice


@pytest.fixture
def desk(northside: Practice) -> Client:
    """The receptionist's browser."""
    return signed_in(northside.member)


@pytest.fixture
def admin(northside: Practice) -> Client:
    """The browser of somebody who may change everything."""
    return signed_in(northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR))


@pytest.fixture
def tom(northside: Practice) -> Practitioner:
    """Another practitioner of the same business."""
    tom = Practitioner.objects.create(account=northside.account, first_name="Tom", last_name="Reid")
    northside.account.practitioner_businesses.create(practitioner=tom, business=northside.business)
    return tom


@pytest.fixture
def visit(northside: Practice) -> Booking:
    """Ada's appointment at noon, without a case."""
    return northside.attend().booking


@pytest.fixture
def sick_day(northside: Practice, tom: Practitioner) -> list[Attendee]:
    """Amy's three visits of the day; around them what must stay: another day's, another's, gone."""
    patients = [
        northside.patient(
            "Ben",
            f"Wu{n}",
            email=f"ben{n}@example.org" if n else "",
            phone_numbers=[{"number": f"0400 000 00{n}", "phone_type": "Mobile"}],
        )
        for n in range(3)
    ]
    visits = [
        northside.attend(at=NOON + timedelta(hours=n), patient=patient)
        for n, patient in enumerate(patients)
    ]
    northside.attend(at=NOON + timedelta(days=1))
    northside.attend(at=NOON + timedelta(hours=5)).cancel(30, by=northside.by)
    northside.booking(NOON, practitioner=tom).book(northside.ada, by=northside.by)
    return visits


@pytest.fixture
def vic(northside: Practice) -> Veteran:
    """A veteran in a DVA cycle, whose visits cost 80.50."""
    return Veteran.at(northside)


@pytest.fixture
def nobody_has_read() -> None:
    """What is noted of readings belongs to each test."""
    cache.clear()
