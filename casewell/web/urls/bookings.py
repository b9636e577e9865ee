"""Addresses of bookings and unavailable blocks."""

from __future__ import annotations

from casewell.accounts.roles import Permission as May
from casewell.web.routes import page
from casewell.web.views import (
    blocks,
    booking_case,
    bookings,
    class_joining,
    classes,
    free_times,
    history,
    link_several,
    moves,
    new_booking,
)

BOOKINGS = [
    page("bookings/new", new_booking.new, may=May.BOOK, name="booking-new"),
    page("bookings/free-times", free_times.free, may=May.BOOK, name="free-times", background=True),
    page("blocks/new", blocks.new, may=May.BOOK, name="block-new"),
    page("classes/new", classes.new, may=May.BOOK, name="class-new"),
    page("bookings/<int:pk>/joining", class_joining.joining, may=May.BOOK, name="class-joining"),
    page("bookings/<int:pk>/places", classes.places, may=May.BOOK, name="class-places"),
    page("bookings/<int:pk>/waiting", classes.waiting, may=May.BOOK, name="class-waiting"),
    page("bookings/<int:pk>", bookings.booking, may=May.SEE_CALENDAR, name="booking"),
    page("bookings/clashes", moves.clashes, may=May.BOOK, name="booking-clashes", background=True),
    page("bookings/<int:pk>/place", moves.place, may=May.BOOK, name="booking-place"),
    page(
        "bookings/<int:pk>/history",
        history.booking,
        may=May.SEE_CALENDAR,
        name="booking-history",
    ),
    page("bookings/<int:pk>/time", bookings.move, may=May.BOOK, name="booking-time"),
    page("bookings/<int:pk>/linking", link_several.several, may=May.BOOK, name="booking-linking"),
    page("bookings/<int:pk>/case", booking_case.set_case, may=May.BOOK, name="booking-case"),
    page("bookings/<int:pk>/cancellation", bookings.cancel, may=May.BOOK, name="booking-cancel"),
    page(
        "bookings/<int:pk>/reinstatement",
        booking_case.reinstate,
        may=May.BOOK,
        name="booking-reinstate",
    ),
    page(
        "bookings/<int:pk>/attendance", booking_case.mark, may=May.BOOK, name="booking-attendance"
    ),
    page(
        "bookings/<int:pk>/confirmation",
        bookings.confirm,
        may=May.BOOK,
        name="booking-confirmation",
    ),
    page("bookings/<int:pk>/type", bookings.change_type, may=May.BOOK, name="booking-type"),
    page("bookings/<int:pk>/note", bookings.set_note, may=May.BOOK, name="booking-note"),
    page(
        "bookings/<int:pk>/archive",
        bookings.archive,
        may=May.DELETE_BOOKINGS,
        name="booking-archive",
    ),
    page(
        "bookings/<int:pk>/restore",
        booking_case.restore,
        may=May.DELETE_BOOKINGS,
        name="booking-restore",
    ),
]
