from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from casewell.lib.embedded_postgres import EmbeddedPostgres
from casewell.lib.postgres_cluster import Cluster, PostgresFailed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
START_AND_STAY = """
import sys, time
from pathlib import Path
from casewell.lib.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print("ready", flush=True)
time.sleep(600)
"""


def server_in(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, durable=False, say=lambda line: None)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that the server's user may pass through where root runs the tests."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def folder(place: Path) -> Path:
    return place / "postgres"


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    found = server_in(folder)
    found.start()
    yield found
    found.stop()


def value(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def home_of(folder: Path) -> Path:
    return Cluster(folder).home


def kill_server(folder: Path) -> None:
    cluster = Cluster(folder)
    cluster.send(signal.SIGKILL)
    while cluster.pid is not None:
        time.sleep(0.01)


def test_the_owner_makes_tables_and_trusted_extensions_and_is_no_superuser(
    server: EmbeddedPostgres,
) -> None:
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        connection.execute("CREATE TABLE kept (name text)")
        connection.rollback()
    assert value(server.owner_url, "SELECT current_setting('is_superuser')") == "off"


def test_the_run_time_role_may_make_nothing(server: EmbeddedPostgres) -> None:
    with (
        psycopg.connect(server.runtime_url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE mine (name text)")
    powers = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = "
    assert value(server.runtime_url, powers + "current_user") is False


@pytest.mark.parametrize("role", ["casewell", "casewell_owner", "casewell_admin"])
@pytest.mark.parametrize("password", ["", ":guessed"])
def test_nobody_gets_in_without_the_password(
    server: EmbeddedPostgres, role: str, password: str
) -> None:
    _, _, place = server.url(role).partition("@")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"postgresql://{role}{password}@{place}")


def test_it_listens_on_no_network_address(server: EmbeddedPostgres) -> None:
    assert value(server.admin_url, "SELECT current_setting('listen_addresses')") == ""


def test_its_folders_and_its_socket_are_open_to_its_own_user_alone(
    server: EmbeddedPostgres, folder: Path
) -> None:
    home = home_of(folder)
    private = [home, home / "data", home / "socket", home / "socket" / ".s.PGSQL.5432"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in private] == [0o700] * 4
    for path in (home / "passwords").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_log_keeps_no_value_of_a_failed_statement(
    server: EmbeddedPostgres, folder: Path
) -> None:
    with (
        psycopg.connect(server.owner_url) as connection,
        pytest.raises(psycopg.errors.InvalidTextRepresentation),
    ):
        connection.execute("SELECT 'Ada Lovelace'::int")
    assert "Lovelace" not in (home_of(folder) / "server.log").read_text()


def test_the_last_one_out_shuts_the_server_down(server: EmbeddedPostgres, folder: Path) -> None:
    other = server_in(folder)
    assert other.start() is False
    other.stop()
    assert value(server.runtime_url, "SELECT 1") == 1
    server.stop()
    assert not Cluster(folder).is_busy
    assert server.start() is True


def test_a_started_server_is_started_once(server: EmbeddedPostgres) -> None:
    assert server.start() is False


def test_what_was_committed_survives_kill_9(place: Path) -> None:
    server = EmbeddedPostgres(place / "durable", say=lambda line: None)
    server.start()
    try:
        with psycopg.connect(server.owner_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'kept' AS name")
        kill_server(place / "durable")
        server.keep_running()
        assert value(server.owner_url, "SELECT name FROM kept") == "kept"
    finally:
        server.stop()


def test_a_killed_servers_process_id_may_be_another_programs_by_now(folder: Path) -> None:
    server = server_in(folder)
    server.start()
    kill_server(folder)
    for stale in home_of(folder).glob("data/postmaster.pid"), home_of(folder).glob("socket/*.lock"):
        for path in stale:
            lines = path.read_text().split("\n")
            path.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert server.start() is True
    server.stop()


def test_a_server_that_outlived_its_user_is_taken_over(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", START_AND_STAY, str(folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == b"ready\n"
        user.kill()
    server = server_in(folder)
    assert server.start() is False
    assert value(server.runtime_url, "SELECT 1") == 1
    server.stop()
    assert not Cluster(folder).is_busy


def test_a_first_start_that_was_cut_off_is_begun_anew(place: Path) -> None:
    server = server_in(place / "cut_off")
    draft = home_of(place / "cut_off") / "data.draft"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18")
    server.start()
    assert value(server.runtime_url, "SELECT 1") == 1
    server.stop()


def test_a_long_path_has_its_socket_somewhere_short(place: Path) -> None:
    folder = place / ("long" * 25) / "with space"
    folder.parent.mkdir()
    folder.parent.chmod(0o711)
    server = server_in(folder)
    server.start()
    socket = Cluster(folder).socket_folder
    try:
        assert value(server.runtime_url, "SELECT 1") == 1
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        assert len(str(socket)) < 90
    finally:
        server.stop()
    assert not socket.exists()


def test_a_lost_password_is_replaced_at_the_next_start(folder: Path) -> None:
    server = server_in(folder)
    server.start()
    server.stop()
    (home_of(folder) / "passwords" / "casewell").unlink()
    server.start()
    assert value(server.runtime_url, "SELECT 1") == 1
    server.stop()


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    server = server_in(folder)
    server.settings = server.settings | {"max_connections": "many"}
    began = time.monotonic()
    with pytest.raises(PostgresFailed, match="max_connections"):
        server.start()
    assert time.monotonic() - began < 10
