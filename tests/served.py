"""A served installation with the demo practice, as a process of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from casewell.lib.file_lock import FileLock
from casewell.lib.postgres_roles import OWNER, RUNTIME
from tests import database
from tests.audit.mail_server import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

    from tests.audit.mail_server import MailServer

SECONDS_TO_START = 300  # the demo is loaded while other workers take the processor
SECONDS_TO_SEND = 30
# What `serve --demo` does before it serves. Not `serve` itself, whose workers send the first mails.
LOAD = """
from casewell.config.installation import installation

with installation(None):
    from casewell.config.demo_practice import load_demo
    from casewell.config.static_files import collect_static_files

    load_demo()
    collect_static_files()
"""


@dataclass(frozen=True)
class Site:
    """Where the installation is served, and the name of its database."""

    address: str
    database: str
    data: Path
    environment: dict[str, str]
    post: MailServer

    def run(self, *command: str, said: str = "") -> str:
        """What a command of `bin/casewell` on the installation says, with `said` at its input."""
        done = subprocess.run(
            [sys.executable, "-m", "casewell.config.cli", *command],
            env=self.environment,
            input=said,
            text=True,
            check=True,
            capture_output=True,
        )
        return done.stdout

    def letter_to(self, address: str) -> str:
        """The text of the latest e-mail to that address, once the worker has sent it."""
        until = time.monotonic() + SECONDS_TO_SEND
        while time.monotonic() < until:
            found = [mail for mail in self.post.received if mail["To"] == address]
            if found:
                return str(found[-1].get_content())
            time.sleep(0.2)
        pytest.fail(f"nothing was sent to {address}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """The demo practice on a database of its own, as a process of its own, with a mail server."""
    name = f"site_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    data = tmp_path_factory.mktemp("site")
    with django_db_blocker.unblock():  # the first copy makes the template
        copy_of_demo(name, data)
    with mail_server() as post:
        yield from served(data, name, post)


def copy_of_demo(name: str, data: Path) -> None:
    """Make the database `name` and the folder `data` an installation with today's demo.

    It is loaded once for all workers, for that takes one of them as long as fifty pages do.
    """
    loaded = f"loaded_{_version_of_demo()}"
    files = database.FOLDER / loaded
    database.server()  # whose folder the lock is in
    with FileLock(database.FOLDER / "demo.lock"):
        if not database.exists(loaded):
            database.drop_starting_with("loaded_")
            for old in database.FOLDER.glob("loaded_*"):
                shutil.rmtree(old)
            database.copy(f"{loaded}_draft")
            files.mkdir()
            given = environment_of(files, f"{loaded}_draft")
            subprocess.run([sys.executable, "-c", LOAD], env=given, check=True)
            database.rename(f"{loaded}_draft", loaded)
    shutil.copytree(files, data, dirs_exist_ok=True)
    database.copy(name, of=loaded)


def _version_of_demo() -> str:
    """Today's, by all the code that there is: each may have its part in what is loaded."""
    digest = hashlib.sha256(datetime.now(UTC).date().isoformat().encode())
    for file in sorted((database.ROOT / "casewell").rglob("*")):
        if file.suffix in {".py", ".json"}:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def environment_of(data: Path, name: str) -> dict[str, str]:
    """What tells a command its installation."""
    return os.environ | {
        "DATABASE_URL": database.server().url(RUNTIME, name),
        "DATABASE_OWNER_URL": database.server().url(OWNER, name),
        "CASEWELL_DATA": str(data),
    }


def served(data: Path, name: str, post: MailServer, **settings: str) -> Iterator[Site]:
    """The site on that database; `settings` are further variables of its environment."""
    try:
        with serving(data, name, post, **settings) as site:
            yield site
    finally:
        database.drop(name)


@contextmanager
def serving(data: Path, name: str, post: MailServer, **settings: str) -> Iterator[Site]:
    """`serve --demo` in that folder, on that database, while it lasts."""
    port = free_port()
    environment = environment_of(data, name) | {
        "CASEWELL_SIGN_INS_A_MINUTE": "600",  # all tests are one address
        "CASEWELL_SMTP_HOST": "127.0.0.1",
        "CASEWELL_SMTP_PORT": str(post.port),
        **settings,
    }
    command = [sys.executable, "-m", "casewell.config.cli", "serve", "--demo"]
    with Path(data / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--data", str(data)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}/health", process, data / "log")
        yield Site(address, name, data, environment, post)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `url` answers; fail with the server's log when it ends or takes too long."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the site did not start:\n{log.read_text()}")
