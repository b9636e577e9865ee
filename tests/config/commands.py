"""Commands as people run them: processes of their own, on a database or a data folder."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "casewell.config.cli"]
SECONDS = 240.0


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without an installation's settings, and with `variables`."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("CASEWELL_", "DATABASE_", "DJANGO_"))
    }
    return kept | {"PYTHONPATH": str(ROOT)} | variables


def casewell(
    *arguments: str | Path, typed: str = "", variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What `bin/casewell` does with these arguments, once the environment is there."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(**variables),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """`serve` on a data folder, in the background."""

    data: Path
    port: int
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, data: Path, *arguments: str, port: int | None = None) -> Served:
        port = port or free_port()
        command = [*COMMAND, "serve", "--data", str(data), "--port", str(port), *arguments]
        process = subprocess.Popen(
            command,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return cls(data, port, process)

    def until_greeting(self) -> str:
        """What it says up to its last word before it waits for people."""
        said = ""
        for line in self.process.stdout or ():
            said += line
            if line.startswith("Ctrl-C"):
                return said
        raise AssertionError(f"serve ended: {said}")

    def status(self, path: str, host: str = "localhost") -> int:
        """The status of the answer to a GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Host": f"{host}:{self.port}"})
        status = connection.getresponse().status
        connection.close()
        return status

    def end(self, kind: int) -> int:
        """Signal it and wait; its exit code."""
        self.process.send_signal(kind)
        with self.process:
            return self.process.wait(SECONDS)


def until(true: object, seconds: float = SECONDS) -> None:
    """Wait until the function `true` says so."""
    patience = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < patience
        time.sleep(0.05)
