"""The servers that are asked: the site, or another command, until they are let go."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 300  # seconds to come up, on a machine that is busy too


def site() -> list[str]:
    return [sys.executable, "-m", "casewell.config.cli", "serve", "--no-demo", "--port"]


@contextmanager
def served(
    command: list[str], environment: dict[str, str], path: str = "/health"
) -> Iterator[tuple[int, int]]:
    """The server's port and process, once it answers."""
    from tests.served import free_port

    port = free_port()
    process = subprocess.Popen(
        [*command, str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port, path):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{command[2]} did not come up.")
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
            return True
    except OSError:
        return False
