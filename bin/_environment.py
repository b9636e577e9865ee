"""Make .venv and install a lock file into it; with Python's own library alone, so on any machine.

Says on standard error what it does, and does nothing where the environment is as it should be.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENV_PACKAGE = f"python3.{sys.version_info.minor}-venv"


def main(lock_name: str) -> None:
    """Have the packages of that lock file installed."""
    wanted = _digest(ROOT / lock_name)
    stamp = VENV / f"installed-{lock_name}"
    if _is_current(stamp, wanted):
        return
    with alone():
        if not _is_current(stamp, wanted):
            if not _works():
                _make()
            _install(ROOT / lock_name)
            stamp.write_text(wanted)


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_current(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted and _works()


def _works() -> bool:
    """Whether .venv has a Python that runs, with pip: a system upgrade may have taken it away."""
    test = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    try:
        done = subprocess.run([PYTHON, "-I", "-c", test], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def alone() -> Iterator[None]:
    """Let other commands of this checkout wait; the lock ends with this process."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another command prepares the environment; waiting for it …")
        fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(folder)


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        _fetch_venv()
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    # A child, for the package may have come while this process ran.
    done = _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode:
        stop(f"The environment could not be made:\n{done.stdout}")


def _fetch_venv() -> None:
    """Debian keeps `python -m venv` in a package of its own."""
    apt = apt_get()
    if apt is None:
        stop(f"Python's venv module is missing. Install it, then try again: {advice(VENV_PACKAGE)}")
    say(f"Fetching {VENV_PACKAGE} through apt …")
    for command in (["update"], ["install", "-y", "--no-install-recommends", VENV_PACKAGE]):
        done = _run([*apt, *command])
    if done.returncode:
        stop(f"{VENV_PACKAGE} could not be installed:\n{done.stdout}")


def apt_get() -> list[str] | None:
    """The command that installs Debian's packages, None where this user may not or has no apt."""
    apt = shutil.which("apt-get")
    if apt is None:
        return None
    # Waits for another apt on the machine.
    call = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-o", "DPkg::Lock::Timeout=120"]
    if os.geteuid() == 0:
        return call
    if shutil.which("sudo") and _run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n", *call]
    return None


def advice(*packages: str) -> str:
    """What a person with the right to would type."""
    command = f"apt-get install {' '.join(packages)}"
    return f"sudo {command}" if shutil.which("sudo") else f"{command} (as root)"


def _install(lock: Path) -> None:
    total = sum("==" in line for line in lock.read_text().splitlines())
    say(f"Installing {lock.name} ({total} packages) …")
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--no-input", "--progress-bar", "off", "-r", str(lock)]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    last: deque[str] = deque(maxlen=20)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        _show(_kept(pip.stdout or (), last), total)
    if pip.returncode:
        stop(f"The packages could not be installed:\n{''.join(last)}")


def _kept(lines: Iterable[str], last: deque[str]) -> Iterator[str]:
    for line in lines:
        last.append(line)
        yield line


def _show(lines: Iterable[str], total: int) -> None:
    """Say how far pip is: each package on a terminal, elsewhere every tenth."""
    seen = 0
    for line in lines:
        if line.startswith("Installing collected"):
            say("Unpacking …")
        elif line.startswith("Collecting "):
            seen += 1
            if sys.stderr.isatty():
                print(f"\r\033[K  {seen} of {total}: {line.split()[1]}", end="\r", file=sys.stderr)
            elif seen % 10 == 0:
                say(f"  {seen} of {total}")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """End with a sentence that says what to do."""
    sys.exit(sentence)


if __name__ == "__main__":
    main(sys.argv[1])
