"""The suite's own PostgreSQL: one server, a migrated template, a copy of it for each worker."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from casewell.lib.embedded_postgres import EmbeddedPostgres
from casewell.lib.file_lock import FileLock
from casewell.lib.postgres_roles import OWNER, RUNTIME
from casewell.tenancy.grants import grant_runtime_role

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".casewell" / "test"
DECIDES_THE_SCHEMA = (
    "casewell/*/migrations/*.py",
    "casewell/tenancy/**/*.py",
    "casewell/config/settings.py",
    "requirements.lock",
)


@cache
def server() -> EmbeddedPostgres:
    """The running server; it is stopped by the last process that used it."""
    postgres = EmbeddedPostgres(FOLDER / "postgres", durable=False)
    # Each worker may serve an installation, and that once more without its locks.
    postgres.settings = postgres.settings | {"max_connections": "400"}
    postgres.start()
    return postgres


def let_go() -> None:
    """Be done with the server, where this process used it."""
    if server.cache_info().currsize:
        server().stop()
        server.cache_clear()


def template() -> str:
    """The name of a database with today's schema and no rows, made where it is absent."""
    digest = hashlib.sha256()
    for pattern in DECIDES_THE_SCHEMA:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    name = f"schema_{digest.hexdigest()[:16]}"
    with FileLock(FOLDER / "template.lock"):
        if not exists(name):
            drop_starting_with("schema_")
            server().create_database(f"{name}_draft")
            _migrate(f"{name}_draft")
            rename(f"{name}_draft", name)
    return name


def rename(name: str, to: str) -> None:
    """Give the database another name: what is made in steps has its own when it is whole."""
    _execute("ALTER DATABASE {} RENAME TO {}", name, to)


def copy(name: str, *, of: str | None = None) -> None:
    """Make the database `name`, anew, as a copy of the template (or of another database)."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _execute("CREATE DATABASE {} TEMPLATE {} OWNER {}", name, of or template(), OWNER)


def drop(name: str) -> None:
    """Remove the database `name`, whoever is in it."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def use(name: str) -> None:
    """Point Django at that database: the run-time role, and the owner for what needs one."""
    for alias, role in (("default", RUNTIME), ("owner", OWNER)):
        parts = settings.DATABASES["default"] | _parts(server().url(role, name))
        connections.databases[alias] = connections.configure_settings({"default": parts})["default"]
        if hasattr(connections._connections, alias):  # type: ignore[attr-defined]
            connections[alias].close()
            del connections[alias]


def _parts(url: str) -> dict[str, object]:
    from casewell.config.stores import database_at

    return database_at(url)


def _migrate(name: str) -> None:
    use(name)
    call_command("migrate", database="owner", verbosity=0)
    call_command("createcachetable", database="owner", verbosity=0)
    grant_runtime_role(connections["owner"], RUNTIME)
    connections.close_all()


def exists(name: str) -> bool:
    """Whether there is a database of that name."""
    with psycopg.connect(server().admin_url) as admin:
        return bool(
            admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        )


def drop_starting_with(start: str) -> None:
    """Remove the databases whose names start so, whoever is in them."""
    with psycopg.connect(server().admin_url) as admin:
        names = admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start]
        ).fetchall()
    for (name,) in names:
        drop(name)


def _execute(statement: str, *names: str) -> None:
    with psycopg.connect(server().admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
