"""Requests by several connections at once: how many a second, and what they cost the server."""

from __future__ import annotations

import http.client
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

CONNECTIONS = 8
TICKS = os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """A round: requests a second, and the server's CPU for each (ms)."""

    per_second: float
    cpu_ms: float


def asked(port: int, path: str, headers: dict[str, str], process: int, seconds: float) -> Load:
    """Ask for the path as often as it is answered; raises where an answer is not 200."""
    before, began = cpu_of(process), time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        sums = pool.map(lambda _: _ask(port, path, headers, began + seconds), range(CONNECTIONS))
        n = sum(sums)
    took = time.monotonic() - began
    return Load(n / took, 1000 * (cpu_of(process) - before) / n)


def _ask(port: int, path: str, headers: dict[str, str], until: float) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    n = 0
    while time.monotonic() < until:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status}")
        n += 1
    connection.close()
    return n


def cpu_of(process: int) -> float:
    """Seconds of CPU that the process and its descendants have used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / TICKS
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(cpu_of(int(child)) for child in children)
