"""The keyboard shortcuts of every page: one list, which the overlay shows and `keys.js` obeys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from casewell.accounts.roles import Permission as May

if TYPE_CHECKING:
    from casewell.accounts.models import Membership


@dataclass(frozen=True)
class Shortcut:
    """`keys` are pressed one after the other; then a page is opened, or an element acted on.

    `route` is a page's name, `press` and `focus` are ids of elements; with none of them the
    shortcut is told here and obeyed elsewhere.
    """

    keys: str
    words: str
    may: May
    route: str = ""
    press: str = ""
    focus: str = ""
    url: str = ""

    @property
    def caps(self) -> list[str]:
        """The keys as they are printed on a keyboard."""
        return [key.upper() if len(key) == 1 else key for key in self.keys.split()]


ANYWHERE = (
    Shortcut("/", "Search patients, cases and contacts", May.SEE_PATIENTS, focus="patient-search"),
    Shortcut("b", "Book an appointment", May.BOOK, press="book"),
    Shortcut("g c", "Calendar", May.SEE_CALENDAR, route="calendar"),
    Shortcut("g t", "Today", May.SEE_CALENDAR, route="today"),
    Shortcut("g a", "Appointments", May.SEE_CALENDAR, route="appointments"),
    Shortcut("g w", "Waiting list", May.BOOK, route="waiting"),
    Shortcut("g p", "Patients", May.SEE_PATIENTS, route="patients"),
    Shortcut("g s", "Cases", May.SEE_PATIENTS, route="cases"),
    Shortcut("Esc", "Close the panel, a menu or this list", May.SEE_CALENDAR),
    Shortcut("?", "This list", May.SEE_CALENDAR),
)


def shortcuts_of(member: Membership) -> list[Shortcut]:
    """Those that lead a member somewhere."""
    found = []
    for one in ANYWHERE:
        if not member.may(one.may):
            continue
        try:
            url = reverse(one.route, args=[member.account.slug]) if one.route else ""
        except NoReverseMatch:
            continue
        found.append(replace(one, url=url))
    return found
