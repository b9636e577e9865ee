"""Scenes that are looked at and not shown in the docs: too much of everything, or nothing."""

from __future__ import annotations

from tests.screens.money_scenes import CLAIM, INVOICE
from tests.screens.scene import CASE, CROWD, DAY, EMPTY, Scene, at, calendar, first

MANY_PAPERS, A_PATIENT = "/crowded/patients?q=wolfe", "main tbody a"

CROWDED = [
    Scene("crowded-day", "", calendar(f"/crowded/calendar/{DAY}?view=day"), CROWD),
    Scene("crowded-week", "", calendar(f"/crowded/calendar/{DAY}?view=week"), CROWD),
    Scene("crowded-today", "", at(f"/crowded/today/{DAY}"), CROWD),
    Scene("crowded-appointments", "", at("/crowded/appointments?when=week"), CROWD),
    Scene("crowded-search", "", at("/crowded/search?q=a"), CROWD),
    Scene("crowded-patients", "", at("/crowded/patients"), CROWD),
    Scene("crowded-patient", "", first("/crowded/patients?q=wolfe", "main tbody a"), CROWD, True),
    Scene("crowded-cases", "", at("/crowded/cases"), CROWD),
    Scene("crowded-case", "", first("/crowded/cases", CASE), CROWD, True),
    Scene("crowded-worklist", "", at("/crowded/cases/worklist"), CROWD),
    Scene("crowded-linking", "", first("/crowded/cases", CASE, "/appointments"), CROWD),
    Scene("crowded-report", "", at("/crowded/cases/report"), CROWD, True),
    Scene("crowded-invoices", "", at("/crowded/invoices"), CROWD, True),
    Scene("crowded-invoice", "", first("/crowded/invoices", INVOICE), CROWD, True),
    Scene("crowded-invoices-of", "", first(MANY_PAPERS, A_PATIENT, "/invoices"), CROWD, True),
    Scene("crowded-statement", "", first(MANY_PAPERS, A_PATIENT, "/statement"), CROWD, True),
    Scene("crowded-takings", "", at("/crowded/takings"), CROWD, True),
    Scene("crowded-claims", "", at("/crowded/claims"), CROWD, True),
    Scene("crowded-claim", "", first("/crowded/claims", CLAIM), CROWD, True),
    Scene("crowded-letters", "", first(MANY_PAPERS, A_PATIENT, "/letters"), CROWD, True),
    Scene("crowded-class-new", "", at("/crowded/classes/new"), CROWD, True),
    Scene("crowded-waiting-new", "", at("/crowded/waiting/new"), CROWD, True),
    Scene("crowded-availability", "", at("/crowded/settings/availability"), CROWD, True),
    Scene("empty-waiting", "", at("/empty/waiting"), EMPTY),
    Scene("empty-freed", "", at("/empty/waiting/freed"), EMPTY),
    Scene("empty-recalls", "", at("/empty/recalls"), EMPTY),
    Scene("empty-merges", "", at("/empty/settings/merges"), EMPTY),
    Scene("empty-availability", "", at("/empty/settings/availability"), EMPTY),
    Scene("empty-invoices", "", at("/empty/invoices"), EMPTY),
    Scene("empty-takings", "", at("/empty/takings"), EMPTY),
    Scene("empty-claims", "", at("/empty/claims"), EMPTY),
    Scene("empty-items", "", at("/empty/settings/items"), EMPTY),
    Scene("empty-letter-templates", "", at("/empty/settings/letter-templates"), EMPTY),
    Scene("empty-settings-invoices", "", at("/empty/settings/invoices"), EMPTY, True),
    Scene("empty-worklist", "", at("/empty/cases/worklist"), EMPTY),
    Scene("empty-uncased", "", at("/empty/appointments/uncased"), EMPTY),
    Scene("empty-report", "", at("/empty/cases/report"), EMPTY),
    Scene("empty-reminders", "", at("/empty/cases/reminders"), EMPTY),
    Scene("empty-programmes", "", at("/empty/settings/programmes"), EMPTY),
    Scene("empty-today", "", at("/empty/today"), EMPTY),
    Scene("empty-appointments", "", at("/empty/appointments"), EMPTY),
    Scene("empty-patients", "", at("/empty/patients"), EMPTY),
    Scene("empty-cases", "", at("/empty/cases"), EMPTY),
    Scene("empty-contacts", "", at("/empty/contacts"), EMPTY),
    Scene("empty-search", "", at("/empty/search?q=zz"), EMPTY),
    Scene("empty-apps", "", at("/empty/settings/apps"), EMPTY),
    Scene("empty-types", "", at("/empty/settings/appointment-types"), EMPTY),
]
