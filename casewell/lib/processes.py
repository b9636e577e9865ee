"""Questions about the machine's processes, answered from /proc where there is one."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have the kernel end this process (SIGTERM) when its parent dies, on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def is_alive(pid: int) -> bool:
    """Whether there is a process `pid` that this one may see; a zombie counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def processes_in(folder: Path, name: str) -> list[int]:
    """The processes called `name` whose working folder is `folder`. Linux only; elsewhere none."""
    return [pid for pid in _all() if _working_folder(pid) == folder and _name(pid) == name]


def processes_marked(mark: str) -> list[int]:
    """The other processes that were started with `mark` ("NAME=value") in their environment.

    Linux only; elsewhere none.
    """
    wanted = os.fsencode(mark)
    return [pid for pid in _all() if pid != os.getpid() and wanted in _environment(pid)]


def _all() -> Iterator[int]:
    if PROC.is_dir():
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal())


def _working_folder(pid: int) -> Path | None:
    try:
        return (PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None  # gone, or another user's


def _name(pid: int) -> str:
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
