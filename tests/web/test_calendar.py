"""The calendar: what it is asked to show, what its feed answers, and in how few statements."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from casewell.appointments.models import Booking
from casewell.web.views import calendar_tiles
from tests.web.test_pages import fill, statements_of
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Business, Practitioner

TUESDAY = NOON.date()
WEB = Path(calendar_tiles.__file__).parents[1]
FEED_STATEMENTS = 8


def feed(desk: Client, day: date = TUESDAY, **asked: Any) -> Any:
    answer = desk.get(reverse("calendar-bookings", args=["northside", day]), asked)
    assert answer.status_code == 200
    return answer.json()


def shown(desk: Client, **asked: Any) -> list[str]:
    return [column["title"] for column in feed(desk, **asked)["resources"]]


def colleague(northside: Practice, first_name: str, **fields: Any) -> Practitioner:
    """Another practitioner of the same business."""
    made: Practitioner = northside.account.practitioners.create(
        first_name=first_name, last_name="Reid", **fields
    )
    northside.account.practitioner_businesses.create(practitioner=made, business=northside.business)
    return made


def business(northside: Practice, name: str, zone: str) -> Business:
    made: Business = northside.account.businesses.create(business_name=name, time_zone=zone)
    return made


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


def test_the_day_shows_everybody_or_those_asked_for(northside: Practice, desk: Client) -> None:
    tom = colleague(northside, "Tom")
    colleague(northside, "Zoe", active=False)

    assert shown(desk, view="day") == ["Tom Reid", "Amy Shaw"]
    assert shown(desk, view="day", practitioner=tom.pk) == ["Tom Reid"]
    assert shown(desk, view="day", practitioner="nobody") == ["Tom Reid", "Amy Shaw"]


def test_whoever_has_left_keeps_a_column_on_the_days_they_have_bookings(
    northside: Practice, desk: Client
) -> None:
    tom = colleague(northside, "Tom")
    northside.booking(practitioner=tom).book(northside.ada, None, by=northside.by)
    tom.active = False
    tom.save()

    assert shown(desk) == ["Amy Shaw", "Tom Reid"]
    assert [column["title"] for column in feed(desk, date(2026, 3, 4))["resources"]] == ["Amy Shaw"]


def test_a_week_is_ones_own_unless_others_are_asked_for(northside: Practice, desk: Client) -> None:
    tom = colleague(northside, "Tom")

    assert shown(desk, view="week") == ["Tom Reid"]
    assert shown(desk, view="week", practitioner=[northside.amy.pk, tom.pk]) == [
        "Tom Reid",
        "Amy Shaw",
    ]
    northside.amy.user = northside.member.user
    northside.amy.save()
    assert shown(desk, view="week") == ["Amy Shaw"]


def test_a_week_begins_on_the_practices_own_day(northside: Practice, desk: Client) -> None:
    for first, begins in ((0, "2026-03-02"), (6, "2026-03-01")):
        northside.account.week_start = first
        northside.account.save()
        days = [day["date"] for day in feed(desk, view="week")["days"]]
        assert (days[0], len(days)) == (begins, 7)


def test_only_businesses_by_the_same_clocks_are_seen_together(
    northside: Practice, desk: Client
) -> None:
    near = business(northside, "Beach Road", "Australia/Sydney")
    far = business(northside, "Perth City", "Australia/Perth")
    northside.account.practitioner_businesses.create(practitioner=northside.amy, business=far)
    northside.booking(business=far).book(northside.ada, None, by=northside.by)
    northside.booking(business=near).book(northside.patient(), None, by=northside.by)

    together = feed(desk, view="day", business=[northside.business.pk, near.pk, far.pk])
    assert [(tile["start"], tile["place"]) for tile in together["bookings"]] == [
        ("2026-03-03T12:00", "Beach Road")
    ]
    alone = feed(desk, view="day", business=far.pk)
    assert [tile["start"] for tile in alone["bookings"]] == ["2026-03-03T09:00"]
    assert (together["zone"], alone["zone"]) == ("Sydney time", "Perth time")


def test_what_was_shown_last_is_shown_again(northside: Practice, desk: Client) -> None:
    tom = colleague(northside, "Tom")
    near = business(northside, "Beach Road", "Australia/Sydney")
    northside.account.practitioner_businesses.create(practitioner=tom, business=near)
    address = reverse("calendar-day", args=["northside", TUESDAY])
    desk.get(address, {"view": "week", "business": near.pk, "practitioner": tom.pk})
    desk.get(address, {"view": "day", "business": near.pk})

    choice = desk.get(reverse("calendar", args=["northside"])).context["choice"]
    assert (choice.view, choice.businesses, choice.shown) == ("day", [near], [])
    week = desk.get(choice.url("calendar-day", view="week")).context["choice"]
    assert (week.view, week.shown) == ("week", [tom.pk])


def test_a_business_or_a_date_that_is_not_there_is_not_found(
    northside: Practice, desk: Client, elsewhere: Practice
) -> None:
    for name in ("calendar-day", "calendar-bookings"):
        address = reverse(name, args=["northside", TUESDAY])
        for missing in (elsewhere.business.pk, 1, "x"):
            assert desk.get(address, {"business": missing}).status_code == 404
        assert desk.get(address.replace("03-03", "02-30")).status_code == 404


def test_the_title_and_the_picker_are_in_the_practices_own_format(
    northside: Practice, desk: Client
) -> None:
    northside.account.date_format = "d/m/Y"
    northside.account.save()

    page = desk.get(reverse("calendar-day", args=["northside", TUESDAY])).content.decode()

    assert ">Tue 03/03/2026</time>" in page
    assert 'data-date-format="d/m/Y" data-week-start="0"' in page


def test_a_poll_without_news_is_answered_by_its_validator(
    northside: Practice, desk: Client
) -> None:
    address = reverse("calendar-bookings", args=["northside", TUESDAY])
    first = desk.get(address)

    again = desk.get(address, headers={"If-None-Match": first.headers["ETag"]})
    northside.attend()
    changed = desk.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, len(changed.json()["bookings"])) == (200, 1)


@pytest.mark.parametrize("view", ["day", "week"])
def test_the_feed_takes_the_same_statements_for_a_day_a_week_and_any_number_of_bookings(
    northside: Practice, desk: Client, view: str
) -> None:
    fill(northside, 1)
    address = reverse("calendar-bookings", args=["northside", TUESDAY]) + f"?view={view}"
    desk.get(address)
    assert statements_of(desk, address) == FEED_STATEMENTS
    fill(northside, 3)
    assert statements_of(desk, address) == FEED_STATEMENTS


def test_the_legend_explains_every_mark_that_a_tile_may_bear_and_no_other() -> None:
    legend = (WEB / "templates/calendar/_legend.html").read_text()
    words = (WEB / "static/js/day-words.js").read_text().split("WORDS = {")[1].split("}")[0]
    source = Path(calendar_tiles.__file__).read_text().split("def _marks(")[1]

    explained = re.findall(r'data-mark="(\w+)">{% icon "[\w-]+" %}<span>\w', legend)
    assert sorted(explained) == sorted(re.findall(r'"(\w+)": ', source))
    assert sorted(explained) == sorted(re.findall(r"^ +(\w+): \"", words, re.MULTILINE))
