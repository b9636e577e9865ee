"""Addresses for a practitioner who is off, and of the call lists."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import away

AWAY = [
    page("bookings/away", away.away, may=May.BOOK, name="away"),
    page("call-lists", away.call_lists, may=May.BOOK, name="call-lists"),
    page("call-lists/<int:pk>", away.call_list, may=May.BOOK, name="call-list"),
    page("call-lists/<int:pk>/undo", away.undo, may=May.BOOK, name="call-list-undo"),
    page("call-list-entries/<int:pk>", away.call, may=May.BOOK, name="call-list-entry"),
]
