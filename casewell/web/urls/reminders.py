"""Addresses of reminders: what patients open by their links, and what the practice sees."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page, public
from casewell.web.views import reminders, visit_links
from casewell.web.views.settings import reminders as settings

VISIT_LINKS = [
    public("visits/<str:token>", visit_links.visit, name="visit-link"),
    public("visits/<str:token>/reminders", visit_links.reminders, name="visit-reminders"),
]
REMINDERS = [
    page(
        "settings/reminders",
        settings.reminders,
        may=May.EDIT_SETTINGS,
        name="settings-reminders",
    ),
    page("bookings/<int:pk>/reminder", reminders.send, may=May.BOOK, name="booking-reminder"),
]
