"""Loading the demo: the same every time, dated around today."""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from casewell.accounts.models import Account
from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.connections.models import ApprovedApp
from casewell.demo.apps import connect_apps
from casewell.demo.cases import make_cases
from casewell.demo.claims import make_claims
from casewell.demo.classes import make_classes
from casewell.demo.days import Days
from casewell.demo.hours import make_hours
from casewell.demo.invoices import make_invoices
from casewell.demo.letters import make_letters
from casewell.demo.patients import make_patients, tell_how_they_came
from casewell.demo.people import (
    BATCH,
    World,
    admit,
    make_places,
    make_practitioners,
    make_referrers,
)
from casewell.demo.prices import make_prices
from casewell.demo.recalls import make_recalls
from casewell.demo.waiting import make_waiting
from casewell.invoices.models import PaymentType
from casewell.lib.demo_password import DEMO_PASSWORD, DEMO_SLUG
from casewell.lib.errors import RuleViolation
from casewell.tenancy.scope import account_scope

SYDNEY, ADELAIDE = "Australia/Sydney", "Australia/Adelaide"
RECENT = timedelta(days=14)


class NotEmpty(RuleViolation):
    """There are accounts already: the demo would stand among real practices."""

    code = "not_empty"


def load(today: date | None = None) -> None:
    """Make the three practices of the demo. Raises NotEmpty where any account exists."""
    if Account.objects.exists():
        raise NotEmpty("The demo is loaded only where no practice exists.")
    password_hash = make_password(DEMO_PASSWORD)
    with transaction.atomic():
        load_demo(password_hash, today)
        load_southside(password_hash, today)
        load_empty(password_hash)


def load_demo(password_hash: str, today: date | None = None) -> None:
    """The large practice, `demo`."""
    account = Account.open(name="Hillside Allied Health", slug=DEMO_SLUG, time_zone=SYDNEY)
    admit(account, "admin", Role.ADMINISTRATOR, password_hash, "Alex Morgan")
    admit(account, "reception", Role.RECEPTIONIST, password_hash, "Robin Hale")
    physio = admit(account, "physio", Role.PRACTITIONER, password_hash, "Amy Shaw")
    with account_scope(account):
        world = World(account, today or account.today(), random.Random(20))  # noqa: S311
        make_places(world, [("Hillside Newtown", SYDNEY, 0), ("Hillside Norwood", ADELAIDE, 5)])
        make_prices(world)
        make_practitioners(world, 7, physio)
        make_hours(world)
        make_referrers(world, 30, 20)
        make_patients(world, 400)
        tell_how_they_came(world)
        make_days_and_cases(world, behind=425, ahead=92, cases=150)
        make_classes(world)
        make_letters(world)
        make_recalls(world)
        if not ApprovedApp.objects.exists():
            connect_apps(account)


def load_southside(password_hash: str, today: date | None = None) -> None:
    """Another, smaller practice."""
    account = Account.open(name="Southside Podiatry", slug="southside", time_zone=SYDNEY)
    admit(account, "admin", Role.ADMINISTRATOR, password_hash, "Sam Okafor")
    admit(account, "reception", Role.RECEPTIONIST, password_hash, "Jo Park")
    with account_scope(account):
        world = World(account, today or account.today(), random.Random(21))  # noqa: S311
        make_places(world, [("Southside", SYDNEY, 3)])
        make_prices(world)
        make_practitioners(world, 3)
        make_referrers(world, 6, 4)
        make_patients(world, 60)
        make_days_and_cases(world, behind=60, ahead=30, cases=20)


def load_empty(password_hash: str) -> None:
    """A practice on its first day."""
    account = Account.open(name="Empty Practice", slug="empty", time_zone=SYDNEY)
    admit(account, "admin", Role.ADMINISTRATOR, password_hash, "Kim Dawn")
    admit(account, "reception", Role.RECEPTIONIST, password_hash, "Lee Frost")
    with account_scope(account):
        world = World(account, account.today(), random.Random(22))  # noqa: S311
        make_places(world, [("First Rooms", SYDNEY, 1)])
        PaymentType.start(account)
        make_practitioners(world, 1)


def make_days_and_cases(world: World, *, behind: int, ahead: int, cases: int) -> None:
    """Bookings, the cases that take their visits, and the history of the latest."""
    days = Days(world, ahead)
    days.make(behind)
    made = make_cases(world, days.attendees, cases)
    days.store_attendees()
    make_invoices(world, days.attendees)
    make_claims(world)
    make_waiting(days.attendees)
    since = world.today - RECENT
    latest = [b for b in days.bookings if b.starts_at.date() >= since and not b.is_block]
    Change.objects.bulk_create(
        [
            Change(
                job="demo",
                verb=verb,
                target_type=record._meta.label_lower,
                target_id=record.pk,
                changes={},
            )
            for verb, records in (("created", made), ("booked", latest))
            for record in records
        ],
        batch_size=BATCH,
    )
