"""Addresses of the list of appointments."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import appointment_export, appointments

APPOINTMENTS = [
    page("appointments", appointments.appointments, may=May.SEE_CALENDAR, name="appointments"),
    page("appointments.csv", appointment_export.as_csv, may=May.EXPORT, name="appointments-csv"),
]
