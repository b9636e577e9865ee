"""Addresses of Today, the desk's own list."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import today

TODAY = [
    page("today", today.today, may=May.SEE_CALENDAR, name="today"),
    page("today/<day:on>", today.day, may=May.SEE_CALENDAR, name="today-day"),
    page(
        "today/arrivals",
        today.arrivals,
        may=May.SEE_CALENDAR,
        name="today-arrivals",
        background=True,
    ),
    page(
        "today/<day:on>/arrivals",
        today.arrivals,
        may=May.SEE_CALENDAR,
        name="today-day-arrivals",
        background=True,
    ),
]
