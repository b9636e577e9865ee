"""Approved apps, a clinic's buttons, and members in the few words that tests need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from casewell.accounts.models import User
from casewell.audit.actors import Actor
from casewell.connections.models import COMMAND_LINE, ApprovedApp, ConnectedApp, Decider

if TYPE_CHECKING:
    from casewell.accounts.roles import Role
    from tests.world import Practice

PATTERN = "https://*.example.com/patients"
URL = "https://au.example.com/patients"


def proposed(*patterns: str, **fields: Any) -> ApprovedApp:
    said = {"name": "Exercises", "vendor": "Example Pty Ltd", "contact": "hello@example.com"}
    return ApprovedApp.propose(patterns or (PATTERN,), by=COMMAND_LINE, **said | fields)


def approved(*patterns: str, **fields: Any) -> ApprovedApp:
    app = proposed(*patterns, **fields)
    app.approve(by=COMMAND_LINE)
    return app


def operator() -> Decider:
    user = User.objects.create_user(
        email="op@example.com", first_name="Olga", last_name="Perez", is_operator=True
    )
    return Decider(user)


def button(practice: Practice, name: str = "Exercises", **fields: Any) -> ConnectedApp:
    fields = {"url": URL} | fields
    made: ConnectedApp = practice.account.connected_apps.create(name=name, **fields)
    return made


def member_of(practice: Practice, role: Role) -> Actor:
    """Another member of the practice, with that role."""
    user = User.objects.create_user(
        email=f"{role.value.replace(' ', '-')}@example.com", first_name="Mel", last_name="Brown"
    )
    return Actor(member=practice.account.admit(user, role=role))
