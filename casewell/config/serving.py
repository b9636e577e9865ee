"""`serve`: the database, the web server and the job worker, under one supervisor."""

from __future__ import annotations

import errno
import http.client
import os
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections

from casewell.config.installation import Refused, close_connections, data_folder, installation
from casewell.config.supervisor import Child, Stop, end_marked, supervise
from casewell.lib.demo_password import DEMO_PASSWORD
from casewell.lib.file_lock import FileLock
from casewell.lib.terminal import say, tell

if TYPE_CHECKING:
    from pathlib import Path

    from casewell.config.installation import Installation

HOST = "127.0.0.1"
WORKERS = 2
# A worker's pool of connections has room for all of its threads.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)
CALLS_AT_ONCE = 16
MARK = "CASEWELL_SERVED_FROM"


def serve(data: Path | None, *, port: int, demo: bool | None) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code. Raises Refused where it cannot be done."""
    folder = data_folder(data)
    serving = FileLock(folder / "serve.lock")
    if not serving.take(wait=False):
        raise Refused(f"{folder} is being served already. Stop that, or give another --data.")
    try:
        if end_marked(f"{MARK}={folder}"):
            say("Ended what a killed server had left running.")
        refuse_used_port(port)
        os.environ.setdefault("CASEWELL_SITE_ADDRESS", f"http://localhost:{port}")
        with installation(folder) as found:
            has_demo = _prepare(found, demo)
            return _run(_children(folder, port), Site(port, has_demo), found)
    finally:
        serving.let_go()


def refuse_used_port(port: int) -> None:
    """Raise Refused where something listens on the port, or it is not ours to listen on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(f"Port {port} is in use. Choose another with --port.") from error
            raise Refused(f"Port {port} cannot be used: {error.strerror}.") from error


def _prepare(found: Installation, demo: bool | None) -> bool:
    """Bring database and static files up to date; whether the demo is there."""
    # These know the models, which come with Django.
    from casewell.config import demo_practice, schema, static_files

    if schema.OWNER in connections:
        schema.migrate(say)
    else:
        schema.require_current_schema()
    demo_practice.load_demo_at_first_start(found, demo)
    if static_files.collect_static_files():
        say("Collected the static files.")
    has_demo = demo_practice.demo_is_there()
    close_connections()
    return has_demo


def _children(folder: Path, port: int) -> list[Child]:
    """The web server and the job worker, which know the run-time role's address alone."""
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_OWNER_URL"}
    environment[MARK] = str(folder)
    web = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    web += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--no-ws"]
    web += ["--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "10"]
    web += ["--log-level", "warning", "casewell.config.wsgi:application"]
    jobs = ["django", "procrastinate", "worker", "--shutdown-graceful-timeout", "10"]
    # Receivers of others may be slow, and wait in a process of their own.
    calls = [*jobs, "--queues", "webhooks", "--concurrency", str(CALLS_AT_ONCE)]
    return [
        Child("The web server", web, environment),
        Child("The job worker", [*jobs, "--queues", "default"], environment),
        Child("The webhook worker", calls, environment),
    ]


def _run(children: list[Child], site: Site, found: Installation) -> int:
    with Stop().listening() as stop:
        if supervise(children, stop, ready=site.answers, greet=site.greet, tend=found.keep_running):
            return 0
    say("Casewell did not start; the lines above say why.")
    return 1


@dataclass(frozen=True)
class Site:
    """What is being served, as people see it."""

    port: int
    has_demo: bool

    def answers(self) -> bool:
        """Whether the web server answers by now, if only that its database does not."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def greet(self) -> None:
        """Say where it is, and how to sign in to the demo."""
        tell(f"\nCasewell is at http://localhost:{self.port}\n")
        if self.has_demo:
            from casewell.config.demo_practice import SIGN_INS

            tell(f"Sign in to the demo practice with the password {DEMO_PASSWORD} as")
            for email in SIGN_INS:
                tell(f"  {email}")
            tell()
        tell("Ctrl-C stops it.")
