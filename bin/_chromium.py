"""Print the path of a Chromium for the browser tests, fetching one where there is none."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from _environment import advice, apt_get, say, stop

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LIBRARY = "libatomic1"
PACKAGES = ("chromium", "fonts-liberation", LIBRARY)
OWN_PATH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def main() -> None:
    """The one named in CASEWELL_CHROMIUM, the system's, Playwright's own, or a new one."""
    if not _runs(_driver()):
        _fetch_library()
    found = os.environ.get("CASEWELL_CHROMIUM") or _of_the_system() or _of_playwright() or _new()
    if not _runs(found):
        stop(
            f"{found} does not run. Where libraries are missing, "
            "`.venv/bin/python -m playwright install-deps chromium` (as root) installs them."
        )
    print(found)


def _driver() -> str:
    """The program through which Playwright speaks to browsers."""
    package = importlib.util.find_spec("playwright")
    if package is None or package.origin is None:
        stop("Playwright is not installed.")
    return str(Path(package.origin).parent / "driver" / "node")


def _fetch_library() -> None:
    """A bare Debian lacks one library that the driver needs."""
    apt = apt_get()
    if apt is None:
        stop(f"Playwright lacks a library. Install it, then try again: {advice(*PACKAGES)}")
    _install(apt, LIBRARY)
    if not _runs(_driver()):
        stop(f"Playwright's driver does not run here: {_driver()}")


def _of_the_system() -> str | None:
    paths = (shutil.which(name) for name in NAMES)
    # Ubuntu's package of that name is an empty shell without snap.
    return next((path for path in paths if path and _runs(path)), None)


def _of_playwright() -> str | None:
    done = subprocess.run(
        [sys.executable, "-c", OWN_PATH], stdout=subprocess.PIPE, text=True, check=True
    )
    path = done.stdout.strip()
    return path if Path(path).exists() else None


def _new() -> str:
    apt = apt_get()
    if platform.freedesktop_os_release().get("ID") == "debian":
        if apt:
            return _through_apt(apt)
        say(f"No Chromium. Debian's would be best: {advice(*PACKAGES)}. Fetching Playwright's …")
    else:
        say("No Chromium here: fetching Playwright's …")
    with_libraries = ["--with-deps"] if apt else []
    command = [sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        stop("Chromium could not be fetched. Install one, or name it in CASEWELL_CHROMIUM.")
    return _of_playwright() or stop("Playwright's Chromium is not where it should be.")


def _through_apt(apt: list[str]) -> str:
    _install(apt, *PACKAGES)
    return _of_the_system() or stop("Debian's Chromium does not run here.")


def _install(apt: list[str], *packages: str) -> None:
    say(f"Fetching {', '.join(packages)} through apt …")
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*apt, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        stop(f"They could not be installed:\n{done.stdout.decode(errors='replace')}")


def _runs(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
