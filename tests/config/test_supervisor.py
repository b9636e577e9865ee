from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from casewell.config.supervisor import Child, Stop, end_marked, supervise
from casewell.lib.processes import is_alive, processes_marked
from tests.config.commands import ROOT, environment, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOTE = "import os, pathlib; pathlib.Path('{note}').open('a').write(f'{{os.getpid()}}\\n')\n"
STAY = "import time\ntime.sleep(600)\n"
DEAF = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


class Play:
    """A folder of small programs that note their process ids."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.note = folder / "pids"

    def child(self, program: str) -> Child:
        text = NOTE.format(note=self.note) + program
        (self.folder / "program.py").write_text(text)
        variables = environment(PYTHONPATH=f"{ROOT}:{self.folder}")
        return Child("The program", ["program"], variables, delay=0.1)

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self.note.read_text().split()] if self.note.exists() else []

    def supervise(
        self, child: Child, until_stopped: Callable[[], bool], *, ready: bool = True
    ) -> tuple[bool, list[str]]:
        """Run the child until then; what `supervise` answered, and what was said and done."""
        stop, seen = Stop(), []

        def stop_in_time() -> None:
            until(until_stopped)
            stop.times += 1

        watching = threading.Thread(target=stop_in_time)
        watching.start()
        well = supervise(
            [child],
            stop,
            ready=lambda: ready and len(self.pids) > 0,
            greet=lambda: seen.append("greeted"),
            tend=lambda: None,
        )
        watching.join()
        return well, seen


def test_a_child_that_ends_is_started_again_and_stopped_at_the_end(tmp_path: Path) -> None:
    play = Play(tmp_path)
    child = play.child("import sys, time\ntime.sleep(0.3)\nsys.exit(3)")
    well, seen = play.supervise(child, lambda: len(play.pids) >= 3)
    assert (well, seen) == (True, ["greeted"])
    assert child.delay > 0.2
    assert not any(is_alive(pid) for pid in play.pids)


def test_a_first_child_that_ends_before_it_is_ready_ends_the_attempt(tmp_path: Path) -> None:
    play = Play(tmp_path)
    well, seen = play.supervise(play.child(""), lambda: True, ready=False)
    assert (well, seen) in [(False, []), (True, [])]
    assert not any(is_alive(pid) for pid in play.pids)


def test_a_second_stop_does_not_wait_for_a_child_that_does_not_listen(tmp_path: Path) -> None:
    play = Play(tmp_path)
    child = play.child(DEAF + STAY)
    stop = Stop()

    def stop_twice() -> None:
        until(lambda: len(play.pids) == 1)
        time.sleep(0.3)
        stop.times += 1
        time.sleep(0.5)
        stop.times += 1

    stopping = threading.Thread(target=stop_twice)
    stopping.start()
    began = time.monotonic()
    supervise([child], stop, ready=lambda: bool(play.pids), greet=lambda: None, tend=lambda: None)
    stopping.join()
    assert time.monotonic() - began < 10
    assert not is_alive(play.pids[0])


def test_signals_stop_rather_than_interrupt() -> None:
    with Stop().listening() as stop:
        assert not stop
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.times == 2


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    play = Play(tmp_path)
    play.child(STAY)
    start = (
        "import os, time\nfrom casewell.config.supervisor import Child\n"
        "Child('x', ['program'], dict(os.environ)).start()\ntime.sleep(600)"
    )
    variables = environment(PYTHONPATH=f"{ROOT}:{tmp_path}")
    with subprocess.Popen([sys.executable, "-c", start], env=variables) as parent:
        until(lambda: len(play.pids) == 1)
        parent.kill()
    until(lambda: not processes_marked(f"PYTHONPATH={ROOT}:{tmp_path}"))


def test_what_a_killed_supervisor_left_is_known_by_its_mark(tmp_path: Path) -> None:
    mark = f"CASEWELL_SERVED_FROM={tmp_path}"
    variables = environment(CASEWELL_SERVED_FROM=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", STAY], env=variables) as left:
        until(lambda: bool(processes_marked(mark)))
        reaping = threading.Thread(target=left.wait)
        reaping.start()
        assert end_marked(mark) == 1
        reaping.join()
    assert end_marked(mark) == 0
