"""An installation without a site: a database of its own, and processes that are run against it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from casewell.lib.postgres_roles import RUNTIME
from tests import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS_TO_RUN = 300


class Installation:
    """A database and the environment of processes on it, `more` of it as `CASEWELL_…` settings."""

    def __init__(self, name: str, **more: str) -> None:
        self.name = name
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.server().url(RUNTIME, name),
            "DJANGO_SETTINGS_MODULE": "casewell.config.settings",
            **more,
        }

    def run(self, script: str, *arguments: str) -> list[str]:
        """Run Python in a process of its own; the lines that it prints."""
        ran = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=self.environment,
            cwd=database.ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_RUN,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.splitlines()

    @contextmanager
    def worker(self, queues: str, at_once: int) -> Iterator[None]:
        """A worker of those queues; it is killed at the end of the block, wherever it is then."""
        words = ["worker", "--queues", queues, "--concurrency", str(at_once)]
        started = subprocess.Popen(
            [sys.executable, "-m", "django", "procrastinate", *words],
            env=self.environment,
            cwd=database.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            started.kill()
            started.wait()


@contextmanager
def installation(purpose: str, **more: str) -> Iterator[Installation]:
    """A new one, whose database goes with the block."""
    name = f"{purpose}_{os.getpid()}"
    database.copy(name)
    try:
        yield Installation(name, **more)
    finally:
        database.drop(name)


def sending_to(port: int) -> dict[str, str]:
    """The settings of one whose mail goes to a server at that port of this machine."""
    return {"CASEWELL_SMTP_HOST": "127.0.0.1", "CASEWELL_SMTP_PORT": str(port)}


def soon(happened: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until it has; fail if that takes longer."""
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.01)
    assert happened()
