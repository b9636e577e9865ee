"""The named fields of reminders, what they say of a visit, and how a text is filled in.

A fixed list, as that of letters; a patient's case is told by its number of visits alone, for its
name is the practice's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from casewell.letters.facts import town_of
from casewell.letters.merge import Field
from casewell.letters.text import cleaned
from casewell.lib import placeholders
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from casewell.accounts.models import Account, Business
    from casewell.reminders.models import ReminderTerms

CONFIRM, STOP = "confirm link", "stop link"
GROUPS: dict[str, tuple[str, ...]] = {
    "Visit": (
        "date",
        "time",
        "appointment type",
        "practitioner name",
        "practice name",
        "business name",
        "business address",
        "business contact",
    ),
    "Patient": ("patient name", "patient first name"),
    "Case": ("visit number", "sessions", "visit of case", "last visit"),
    "Links": (CONFIRM, STOP),
}
FIELDS = tuple(Field(name, group) for group, names in GROUPS.items() for name in names)
KNOWN = frozenset(field.key for field in FIELDS)
EMPTY_LINES = re.compile(r"\n{3,}")
IN_THE_LOG = "(link)"


@dataclass(frozen=True)
class Links:
    """Where the patient confirms, and where they ask for no more reminders."""

    confirm: str
    stop: str


LOGGED = Links(IN_THE_LOG, IN_THE_LOG)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in; a line that has fields, all of them empty, is left out.

    >>> print(filled("Dear {patient first name},\\n{last visit}\\nBye", {
    ...     "patient first name": "Ada {date}", "last visit": ""}))
    Dear Ada {date},
    Bye
    """
    lines = (line for line in cleaned(text).split("\n") if _says_something(line, values))
    said = "\n".join(placeholders.filled(line, values) for line in lines)
    return EMPTY_LINES.sub("\n\n", said).strip()


def filled_line(text: str, values: Mapping[str, str]) -> str:
    """The same on one line, for a subject."""
    return " ".join(placeholders.filled(cleaned(text), values).split())


def unknown_fields(*texts: str) -> list[str]:
    """What stands in braces and is no field, once each, in order, for the texts' author.

    >>> unknown_fields("{date} {dat}", "{dat} {Time}")
    ['dat']
    """
    found = (name for text in texts for name in placeholders.unknown_fields(text, KNOWN))
    return list(dict.fromkeys(found))


def _says_something(line: str, values: Mapping[str, str]) -> bool:
    names = [name.strip().lower() for name in placeholders.FIELD.findall(line)]
    known = [name for name in names if name in values]
    return not known or any(values[name] for name in known)


def values_of(visit: Any, terms: ReminderTerms, links: Links) -> dict[str, str]:
    """What each field says of a visit that knows its place in its case, by `Field.key`."""
    booking, patient = visit.booking, visit.patient
    position, limit = visit.position, visit.session_limit
    start = booking.local_start
    said = {
        "date": formats().weekday(start),
        "time": formats().clock(start),
        "appointment type": booking.appointment_type,
        "practitioner name": booking.practitioner,
        "practice name": visit.account.name,
        "patient name": patient.full_name,
        "patient first name": patient.called,
        CONFIRM: links.confirm,
        STOP: links.stop,
    }
    said |= _of_place(booking.business) | _of_case(position, limit, terms.last_visit_text)
    return _as_text(said)


def sample_of(account: Account, business: Business | None, terms: ReminderTerms) -> dict[str, str]:
    """A value for every field of a patient who was made up, on the last visit of a case."""
    said = {
        "date": "Tue 3 Mar 2026",
        "time": "9:30 am",
        "appointment type": "Standard appointment",
        "practitioner name": "Amy Shaw",
        "practice name": account.name,
        "business name": account.name,
        "patient name": "Ada Rossi",
        "patient first name": "Ada",
        CONFIRM: "https://…/visits/1",
        STOP: "https://…/visits/1/reminders",
    }
    place = _of_place(business) if business else {}
    return _as_text(said | place | _of_case(5, 5, terms.last_visit_text))


def _of_place(business: Business) -> dict[str, Any]:
    lines = (business.address_1, business.address_2, town_of(business))
    return {
        "business name": business.display_name or business.business_name,
        "business address": ", ".join(filter(None, lines)),
        "business contact": business.contact_information,
    }


def _of_case(position: int | None, limit: int | None, at_the_last: str) -> dict[str, Any]:
    """Nothing for a visit that counts in no case."""
    if position is None:
        return {}
    of = f" of {limit}" if limit else ""
    return {
        "visit number": position,
        "sessions": limit or "",
        "visit of case": f"Visit {position}{of}",
        "last visit": at_the_last if limit and position >= limit else "",
    }


def _as_text(said: Mapping[str, Any]) -> dict[str, str]:
    texts = {name: cleaned(str(value or "")).strip() for name, value in said.items()}
    return dict.fromkeys(KNOWN, "") | texts
