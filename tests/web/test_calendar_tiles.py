"""The calendar's tiles: on which days, what each says, and what its marks mean."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import Booking
from casewell.web.views import calendar_tiles, whole_tiles
from tests.web.calendar_feed import TUESDAY, feed
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client


WEB = Path(calendar_tiles.__file__).parents[1]


def test_a_tile_says_who_when_what_and_each_thing_that_is_marked(
    northside: Practice, desk: Client
) -> None:
    northside.standard.telehealth_enabled = True
    northside.standard.save()
    knee = northside.case(max_sessions=1, expiry_date=TUESDAY + timedelta(days=30))
    visit = northside.attend(knee, confirmed_at=NOON, notes="brings the scans")

    assert feed(desk)["bookings"] == [
        {
            "id": str(visit.booking_id),
            "resourceId": str(northside.amy.pk),
            "place": "Hill Street",
            "business": str(northside.business.pk),
            "version": visit.booking.updated_at.isoformat(),
            "start": "2026-03-03T12:00",
            "end": "2026-03-03T12:45",
            "kind": "individual",
            "patient": "Ada Rossi",
            "title": "Standard",
            "colour": northside.standard.color,
            "case": "1/1",
            "marks": ["confirmed", "first_visit", "telehealth", "full", "expiring", "note"],
        }
    ]


@pytest.mark.parametrize(
    ("state", "marks"),
    [
        ({"arrived": True, "confirmed_at": NOON}, ["arrived", "no_case"]),
        ({"did_not_arrive": True}, ["did_not_arrive", "no_case"]),
    ],
)
def test_whoever_came_or_did_not_is_marked_so_and_a_confirmation_is_past(
    northside: Practice, desk: Client, state: dict[str, Any], marks: list[str]
) -> None:
    northside.attend(at=NOON - timedelta(days=7))
    northside.attend(**state)

    assert feed(desk)["bookings"][0]["marks"] == marks


def test_a_case_that_has_expired_by_the_visit_is_marked_so(
    northside: Practice, desk: Client
) -> None:
    northside.attend(northside.case(expiry_date=TUESDAY - timedelta(days=1)))

    assert feed(desk)["bookings"][0]["marks"] == ["first_visit", "expired"]


def test_a_block_is_a_tile_without_a_patient(northside: Practice, desk: Client) -> None:
    block = northside.booking(kind=Booking.Kind.BLOCK, appointment_type=None, notes="Lunch")
    block.save(force_insert=True)

    tile = feed(desk)["bookings"][0]
    assert (tile["kind"], tile["patient"], tile["title"], tile["marks"]) == (
        "block",
        "",
        "Lunch",
        [],
    )


def test_what_is_cancelled_or_archived_leaves_the_calendar(
    northside: Practice, desk: Client
) -> None:
    northside.attend(cancelled_at=NOON)
    northside.attend(patient=northside.patient(), archived_at=NOON)
    kept = northside.attend(patient=northside.patient("Eve"))

    assert [tile["id"] for tile in feed(desk)["bookings"]] == [str(kept.booking_id)]


def test_a_booking_past_midnight_shows_on_both_of_its_days(
    northside: Practice, desk: Client
) -> None:
    late = NOON + timedelta(hours=11, minutes=30)
    northside.booking(late, ends_at=late + timedelta(hours=1)).book(
        northside.ada, None, by=northside.by
    )

    wednesday = TUESDAY + timedelta(days=1)
    times = [("2026-03-03T23:30", "2026-03-04T00:30")]
    for day in (TUESDAY, wednesday):
        assert [(t["start"], t["end"]) for t in feed(desk, day)["bookings"]] == times
    assert feed(desk, wednesday + timedelta(days=1))["bookings"] == []


def test_the_legend_explains_every_mark_that_a_tile_may_bear_and_no_other() -> None:
    legend = (WEB / "templates/calendar/_legend.html").read_text()
    words = (WEB / "static/js/day-words.js").read_text().split("WORDS = {")[1].split("}")[0]
    files = (calendar_tiles.__file__, whole_tiles.__file__ or "")
    parts = [Path(file).read_text() for file in files]
    marks = {
        mark for part in parts for mark in re.findall(r'"(\w+)": ', part.split("def _marks(")[1])
    }

    explained = re.findall(r'data-mark="(\w+)">{% icon "[\w-]+" %}<span>\w', legend)
    assert sorted(explained) == sorted(marks)
    assert sorted(explained) == sorted(re.findall(r"^ +(\w+): \"", words, re.MULTILINE))
