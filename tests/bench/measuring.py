"""One operation against its limit, by turns."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.figures import Operation
from tests.bench.serving import served, site

if TYPE_CHECKING:
    import argparse

UNCOUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET LOCAL")


def measure(
    environment: dict[str, str],
    name: str,
    path: str,
    headers: dict[str, str],
    asked: argparse.Namespace,
) -> Operation:
    """An operation against its limit."""
    from tests.bench.load import asked as load_of

    statements, sent = write_script(environment, path, headers)
    bare = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2"]
    bare = [sys.executable, "-m", *bare, "tests.bench.limit:application", "--port"]
    anew = environment | {"DJANGO_SETTINGS_MODULE": "tests.bench.reading_anew"}
    with served(site(), anew) as ours, served(bare, environment, "/") as limit:
        alone = [timed(ours[0], path, headers) for _ in range(20)]
        rounds = [
            [load_of(port, path, headers, pid, asked.seconds) for port, pid in (ours, limit)]
            for _ in range(asked.rounds)
        ]
    per_second, cpu_ms = (
        (median(our[what] for our, _ in rounds), median(bare[what] for _, bare in rounds))
        for what in (0, 1)
    )
    return Operation(name, per_second, cpu_ms, median(alone), statements, sent)


def write_script(
    environment: dict[str, str], path: str, headers: dict[str, str]
) -> tuple[int, int]:
    """Leave the feed's statements and answer to the limit; how many, and how many bytes."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.limit import Script

    Client().get(path, SERVER_NAME="localhost", headers=headers)  # notes that it is in use
    caches["moment"].clear()
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(path, SERVER_NAME="localhost", headers=headers)
    statements = [query["sql"] for query in captured.captured_queries]
    script = Script(
        statements, [[*pair] for pair in answer.items()], answer.content.decode("latin-1")
    )
    Path(environment["CASEWELL_BENCH_SCRIPT"]).write_text(json.dumps(script))
    return sum(not sql.startswith(UNCOUNTED) for sql in statements), len(answer.content)


def timed(port: int, path: str, headers: dict[str, str]) -> float:
    """Milliseconds of one request on its own."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        answer.read()
    return 1000 * (time.perf_counter() - began)
