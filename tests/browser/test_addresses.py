"""What the rule approves, a real browser takes to the approved place: thousands, in one page."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from casewell.connections import addresses
from casewell.connections.addresses import Pattern
from casewell.connections.allowances import Allowances
from casewell.connections.verdicts import verdict
from tests.connections.addresses import LABELS, PARENTS, pair

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NONE = Allowances()
TRIED = 6000
SEED = 5
BY_THE_BROWSER = """asked => asked.map(text => {
  try { const url = new URL(text); return [url.href, url.hostname, url.origin]; }
  catch { return null; }
})"""


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page()


def astray(page: Page, pairs: list[tuple[str, str]]) -> tuple[int, list[str]]:
    """How many of the pairs are approved, and which of these the browser takes elsewhere."""
    approved = [
        (pattern, found.launch)
        for pattern, url in pairs
        if (found := verdict(pattern, url, NONE)).launch
    ]
    seen: list[Any] = page.evaluate(BY_THE_BROWSER, [launch.href for _, launch in approved])
    elsewhere = [
        f"{pattern}: {launch.href} -> {place}"
        for (pattern, launch), place in zip(approved, seen, strict=True)
        if place != [launch.href, launch.host, launch.origin]
        or not _is_of(Pattern.parse(pattern).parent, launch.host)
    ]
    return len(approved), elsewhere


def _is_of(parent: str, host: str) -> bool:
    return host == parent or host.partition(".")[2] == parent


def pairs() -> list[tuple[str, str]]:
    chance = Random(SEED)  # noqa: S311 - repeatable, no secret
    found = {pair(chance) for _ in range(TRIED)}
    for label, parent in product(LABELS, PARENTS):
        found.add((f"*.{parent}/p", f"https://{label}.{parent}/p"))
    # Each character alone, where a browser might change it.
    for character in map(chr, range(256)):
        for rest in (f"/a{character}b", f"/?a{character}b"):
            found.add((f"*.example.com{rest}", f"https://au.example.com{rest}"))
        found.add(("*.example.com/", f"https://a{character}b.example.com/"))
    return sorted(found)


def test_the_browser_takes_what_is_approved_to_the_approved_place(page: Page) -> None:
    tried = pairs()
    approved, elsewhere = astray(page, tried)

    assert elsewhere == []
    assert len(tried) >= 5000
    assert 700 < approved < len(tried) / 2


def anything(text: str) -> bool:
    return True


LOOSENED: dict[str, dict[str, Any]] = {
    "without the browser's opinion": {"is_left_alone": anything},
    "without that, and any character": {"is_left_alone": anything, "FORBIDDEN": {}},
}


@pytest.mark.parametrize("what", LOOSENED)
def test_a_rule_that_is_loosened_is_noticed(
    page: Page, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    addresses._parsed_pattern.cache_clear()
    for name, looser in LOOSENED[what].items():
        monkeypatch.setattr(addresses, name, looser)
    elsewhere = astray(page, pairs())[1]
    addresses._parsed_pattern.cache_clear()

    assert elsewhere != []
