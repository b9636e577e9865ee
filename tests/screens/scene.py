"""A scene of the pictures, and the usual ways to open one in a page that is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

Show = Callable[["Page"], None]
DAY = "2027-03-02"
CASE = "main tbody a[href*='/cases/']"
ADMIN, EMPTY, CROWD = "admin@demo.example", "admin@empty.example", "admin@crowded.example"
OPERATOR = "operator@demo.example"


@dataclass(frozen=True)
class Scene:
    """One screen: its name in files, its words in the docs, who sees it, and how it is opened."""

    name: str
    title: str
    show: Show
    user: str = "reception@demo.example"
    whole: bool = False  # the whole page, not only what the window shows
    after: Show | None = None  # takes back what the scene changed, for the scenes that follow


def at(address: str, *, wait: str = "main h1") -> Show:
    """Open an address."""

    def show(page: Page) -> None:
        page.goto(address)
        page.wait_for_selector(wait)

    return show


def calendar(address: str) -> Show:
    return at(address, wait=".tile, .day__cursor, .day-cursor, .day-list__free, .empty")


def found(words: str, then: str = "") -> Show:
    """The page of the first patient whom the words find, or a page below it."""

    def show(page: Page) -> None:
        page.goto(f"/demo/patients?q={words}")
        link = page.locator("main tbody a").first.get_attribute("href")
        page.goto(f"{link}{then}")
        page.wait_for_selector("main h1")

    return show


def first(address: str, link: str, then: str = "") -> Show:
    """What the first such link of a page leads to, or a page below it."""

    def show(page: Page) -> None:
        page.goto(address)
        page.goto(f"{page.locator(link).first.get_attribute('href') or ''}{then}")
        page.wait_for_selector("main h1")

    return show
