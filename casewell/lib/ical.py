"""Calendars as iCalendar (RFC 5545), for other programs to read."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, vText

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

PRODUCT = "-//Casewell//Calendar feed//EN"
LINE_ENDS = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")


@dataclass(frozen=True)
class Entry:
    """One event; `revised_at` is when anything of it was last changed, `revision` how often."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    created_at: datetime
    revised_at: datetime
    revision: int
    location: str = ""
    description: str = ""
    url: str = ""


def written(name: str, entries: Iterable[Entry], *, refresh: timedelta) -> bytes:
    """The calendar of that name; the same entries make the same bytes.

    Times are in UTC, which every program shows on its own clocks.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    # The library escapes the properties that it knows, and this is none of them.
    calendar["x-wr-calname"] = vText(plain(name))
    # Each for programs that do not know the other.
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{int(refresh.total_seconds()) // 60}M")
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    # Of a calendar that is published the stamp is that of the last revision (RFC 5545, 3.8.7.2).
    event.add("dtstamp", entry.revised_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.revised_at.astimezone(UTC))
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", plain(entry.summary))
    event.add("status", "CONFIRMED")
    event.add("class", "PRIVATE")
    for field in ("location", "description"):
        if text := plain(getattr(entry, field)):
            event.add(field, text)
    if entry.url:
        event.add("url", entry.url)
    return event


def plain(text: str) -> str:
    r"""The text with one kind of line end, and without signs that no calendar may have.

    >>> plain("a\r\nb\rc\x00d\u2028e\tf")
    'a\nb\ncd\ne\tf'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_ENDS)
    return "".join(
        sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
    )
