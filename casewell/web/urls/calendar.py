"""Addresses of the calendar."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import calendar, calendar_feed

CALENDAR = [
    page("", calendar.today, may=May.SEE_CALENDAR, name="calendar"),
    page("calendar/<day:on>", calendar.day, may=May.SEE_CALENDAR, name="calendar-day"),
    page(
        "calendar/<day:on>/bookings",
        calendar_feed.bookings,
        may=May.SEE_CALENDAR,
        name="calendar-bookings",
        background=True,
    ),
]
