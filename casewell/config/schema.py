"""The database as this version of Casewell wants it: tables, and the run-time role's rights."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from casewell.config.installation import Refused
from casewell.tenancy.grants import grant_runtime_role
from casewell.tenancy.roles import refuse_powerful_role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OWNER = "owner"
MIGRATION_LOCK = 4_202_535_411  # any number; the same for every Casewell


def missing_migrations(alias: str) -> list[str]:
    """The names of the migrations that the database lacks, in order."""
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def migrate(say: Callable[[str], None]) -> list[str]:
    """Bring the database up to date as its owner; the names of the migrations that were applied.

    Servers that start at the same time do it one after another. Raises Refused without an owner,
    ImproperlyConfigured where the run-time role is no such thing.
    """
    if OWNER not in connections:
        raise Refused("To change the database's tables, give its owner in DATABASE_OWNER_URL.")
    refuse_powerful_role(connections[DEFAULT_DB_ALIAS])
    with _alone():
        missing = missing_migrations(OWNER)
        if missing:
            say(f"Making {len(missing)} changes to the database …")
            call_command("migrate", database=OWNER, verbosity=0, interactive=False)
        call_command("createcachetable", database=OWNER, verbosity=0)
        grant_runtime_role(connections[OWNER], _runtime_role())
    return missing


def measure_tables() -> None:
    """Tell PostgreSQL how full the tables are, after many rows came at once.

    It finds out by itself within minutes; until then it may take the slowest way to an answer.
    """
    if OWNER in connections:
        with connections[OWNER].cursor() as cursor:
            tables = [model._meta.db_table for model in apps.get_models()]
            names = ", ".join(connections[OWNER].ops.quote_name(table) for table in tables)
            cursor.execute(f"ANALYZE {names}")


def require_current_schema() -> None:
    """Raise Refused where the database lacks a migration and there is no owner to apply it."""
    refuse_powerful_role(connections[DEFAULT_DB_ALIAS])
    if missing := missing_migrations(DEFAULT_DB_ALIAS):
        raise Refused(
            f"The database lacks {len(missing)} migrations. `bin/casewell migrate` applies them; "
            "where DATABASE_URL is given, it needs the owner in DATABASE_OWNER_URL."
        )


@contextmanager
def _alone() -> Iterator[None]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def _runtime_role() -> str:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])
