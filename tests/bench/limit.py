"""The limit: a bare WSGI function that runs an operation's SQL and answers the same bytes.

What it answers is in the file that CASEWELL_BENCH_SCRIPT names, a Script as JSON.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from psycopg_pool import ConnectionPool

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment


class Script(NamedTuple):
    """The statements of a request in order, and its answer's headers and body."""

    statements: list[str]
    headers: list[list[str]]
    body: str  # as latin-1


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    script, pool = _ready()
    with pool.connection() as connection:
        for statement in script.statements:
            cursor = connection.execute(statement)
            if cursor.description:
                cursor.fetchall()
    start_response("200 OK", [(name, value) for name, value in script.headers])
    return [script.body.encode("latin-1")]


_made: list[tuple[Script, ConnectionPool]] = []


def _ready() -> tuple[Script, ConnectionPool]:
    """Read and opened by each worker at its first request."""
    if not _made:
        script = Script(*json.loads(Path(os.environ["CASEWELL_BENCH_SCRIPT"]).read_text()))
        pool = ConnectionPool(
            os.environ["DATABASE_URL"], min_size=1, max_size=12, kwargs={"autocommit": True}
        )
        _made.append((script, pool))
    return _made[0]
