"""What a command stands on: the data folder, a PostgreSQL, and Django set up on both."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psycopg
from django.db import connections

from casewell.lib.embedded_postgres import EmbeddedPostgres
from casewell.lib.env import env, path

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


class Refused(Exception):  # noqa: N818 - a fact, as all our exceptions are
    """A command that cannot be done; the text says why and what to do."""


@dataclass(frozen=True)
class Installation:
    """Where an installation keeps its files, and the embedded database that it may have there."""

    data: Path
    postgres: EmbeddedPostgres | None = None

    @property
    def is_embedded(self) -> bool:
        """Whether the database is one of the files."""
        return self.postgres is not None

    def keep_running(self) -> None:
        """Start the embedded database again where it was killed."""
        if self.postgres:
            self.postgres.keep_running()


def data_folder(wanted: Path | None) -> Path:
    """The data folder: `wanted` (--data), else CASEWELL_DATA, else .casewell in the project.

    Made where absent: private, but root's can be passed through by the database's system user.
    Child processes find it in CASEWELL_DATA.
    """
    folder = (wanted or env("CASEWELL_DATA", path, str(ROOT / ".casewell"))).expanduser().absolute()
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    os.environ["CASEWELL_DATA"] = str(folder)
    return folder


@contextmanager
def installation(wanted: Path | None) -> Iterator[Installation]:
    """Have a database and Django for as long as the block runs.

    The database is that of DATABASE_URL; where that is not given, the embedded server of the data
    folder, started now, or joined where it runs, and stopped by its last user.
    """
    data = data_folder(wanted)
    if os.environ.get("DATABASE_URL"):
        _reach(os.environ["DATABASE_URL"])
        yield _with_django(Installation(data))
        return
    if os.environ.get("DATABASE_OWNER_URL"):
        raise Refused("DATABASE_OWNER_URL is given without DATABASE_URL, the run-time role's.")
    postgres = EmbeddedPostgres(data / "postgres")
    try:
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.runtime_url
        os.environ["DATABASE_OWNER_URL"] = postgres.owner_url
        yield _with_django(Installation(data, postgres))
    finally:
        close_connections()
        postgres.stop()


def _reach(url: str) -> None:
    """Raise Refused at once, and with the cause: a pool would only say that it waited."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        raise Refused(f"The PostgreSQL of DATABASE_URL cannot be reached: {error}") from error


def _with_django(found: Installation) -> Installation:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casewell.config.settings")
    django.setup()
    return found


def close_connections() -> None:
    """Close what this process holds open to the database, pools and their threads included."""
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
