"""Addresses of the waiting list, and of who on it fits into free time."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import fits, waiting

WAITING = [
    page("waiting", waiting.entries, may=May.BOOK, name="waiting"),
    page("waiting/new", waiting.new, may=May.BOOK, name="waiting-new"),
    page("waiting/freed", fits.freed, may=May.BOOK, name="waiting-freed"),
    page("waiting/fits", fits.at_a_place, may=May.BOOK, name="waiting-fits"),
    page("waiting/<int:pk>", waiting.entry, may=May.BOOK, name="waiting-entry"),
    page("waiting/<int:pk>/removal", waiting.remove, may=May.BOOK, name="waiting-removal"),
    page("waiting/<int:pk>/return", waiting.take_back, may=May.BOOK, name="waiting-return"),
    page("waiting/<int:pk>/place", fits.give, may=May.BOOK, name="waiting-place"),
    page("bookings/<int:pk>/fits", fits.left_by_booking, may=May.BOOK, name="booking-fits"),
]
