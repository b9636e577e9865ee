from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from casewell.lib.file_lock import FileLock

if TYPE_CHECKING:
    from pathlib import Path

HOLD = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); "
HOLD += "print('held', flush=True); time.sleep(600)"


def test_one_holds_it_and_the_next_does_not(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    with first:
        assert second.take(wait=False) is False
    assert [first.is_held, second.is_held] == [False, False]
    assert second.take(wait=False) is True
    second.let_go()


def test_many_share_it_and_nobody_has_it_alone(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    assert first.take(shared=True)
    assert second.take(shared=True, wait=False)
    assert third.take(wait=False) is False
    first.let_go()
    second.let_go()
    second.let_go()
    assert third.take(wait=False) is True
    third.let_go()


def test_it_ends_with_the_process_that_held_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        lock = FileLock(tmp_path / "lock")
        assert lock.take(wait=False) is False
        holder.kill()
    assert lock.take(wait=False) is True
    lock.let_go()
