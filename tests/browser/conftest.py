"""A served installation with the demo practice, and real browsers that look at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from casewell.lib.demo_password import DEMO_PASSWORD
from casewell.lib.postgres_roles import OWNER, RUNTIME
from tests import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS_TO_START = 90


@dataclass(frozen=True)
class Site:
    """Where the installation is served, and the name of its database."""

    address: str
    database: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`serve --demo` on a database of its own, as a process of its own."""
    name = f"site_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    database.copy(name)
    port, data = free_port(), tmp_path_factory.mktemp("site")
    environment = os.environ | {
        "DATABASE_URL": database.server().url(RUNTIME, name),
        "DATABASE_OWNER_URL": database.server().url(OWNER, name),
    }
    command = [sys.executable, "-m", "casewell.config.cli", "serve", "--demo"]
    with Path(data / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--data", str(data)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}/health", process, data / "log")
        yield Site(address, name)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        database.drop(name)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when `url` answers; fail with the server's log when it ends or takes too long."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the site did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where it is there, else Playwright's own."""
    found = next(
        (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A new browser's page, signed in as a user; nothing may be said in its console."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def opened(user: str = "reception@demo.example", **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(base_url=site.address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto("/")
        page.get_by_label("Email").fill(user)
        page.get_by_label("Password").fill(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("#day[data-date]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
