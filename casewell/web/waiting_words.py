"""What somebody on the waiting list wants, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewell.accounts.practice import WEEKDAYS
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from casewell.waiting.models import WaitingEntry

LEFT = "somebody who has left"


@dataclass(frozen=True)
class Line:
    """An entry of the list, with when the patient can come and whom they want."""

    entry: WaitingEntry
    when: str
    whom: str


def lines_of(
    entries: Iterable[WaitingEntry], staff: Mapping[int, str], places: Mapping[int, str]
) -> Iterator[Line]:
    """Entries of `with_wishes()` as lines; names by id."""
    for entry in entries:
        who = [staff.get(key, LEFT) for key in entry.practitioner_ids]
        where = [places[key] for key in entry.business_ids if key in places]
        whom = ", ".join(who) or "anybody"
        at = f" · {', '.join(where)}" if where and len(places) > 1 else ""
        yield Line(entry, when_in_words(entry), whom + at)


def when_in_words(entry: WaitingEntry) -> str:
    """On which days and at which times the patient can come."""
    words = formats()
    since, over = (words.clock(t) if t else "" for t in (entry.from_time, entry.until_time))
    first, last = (words.day(d) if d else "" for d in (entry.from_date, entry.until_date))
    clocks = _span(since, over, "not before", "over by")
    days = _span(first, last, "from", "until")
    return " · ".join(filter(None, [days_in_words(entry.weekdays), clocks, days])) or "any time"


def days_in_words(weekdays: Iterable[int]) -> str:
    """Days of the week by their numbers; nothing for none or all of them.

    >>> days_in_words([0, 2]), days_in_words([0, 1, 2, 3, 4]), days_in_words([])
    ('Mon, Wed', 'Mon – Fri', '')
    """
    chosen = sorted(set(weekdays))
    names = [WEEKDAYS[number][:3].capitalize() for number in chosen]
    if len(chosen) == len(WEEKDAYS):
        return ""
    in_a_row = len(chosen) > 2 and chosen[-1] - chosen[0] == len(chosen) - 1
    return f"{names[0]} – {names[-1]}" if in_a_row else ", ".join(names)


def _span(first: str, last: str, since: str, until: str) -> str:
    """
    >>> _span("6 Mar", "6 Mar", "from", "until"), _span("6 Mar", "9 Mar", "from", "until")
    ('6 Mar', '6 Mar – 9 Mar')
    """
    if first and first == last:
        return first
    if first and last:
        return f"{first} – {last}"
    return f"{since} {first}" if first else f"{until} {last}" if last else ""
