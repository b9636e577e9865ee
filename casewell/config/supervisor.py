"""Child processes that are kept running, and stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casewell.lib.processes import processes_marked
from casewell.lib.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY_AFTER = 60.0
SECONDS_TO_STOP = 15.0
STEP = 0.1


@dataclass
class Child:
    """A Python module that runs as a process of its own, in a process group of its own."""

    name: str
    module: Sequence[str]
    environment: Mapping[str, str]
    delay: float = FIRST_DELAY
    process: subprocess.Popen[bytes] | None = None
    started_at: float = field(default=0.0, init=False)
    start_again_at: float = field(default=0.0, init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "casewell.config.child", str(os.getpid()), *self.module]
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - a program of our own
            command, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def send(self, kind: signal.Signals) -> None:
        """Signal the process; SIGKILL goes to all of its group, so that nothing is left of it."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if kind == signal.SIGKILL:
                os.killpg(self.process.pid, kind)
            elif not self.has_ended:
                self.process.send_signal(kind)

    def keep_running(self) -> None:
        """Start it again some time after it ended; longer each time, unless it had been steady."""
        if self.process is None:
            if time.monotonic() >= self.start_again_at:
                self.start()
        elif self.has_ended:
            if time.monotonic() - self.started_at > STEADY_AFTER:
                self.delay = FIRST_DELAY
            say(f"{self.name} ended ({self.process.returncode}); again in {self.delay:.0f} s.")
            self.send(signal.SIGKILL)
            self.process = None
            self.start_again_at = time.monotonic() + self.delay
            self.delay = min(self.delay * 2, LONGEST_DELAY)


class Stop:
    """Whether Ctrl-C or SIGTERM has come; a second one is in a hurry."""

    def __init__(self) -> None:
        self.times = 0

    def __bool__(self) -> bool:
        return self.times > 0

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.times += 1

    @contextlib.contextmanager
    def listening(self) -> Iterator[Stop]:
        """Note these signals, rather than being interrupted, while the block runs."""
        kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        former = {kind: signal.signal(kind, self._note) for kind in kinds}
        try:
            yield self
        finally:
            for kind, handler in former.items():
                signal.signal(kind, handler)


def supervise(
    children: Sequence[Child],
    stop: Stop,
    *,
    ready: Callable[[], bool],
    greet: Callable[[], None],
    tend: Callable[[], None],
) -> bool:
    """Run the children until `stop`; False where the first ends before it is `ready`.

    People wait for the first, so it starts alone; then `greet` is called and the others follow.
    `tend` is called again and again all the while. Whatever happens, no child is left behind.
    """
    try:
        children[0].start()
        while not stop and not ready():
            if children[0].has_ended:
                return False
            time.sleep(STEP)
        if not stop:
            greet()
        while not stop:
            tend()
            for child in children:
                child.keep_running()
            time.sleep(STEP)
        return True
    finally:
        _end(children, stop)


def _end(children: Sequence[Child], stop: Stop) -> None:
    say("Stopping …")
    for child in children:
        child.send(signal.SIGTERM)
    asked, patience = stop.times, time.monotonic() + SECONDS_TO_STOP
    while any(child.process and not child.has_ended for child in children):
        if time.monotonic() > patience or stop.times > asked:
            break
        time.sleep(STEP)
    for child in children:
        child.send(signal.SIGKILL)
        if child.process:
            child.process.wait()


def end_marked(mark: str) -> int:
    """End what a killed supervisor left behind, known by `mark`; the number of processes."""
    left = processes_marked(mark)
    for kind, seconds in ((signal.SIGTERM, SECONDS_TO_STOP), (signal.SIGKILL, 5.0)):
        for pid in processes_marked(mark):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, kind)
        patience = time.monotonic() + seconds
        while processes_marked(mark) and time.monotonic() < patience:
            time.sleep(STEP)
    return len(left)
