"""Real browsers that look at the served demo practice."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from casewell.lib.demo_password import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.served import Site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


expect.set_options(timeout=15_000)  # a busy machine is no failure


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as started:
        yield started


@contextmanager
def chromium(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    """Debian's Chromium where it is there, else Playwright's own."""
    kept = os.environ.get("CASEWELL_CHROMIUM", "/usr/bin/chromium")
    found = kept if Path(kept).exists() else None
    started = playwright.chromium.launch(executable_path=found, args=[*FLAGS, *flags])
    yield started
    started.close()


@pytest.fixture
def open_browser(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A new browser's page, signed in as somebody or nobody; nothing may be said in its console."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def opened(
        user: str = "reception@demo.example",
        password: str = DEMO_PASSWORD,
        shown: str = "#day[data-date]",
        **options: Any,
    ) -> Page:
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = browser.new_context(base_url=site.address, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        if not user:
            return page
        page.goto("/")
        page.get_by_label("Email").fill(user)
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        page.wait_for_selector(shown)
        page.wait_for_load_state()  # the scripts that hear the keys are there
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
