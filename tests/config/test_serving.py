from __future__ import annotations

import os
import signal
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from casewell.config.installation import Refused
from casewell.config.serving import MARK, refuse_used_port
from casewell.lib.postgres_cluster import Cluster
from casewell.lib.postgres_roles import ADMIN
from casewell.lib.processes import processes_marked
from tests import database
from tests.config.commands import Served, casewell, free_port, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder whose first start is the first test's."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def nothing_is_left(data: Path) -> bool:
    return not processes_marked(f"{MARK}={data}") and not Cluster(data / "postgres").is_busy


def test_it_serves_until_it_is_told_to_stop_and_leaves_nothing_running(data: Path) -> None:
    served = Served.start(data, "--no-demo")
    said = served.until_greeting()
    assert f"http://localhost:{served.port}" in said
    assert "casewell-demo" not in said
    assert served.status("/health") == 200
    assert served.status("/health", host="127.0.0.1") == 200
    assert served.status("/", host="127.0.0.1") == 307

    second = casewell("serve", "--data", data, "--port", str(free_port()), variables={})
    assert (second.returncode, second.stdout) == (1, "")
    assert "is being served already" in second.stderr

    joined = casewell("check", "--data", data, variables={})
    assert "PostgreSQL: the embedded one" in joined.stdout
    assert served.status("/health") == 200

    assert served.end(signal.SIGTERM) == 0
    assert nothing_is_left(data)


def test_a_start_after_kill_9_puts_everything_right(data: Path) -> None:
    served = Served.start(data)
    served.until_greeting()
    pids = processes_marked(f"{MARK}={data}")
    assert len(pids) >= 3
    for pid in [served.process.pid, *pids]:
        with suppress(ProcessLookupError):  # some end by themselves
            os.kill(pid, signal.SIGKILL)
    served.end(signal.SIGKILL)

    again = Served.start(data, port=served.port)
    again.until_greeting()
    assert again.status("/health") == 200
    assert again.end(signal.SIGINT) == 0
    assert nothing_is_left(data)


def test_children_and_database_are_started_again_when_they_are_killed(data: Path) -> None:
    served = Served.start(data)
    served.until_greeting()
    Cluster(data / "postgres").send(signal.SIGKILL)
    for pid in processes_marked(f"{MARK}={data}"):
        os.kill(pid, signal.SIGKILL)
    until(lambda: answers(served))
    assert served.end(signal.SIGTERM) == 0
    assert nothing_is_left(data)


def answers(served: Served) -> bool:
    try:
        return served.status("/health") == 200
    except OSError:
        return False


def test_a_used_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port} is in use"):
            refuse_used_port(port)
    refuse_used_port(port)


def test_the_database_knows_how_full_the_demo_made_its_tables(site: Site) -> None:
    with psycopg.connect(database.server().url(ADMIN, site.database)) as admin:
        [(known,)] = admin.execute(
            "SELECT reltuples FROM pg_class WHERE relname = 'appointments_attendee'"
        )

    assert known > 0
