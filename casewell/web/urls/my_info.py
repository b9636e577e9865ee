"""Addresses of a member's page about themselves; every role has them."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page, public
from casewell.web.views import api_keys, calendar_address

MY_INFO = [
    page("my-info", api_keys.my_info, may=May.SEE_CALENDAR, name="my-info"),
    page("my-info/calendar", calendar_address.own, may=May.SEE_CALENDAR, name="own-calendar"),
    page(
        "my-info/api-keys/<int:pk>/revocation",
        api_keys.own_revocation,
        may=May.SEE_CALENDAR,
        name="own-api-key-revoke",
    ),
]
CALENDAR_FEEDS = [
    public("calendars/<int:account>/<str:token>.ics", calendar_address.feed, name="calendar-feed")
]
