"""What is in the pictures: each scene opens its screen in a page that is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.screens.calendar_scenes import (
    a_series,
    booking_a_visit,
    cancelled,
    free_times_while_booking,
    freed,
    opened_booking,
    opened_class,
    picked_up,
    uncancelled,
    unfreed,
)
from tests.screens.scene import ADMIN, CASE, DAY, EMPTY, OPERATOR, Scene, at, calendar, first, found

if TYPE_CHECKING:
    from playwright.sync_api import Page


def shortcuts(page: Page) -> None:
    page.goto("/demo/cases")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open]")


def onto_the_waiting_list(page: Page) -> None:
    found("rossi+ada")(page)
    at(f"/demo/waiting/new?patient={page.url.rpartition('/')[2]}")(page)


def merging(page: Page) -> None:
    """Two patients side by side, before one of them comes to the other."""
    page.goto("/demo/patients?q=nguyen")
    other = (page.locator("main tbody a").first.get_attribute("href") or "").rpartition("/")[2]
    found("rossi+ada", f"/merge?with={other}")(page)


def searched(page: Page) -> None:
    page.goto("/demo/patients")
    page.keyboard.press("/")
    page.keyboard.type("ross", delay=20)
    page.wait_for_selector("[role=option]")


def refused_form(page: Page) -> None:
    page.goto("/demo/patients/new")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector(".error-summary")


def booking_into_a_full_case(page: Page) -> None:
    """What is asked where a visit is one too many."""
    page.goto("/demo/cases?fact=full")
    page.goto(page.locator(CASE).first.get_attribute("href") or "")
    page.locator(".page-head").get_by_role("link", name="Book appt.").click()
    page.wait_for_selector("#panel #book-form")
    page.locator("#panel").get_by_role("button", name="Book", exact=True).click()
    page.wait_for_selector("#panel .error-summary, #panel .full-case, #panel [name=when_full]")


def started_app(page: Page) -> None:
    """A row that asks for the practice's part of an address, and one that is refused."""
    page.goto("/demo/settings/apps")
    for words in ("Add an app", "Add this"):
        page.locator(".apps-add").get_by_text(words, exact=True).click()
        page.wait_for_timeout(500)
    page.locator("input[name$=-name]").nth(-2).fill("Imaging")
    page.locator("input[name$=-url]").last.fill("https://scans.example.com/open")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".error-summary")


TRIED = "/integrators?pattern=*.rays.example.com/open&signed=yes"

SCENES = [
    Scene("sign-in", "Signing in", at("/sign-in/"), user=""),
    Scene("calendar", "The day", calendar(f"/demo/calendar/{DAY}?view=day")),
    Scene("week", "The week", calendar(f"/demo/calendar/{DAY}?view=week")),
    Scene("booking-new", "Booking a visit", booking_a_visit),
    Scene("repeating", "A series before it is booked", a_series),
    Scene("booking", "An appointment", opened_booking),
    Scene("class", "A class", opened_class),
    Scene("picked-up", "Moving an appointment to another week", picked_up),
    Scene("away", "A practitioner is off", at(f"/demo/bookings/away?from={DAY}")),
    Scene("waiting", "The waiting list", at("/demo/waiting")),
    Scene("waiting-new", "Onto the waiting list", onto_the_waiting_list, whole=True),
    Scene("waiting-freed", "Freed times, and who fits", freed, whole=True, after=unfreed),
    Scene("cancelled", "Who gets a time that is cancelled", cancelled, after=uncancelled),
    Scene("today", "Today", at(f"/demo/today/{DAY}")),
    Scene("appointments", "Appointments", at("/demo/appointments?when=week")),
    Scene("search", "Searching", searched),
    Scene("search-page", "All that a search finds", at("/demo/search?q=smith")),
    Scene("patients", "Patients", at("/demo/patients")),
    Scene("patient", "A patient", found("rossi+ada"), whole=True),
    Scene("patient-edit", "Editing a patient", found("rossi+ada", "/edit"), whole=True),
    Scene("patient-history", "A patient's history", found("rossi+ada", "/history")),
    Scene(
        "patient-merge",
        "Merging a patient: who may be the same",
        found("rossi+ada", "/merge"),
        ADMIN,
    ),
    Scene("patient-merging", "Two patients become one", merging, ADMIN, True),
    Scene("merges", "Merged patients", at("/demo/settings/merges"), ADMIN),
    Scene("refused", "A form that lacks something", refused_form),
    Scene("shortcuts", "Keyboard shortcuts", shortcuts),
    Scene("cases", "Cases", at("/demo/cases")),
    Scene("case", "A case", first("/demo/cases?fact=full", CASE)),
    Scene("case-new", "A new case", found("rossi+ada", "/cases/new"), whole=True),
    Scene("case-page", "All of a case", first("/demo/cases?fact=full", CASE), whole=True),
    Scene("case-edit", "Editing a case", first("/demo/cases", CASE, "/edit"), whole=True),
    Scene("case-linking", "Linking appointments", first("/demo/cases", CASE, "/appointments")),
    Scene("case-full", "A visit for a full case", booking_into_a_full_case),
    Scene("case-successor", "The next case", first("/demo/cases?fact=full", CASE, "/successor")),
    Scene("case-duties", "What a case obliges to", first("/demo/cases", CASE, "/duties/due")),
    Scene("worklist", "Cases to look at", at("/demo/cases/worklist")),
    Scene("uncased", "Visits without a case", at("/demo/appointments/uncased")),
    Scene("case-report", "The report", at("/demo/cases/report"), whole=True),
    Scene("reminders", "Reminders that were sent", at("/demo/cases/reminders")),
    Scene("recalls", "Recalls", at("/demo/recalls")),
    Scene("recall-new", "A new recall", found("rossi+ada", "/recalls"), whole=True),
    Scene("help", "Help", at("/demo/help")),
    Scene("help-cases", "A guide", at("/demo/help/cases")),
    Scene("contacts", "Contacts", at("/demo/contacts")),
    Scene("contact", "A contact", first("/demo/contacts", "main tbody a")),
    Scene("settings", "Settings", at("/demo/settings"), ADMIN),
    Scene(
        "settings-practice", "The practice's defaults", at("/demo/settings/practice"), ADMIN, True
    ),
    Scene("settings-businesses", "Businesses", at("/demo/settings/businesses"), ADMIN),
    Scene(
        "settings-business",
        "A business and its hours",
        first("/demo/settings/businesses", "main tbody a"),
        ADMIN,
        True,
    ),
    Scene("settings-practitioners", "Practitioners", at("/demo/settings/practitioners"), ADMIN),
    Scene(
        "settings-practitioner",
        "A practitioner",
        first("/demo/settings/practitioners", "main tbody a"),
        ADMIN,
        True,
    ),
    Scene("availability", "When practitioners are there", at("/demo/settings/availability"), ADMIN),
    Scene(
        "practitioner-availability",
        "A practitioner's hours",
        first("/demo/settings/availability", "main tbody a[href$='/availability'] >> nth=-1"),
        ADMIN,
        True,
    ),
    Scene("free-times", "Free times while booking", free_times_while_booking),
    Scene("settings-types", "Appointment types", at("/demo/settings/appointment-types"), ADMIN),
    Scene(
        "settings-type",
        "An appointment type",
        first("/demo/settings/appointment-types", "main tbody a"),
        ADMIN,
    ),
    Scene("settings-cases", "Settings of cases", at("/demo/settings/cases"), ADMIN, True),
    Scene("settings-reminders", "Reminders", at("/demo/settings/reminders"), ADMIN, True),
    Scene("settings-programmes", "Programmes", at("/demo/settings/programmes"), ADMIN),
    Scene(
        "settings-programme",
        "A programme",
        first("/demo/settings/programmes", "main h2 a"),
        ADMIN,
        True,
    ),
    Scene("settings-apps", "Connected patient apps", at("/demo/settings/apps"), ADMIN),
    Scene("settings-app", "An app of the approved list", started_app, ADMIN),
    Scene(
        "settings-app-launches",
        "When an app was opened",
        first("/demo/settings/apps", "main a[href$='/launches']"),
        ADMIN,
    ),
    Scene("settings-webhook", "A new webhook", at("/demo/settings/webhooks/new"), ADMIN, True),
    Scene("settings-users", "Users and invitations", at("/demo/settings/users"), ADMIN),
    Scene("settings-roles", "Who may do what", at("/demo/settings/roles"), ADMIN),
    Scene("my-info", "My info, with API keys", at("/demo/my-info")),
    Scene("account", "Your account", at("/account/"), ADMIN),
    Scene("calendar-empty", "The first day of a practice", calendar("/empty/"), EMPTY),
    Scene("settings-empty", "The first steps of a practice", at("/empty/settings"), EMPTY),
    Scene("operator-apps", "Apps, for operators", at("/operator/apps"), OPERATOR),
    Scene(
        "operator-app",
        "An app that is proposed",
        first("/operator/apps?q=rays", "main tbody th a"),
        OPERATOR,
        True,
    ),
    Scene("integrators", "For makers of apps", at("/integrators"), ""),
    Scene("integrators-sent", "What a launch sends", at(TRIED), "", True),
    Scene("integrators-propose", "An app is proposed", at("/integrators/propose"), ""),
    Scene("not-found", "What is not there", at("/demo/patients/1")),
]
