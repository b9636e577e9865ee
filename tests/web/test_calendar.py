"""The calendar: whom it is asked to show, what is shown again, and its feed in few statements."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casewell.accounts.models import User
from casewell.accounts.roles import Role
from casewell.web.views import calendar_feed
from tests.web.calendar_feed import TUESDAY, feed
from tests.web.test_pages import fill, statements_of
from tests.world import PASSWORD, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Business, Practitioner
    from tests.world import Practice

FEED_STATEMENTS = 8


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


def test_many_who_ask_for_the_same_at_one_moment_are_told_what_was_read_once(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    northside.attend(northside.case(max_sessions=10))
    address = reverse("calendar-bookings", args=["northside", TUESDAY])
    user = User.objects.create_user(
        email="two@northside.example", password=PASSWORD, first_name="T", last_name="W"
    )
    colleagues = signed_in(northside.account.admit(user, role=Role.RECEPTIONIST))

    with CaptureQueriesContext(connection) as captured:
        told = desk.get(address).json()
        first = len(captured)
        again = colleagues.get(address).json()
        second = len(captured) - first
    northside.attend()
    news = colleagues.get(address).json()

    assert again == told
    assert second <= first - 3
    assert (len(told["bookings"]), len(news["bookings"])) == (1, 2)
    assert feed(desk, view="week")["days"] != told["days"]
    theirs = signed_in(elsewhere.member).get(address.replace("northside", "elsewhere"))
    assert theirs.json()["bookings"] == []


def test_who_asks_while_an_answer_is_being_written_waits_for_it_and_reads_nothing(
    northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    choice: Any = SimpleNamespace(account=northside.account, key=("day", TUESDAY))

    def slow(request: Any, _choice: Any) -> dict[str, Any]:
        asked.append(request)
        time.sleep(0.2)
        return {"written": len(asked)}

    monkeypatch.setattr(calendar_feed, "_feed", slow)
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda n: calendar_feed.told_once(n, choice, "tag"), range(8)))

    assert answers == [b'{"written": 1}'] * 8


def test_the_feed_answers_304_until_something_changes(northside: Practice, desk: Client) -> None:
    visit = northside.attend(northside.case(max_sessions=10))
    url = f"/northside/calendar/2026-03-03/bookings?business={northside.business.pk}"
    first = desk.get(url)
    tag = first.headers["ETag"]

    assert first.json()["bookings"][0]["case"] == "1/10"
    assert desk.get(url, headers={"If-None-Match": tag}).status_code == 304
    visit.mark(arrived=True, by=northside.by)
    assert desk.get(url, headers={"If-None-Match": tag}).json()["bookings"][0]["marks"] == [
        "arrived",
        "first_visit",
    ]
