"""Print the path of a Node with which the clients of tests/api/npm run, fetching what is missing.

Does nothing but print where Node and the packages of the lock file are there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess

from _environment import ROOT, advice, alone, apt_get, say, stop

FOLDER = ROOT / "tests" / "api" / "npm"
LOCK = FOLDER / "package-lock.json"
STAMP = FOLDER / "node_modules" / ".installed"
PACKAGES = ("nodejs", "npm")
OLDEST = 18
SPARING = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


def main() -> None:
    """The Node named in CASEWELL_NODE or the system's, with the packages beside the tests."""
    node = os.environ.get("CASEWELL_NODE") or shutil.which("node") or _new("node")
    if _version(node) < OLDEST:
        stop(f"The tests need Node {OLDEST} or newer, and {node} is none. Name one: CASEWELL_NODE.")
    if not _is_current():
        with alone():
            if not _is_current():
                _install(shutil.which("npm") or _new("npm"))
    print(node)


def _version(node: str) -> int:
    """Its main version; 0 where it does not run."""
    call = [node, "--print", "process.versions.node"]
    try:
        done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
        return int(done.stdout.partition(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def _new(name: str) -> str:
    """That program, through apt."""
    apt = apt_get()
    if apt is None:
        stop(f"There is no {name}. Install it, then try again: {advice(*PACKAGES)}")
    say(f"Fetching {', '.join(PACKAGES)} through apt …")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        done = _run([*apt, *command])
    if done.returncode:
        stop(f"They could not be installed:\n{done.stdout}")
    return shutil.which(name) or stop(f"apt brought no {name}.")


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _is_current() -> bool:
    return STAMP.exists() and STAMP.read_text() == _digest()


def _install(npm: str) -> None:
    say("Installing the npm clients of the API …")
    done = _run([npm, "ci", *SPARING, "--prefix", str(FOLDER)])
    if done.returncode:
        stop(f"The npm packages could not be installed:\n{done.stdout}")
    STAMP.write_text(_digest())


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


if __name__ == "__main__":
    main()
