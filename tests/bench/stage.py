"""The databases that are measured in, and what is in them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg

from casewell.lib.postgres_roles import ADMIN, OWNER, RUNTIME
from tests.bench.serving import served, site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from casewell.accounts.models import Account

INVOICES = 100_000


@contextmanager
def stage(folder: Path) -> Iterator[tuple[dict[str, str], str, str]]:
    """A database with all practices: the environment to serve it in, a member's cookie, and
    the query for the week of all ten practitioners.
    """
    with empty_stage(folder) as environment:
        cookie, week = load()
        yield environment, cookie, week


@contextmanager
def empty_stage(folder: Path) -> Iterator[dict[str, str]]:
    """A database of its own without a practice, in use here; the environment to serve it in."""
    os.environ |= {"CASEWELL_DATA": str(folder), "CASEWELL_API_RATE": "100000000"}
    import django

    django.setup()
    from tests import database

    name = f"bench_{os.getpid()}"
    database.copy(name)
    try:
        database.use(name)
        yield os.environ | {
            "DATABASE_URL": database.server().url(RUNTIME, name),
            "DATABASE_OWNER_URL": database.server().url(OWNER, name),
            "CASEWELL_BENCH_SCRIPT": str(folder / "script.json"),
            "CASEWELL_BENCH_NAME": name,
        }
    finally:
        from django.db import connections

        connections.close_all()
        database.drop(name)
        database.let_go()


@contextmanager
def few_practices(name: str, environment: dict[str, str]) -> Iterator[int]:
    """The port at which a copy of that database, as it is now, is served."""
    from django.db import connections

    from tests import database

    small = f"{name}_small"
    connections.close_all()
    database.copy(small, of=name)
    own = {
        "CASEWELL_DATA": f"{environment['CASEWELL_DATA']}/small",
        "DATABASE_URL": database.server().url(RUNTIME, small),
        "DATABASE_OWNER_URL": database.server().url(OWNER, small),
    }
    try:
        with served(site(), environment | own) as (port, _):
            yield port
    finally:
        database.drop(small)


def load() -> tuple[str, str]:
    """Fill the database; the cookie of a receptionist of its practices, and the week's query."""
    from django.conf import settings
    from django.test import Client

    from casewell.accounts.models import Account
    from casewell.accounts.roles import Role
    from casewell.config.schema import measure_tables
    from casewell.tenancy.scope import account_scope
    from tests.bench.practice import load_week
    from tests.screens.crowded import load_crowded

    practice = load_week()
    load_crowded(date(2026, 3, 3))
    user = practice.member.user
    Account.objects.get(slug="crowded").admit(user, role=Role.RECEPTIONIST)
    load_till().admit(user, role=Role.RECEPTIONIST)
    measure_tables()
    client = Client()
    client.force_login(user, "casewell.accounts.backend.SignInBackend")
    name = settings.SESSION_COOKIE_NAME
    with account_scope(practice.account):
        keys = practice.account.practitioners.values_list("pk", flat=True)
        week = urlencode([("view", "week"), *(("practitioner", key) for key in keys)])
    return f"{name}={client.cookies[name].value}", week


def load_till() -> Account:
    """The practice `till` with 100,000 invoices, the first 500 of them Ada's."""
    from django.db import connection

    from tests import database
    from tests.scale.till import make_invoices
    from tests.world import open_practice

    practice = open_practice("till", "Busy Till")
    url = database.server().url(ADMIN, connection.settings_dict["NAME"])
    with psycopg.connect(url) as admin:
        make_invoices(admin, practice, INVOICES, seed=1)
    return practice.account
