"""What is in the pictures: each scene opens its screen in a page that is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

Show = Callable[["Page"], None]
DAY = "2027-03-02"
ADMIN = "admin@demo.example"
ROW = "main tbody a"


@dataclass(frozen=True)
class Scene:
    """One screen: its name in files, its words in the docs, who sees it, and how it is opened."""

    name: str
    title: str
    show: Show
    user: str = "reception@demo.example"
    whole: bool = False  # the whole page, not only what the window shows


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


def first(address: str, link: str) -> Show:
    """What the first such link of a page leads to."""

    def show(page: Page) -> None:
        page.goto(address)
        page.goto(page.locator(link).first.get_attribute("href") or "")
        page.wait_for_selector("main h1")

    return show


def booking_a_visit(page: Page) -> None:
    page.goto(f"/demo/calendar/{DAY}")
    page.wait_for_selector(".tile")
    page.locator("#book").click()
    page.wait_for_selector("#panel #id_patient")
    page.locator("#panel #id_patient").fill("rossi ada")
    page.wait_for_selector("#panel [role=option][data-value]")
    page.locator("#panel #id_patient").press("Enter")
    page.wait_for_selector("#panel #case-none")


def opened_booking(page: Page) -> None:
    page.goto(f"/demo/calendar/{DAY}")
    page.wait_for_selector(".tile")
    page.locator(".tile[data-kind=individual]:visible").nth(3).click()
    page.wait_for_selector("#panel #booking-position")


def shortcuts(page: Page) -> None:
    page.goto("/demo/cases")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")


SCENES = [
    Scene("today", "Today", at("/demo/today")),
    Scene("calendar", "The day", calendar(f"/demo/calendar/{DAY}")),
    Scene("booking-new", "Booking a visit", booking_a_visit),
    Scene("booking", "An appointment", opened_booking),
    Scene("appointments", "Appointments", at("/demo/appointments?when=week")),
    Scene("search", "What a search finds", at("/demo/search?q=rossi+ada")),
    Scene("patients", "Patients", at("/demo/patients")),
    Scene("patient", "A patient", found("rossi+ada")),
    Scene("patient-history", "A patient's history", found("rossi+ada", "/history")),
    Scene("shortcuts", "Keyboard shortcuts", shortcuts),
    Scene("cases", "Cases", at("/demo/cases")),
    Scene("case", "A case", first("/demo/cases?fact=full", "main tbody a[href*='/cases/']")),
    Scene("contacts", "Contacts", at("/demo/contacts")),
    Scene(
        "calendar-empty", "The first day of a practice", calendar("/empty/"), "admin@empty.example"
    ),
    Scene("settings", "Settings", at("/demo/settings"), ADMIN),
    Scene("settings-practice", "The practice", at("/demo/settings/practice"), ADMIN),
    Scene("settings-business", "A business", first("/demo/settings/businesses", ROW), ADMIN),
    Scene(
        "settings-practitioner", "A practitioner", first("/demo/settings/practitioners", ROW), ADMIN
    ),
    Scene(
        "settings-type",
        "An appointment type",
        first("/demo/settings/appointment-types", ROW),
        ADMIN,
    ),
    Scene("settings-users", "Users and invitations", at("/demo/settings/users"), ADMIN),
    Scene("account", "Your account", at("/account/"), ADMIN),
    Scene("not-found", "What is not there", at("/demo/patients/1")),
]

# Too much of everything: looked at, not shown in the docs.
CROWDED = [
    Scene("crowded-day", "", calendar(f"/crowded/calendar/{DAY}"), "admin@crowded.example"),
    Scene("crowded-today", "", at("/crowded/today"), "admin@crowded.example"),
    Scene(
        "crowded-appointments",
        "",
        at("/crowded/appointments?when=dates"),
        "admin@crowded.example",
    ),
    Scene("crowded-patients", "", at("/crowded/patients"), "admin@crowded.example"),
    Scene(
        "crowded-patient",
        "",
        first("/crowded/patients?q=wolfe", "main tbody a"),
        "admin@crowded.example",
        whole=True,
    ),
    Scene("crowded-cases", "", at("/crowded/cases"), "admin@crowded.example"),
]
