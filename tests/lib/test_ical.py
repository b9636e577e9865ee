"""Calendars that are written are read by another library, whatever stands in them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import vobject

from casewell.lib.ical import Entry, plain, written

if TYPE_CHECKING:
    from tests.soak import Trials

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
HOSTILE = [
    "",
    "Knee; left, or “right”\\n?",
    "END:VEVENT\r\nBEGIN:VALARM\nTRIGGER:-PT1M",
    "BEGIN:VEVENT\rUID:mine",
    'X";VALUE=URI:https://evil.example',
    "\x00\x07\x1b[31mred\x7f\x85line\u2028line\u2029line\x0btab\ttab",
    "漢字" * 60,
    "👩🏽‍⚕️" * 40,
    " " * 200,
    "مرحبا بالعالم " * 20,
    "\\;\\,\\\\n" * 30,
]


def entry(**fields: Any) -> Entry:
    given: dict[str, Any] = {
        "uid": "1@casewell",
        "starts_at": NINE,
        "ends_at": NINE + timedelta(hours=1),
        "summary": "Standard",
        "created_at": NINE,
        "revised_at": NINE,
        "revision": 0,
    }
    return Entry(**given | fields)


def read(text: bytes) -> list[Any]:
    """The events of the calendar, by a library that had no part in writing it."""
    calendar = vobject.readOne(text.decode())
    assert {part.name for part in calendar.components()} == {"VEVENT"}
    return list(calendar.vevent_list)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_come_back_as_they_were_and_add_nothing(text: str) -> None:
    one = entry(summary=text, location=text, description=text)

    event, other = read(written(text, [one, entry(uid="2@casewell")], refresh=QUARTER))

    assert other.uid.value == "2@casewell"
    wanted = plain(text)
    assert event.summary.value == wanted
    for name in ("location", "description"):
        assert getattr(event, name).value == wanted if wanted else not hasattr(event, name)
    assert {part.name for part in event.getChildren()} <= {
        *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND"),
        *("SUMMARY", "STATUS", "CLASS", "LOCATION", "DESCRIPTION", "URL"),
    }
    assert event.uid.value == "1@casewell"


def test_texts_at_random_come_back_as_they_were(trials: Trials) -> None:
    rng = random.Random(trials.seed)  # noqa: S311 - no secret
    signs = [*'\r\n\t\\;,:"=abc', "\x00", "\x1f", "\u2028", "ü", "漢", "😀", " "]
    for _ in range(trials(short=100, full=5_000)):
        text = "".join(rng.choice(signs) for _ in range(rng.randrange(200)))

        [event] = read(written("A", [entry(summary=text)], refresh=QUARTER))

        assert event.summary.value == plain(text)


def test_lines_are_folded_at_75_octets_between_whole_signs() -> None:
    text = written("漢字" * 60, [entry(summary="👩🏽‍⚕️ü" * 60)], refresh=QUARTER)

    lines = text.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # raises where a sign was cut in two


def test_an_event_says_when_in_utc_and_when_it_was_changed_last() -> None:
    sydney = datetime.fromisoformat("2026-03-03T20:00:00+11:00")
    one = entry(starts_at=sydney, revision=4, revised_at=NINE + QUARTER, url="https://a.example/1")

    text = written("Amy", [one], refresh=QUARTER).decode()
    [event] = read(text.encode())

    assert "DTSTART:20260303T090000Z\r\n" in text
    assert (event.dtstart.value, event.dtend.value) == (NINE, NINE + timedelta(hours=1))
    assert event.dtstamp.value == event.last_modified.value == NINE + QUARTER
    assert (event.sequence.value, event.status.value) == ("4", "CONFIRMED")
    assert event.url.value == "https://a.example/1"
    assert "X-PUBLISHED-TTL:PT15M\r\n" in text


def test_the_same_entries_make_the_same_bytes() -> None:
    entries = [entry(uid=str(n)) for n in range(3)]
    first = written("Amy", entries, refresh=QUARTER)
    assert written("Amy", entries, refresh=QUARTER) == first
