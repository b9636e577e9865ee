"""Commands on a migrated database of their own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from casewell.lib.postgres_roles import ADMIN, OWNER, RUNTIME
from tests import database
from tests.config.commands import casewell

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def urls(django_db_setup: None) -> Iterator[dict[str, str]]:
    """The addresses of a migrated database without rows."""
    name = f"test_commands_{os.getpid()}"
    database.copy(name)
    server = database.server()
    yield {
        "DATABASE_URL": server.url(RUNTIME, name),
        "DATABASE_OWNER_URL": server.url(OWNER, name),
        "admin": server.url(ADMIN, name),
    }
    database.drop(name)


@pytest.fixture
def run(urls: dict[str, str], tmp_path: Path) -> Run:
    variables = {name: url for name, url in urls.items() if name != "admin"}
    variables["CASEWELL_DATA"] = str(tmp_path)
    return lambda *arguments, **more: casewell(
        *arguments,
        typed=more.get("typed", ""),
        variables=variables | more.get("variables", {}),
    )
