"""The panel's free times: day by day, with one practitioner or anybody; and what Book proposes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.availability.weeks import set_week
from tests.web.pages import SLUG, text_of
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
MORNINGS = {"wednesday": [["09:00", "11:00"]]}


@pytest.fixture
def wednesdays(northside: Practice) -> Practice:
    """Amy is there on Wednesdays from 9 to 11."""
    set_week(northside.amy, northside.business, MORNINGS, by=northside.by)
    return northside


def address(practice: Practice, **asked: Any) -> str:
    keys = {
        "business": practice.business.pk,
        "practitioner": practice.amy.pk,
        "appointment_type": practice.standard.pk,
    } | asked
    return f"{SLUG}/bookings/free-times?" + "&".join(f"{n}={v}" for n, v in keys.items())


def offered(page: Any) -> list[tuple[str, str]]:
    found = re.findall(r'data-date="([^"]*)" data-time="([^"]*)"', page.content.decode())
    return [(day, clock) for day, clock in found]


def proposed(page: Any) -> tuple[str, ...]:
    found = re.findall(r'name="(?:date|time)" value="([^"]*)"', page.content.decode())
    return tuple(found)


def test_the_next_days_with_free_times_are_listed_and_the_others_left_out(
    wednesdays: Practice, desk: Client
) -> None:
    page = desk.get(address(wednesdays))

    days = [f"2026-{day}" for day in ("03-04", "03-11", "03-18", "03-25", "04-01")]
    assert offered(page) == [(day, clock) for day in days for clock in ("09:00", "09:45")]
    assert "Free for 45 minutes at Hill Street" in text_of(page)
    later = re.findall(r'href="([^"]*from=2026-04-08[^"]*)"', page.content.decode())
    assert offered(desk.get(later[0].replace("&amp;", "&")))[0] == ("2026-04-08", "09:00")


def test_a_free_time_leads_to_the_panel_with_all_that_was_chosen(
    wednesdays: Practice, desk: Client
) -> None:
    page = desk.get(address(wednesdays, patient=wednesdays.ada.pk, minutes=60))
    [link, *_] = re.findall(r'href="([^"]*)" data-free-time', page.content.decode())

    panel = desk.get(link.replace("&amp;", "&"))

    assert proposed(panel) == ("2026-03-04", "09:00")
    assert "9:00 – 10:00 am Amy Shaw · Hill Street" in text_of(panel)
    assert f'id="id_patient_value" value="{wednesdays.ada.pk}"' in panel.content.decode()
    assert "is not at" not in text_of(panel)


def test_the_times_are_those_of_the_businesss_clocks(northside: Practice, desk: Client) -> None:
    northside.business.time_zone = "Australia/Perth"  # three hours behind the practice
    northside.business.save()
    set_week(northside.amy, northside.business, MORNINGS, by=northside.by)

    page = desk.get(address(northside))

    assert offered(page)[:2] == [("2026-03-04", "09:00"), ("2026-03-04", "09:45")]
    assert "Wed 4 Mar 2026 9:00 am 9:45 am" in text_of(page)


def test_anybody_is_whoever_is_free(wednesdays: Practice, desk: Client, tom: Practitioner) -> None:
    set_week(tom, wednesdays.business, {"wednesday": [["10:00", "11:00"]]}, by=wednesdays.by)
    wednesdays.attend(at=NOON + timedelta(hours=21))  # Wednesday, 9:00

    page = desk.get(address(wednesdays, **{"with": "anybody"}))

    assert offered(page)[:2] == [("2026-03-04", "09:45"), ("2026-03-04", "10:00")]
    assert "9:45 am Amy Shaw 10:00 am Tom Reid" in text_of(page)


def test_anybody_is_who_offers_the_type_and_works_there_still(
    wednesdays: Practice, desk: Client, tom: Practitioner
) -> None:
    set_week(tom, wednesdays.business, {"wednesday": [["08:00", "09:00"]]}, by=wednesdays.by)
    anybody = address(wednesdays, **{"with": "anybody"})
    assert offered(desk.get(anybody))[0] == ("2026-03-04", "08:00")

    link = wednesdays.standard.practitioner_links.create(practitioner=wednesdays.amy)
    assert offered(desk.get(anybody))[0] == ("2026-03-04", "09:00")
    link.delete()
    tom.active = False
    tom.save()
    assert offered(desk.get(anybody))[0] == ("2026-03-04", "09:00")


def test_what_another_has_booked_takes_no_time(
    wednesdays: Practice, desk: Client, tom: Practitioner
) -> None:
    at = NOON + timedelta(hours=21)  # Wednesday, 9:00
    wednesdays.booking(at, practitioner=tom).book(wednesdays.ada, by=wednesdays.by)

    assert offered(desk.get(address(wednesdays)))[0] == ("2026-03-04", "09:00")


def test_earlier_days_are_offered_as_far_as_today(wednesdays: Practice, desk: Client) -> None:
    def earlier(day: str) -> str:
        page: str = desk.get(address(wednesdays, date=day)).context["earlier_url"]
        return page.partition("from=")[2]

    assert [earlier(f"2026-03-{day}") for day in ("03", "05", "18")] == [
        *("", "2026-03-03", "2026-03-13")
    ]


def test_today_begins_with_the_next_quarter_of_an_hour(northside: Practice, desk: Client) -> None:
    assert offered(desk.get(address(northside)))[0] == ("2026-03-03", "12:15")


def test_nothing_is_free_at_a_business_that_is_archived(wednesdays: Practice, desk: Client) -> None:
    type(wednesdays.business).objects.update(archived_at=NOON)

    assert "Nothing is free" in text_of(desk.get(address(wednesdays)))


def test_no_day_that_is_over_is_searched(northside: Practice, desk: Client) -> None:
    page = desk.get(address(northside, date="2026-03-01"))

    assert page.context["search"].first == NOON.date()


def test_where_nothing_is_free_it_says_until_when_it_looked(
    northside: Practice, desk: Client
) -> None:
    set_week(northside.amy, northside.business, {}, by=northside.by)

    assert "Nothing is free until Mon 27 Apr 2026: try anybody" in text_of(
        desk.get(address(northside))
    )
    assert "Nothing is free" in text_of(desk.get(address(northside, business="17")))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "nonsense", "2026-02-31"])
def test_a_day_that_is_none_is_today(wednesdays: Practice, desk: Client, day: str) -> None:
    assert offered(desk.get(address(wednesdays, date=day)))[0] == ("2026-03-04", "09:00")


def test_the_free_times_take_few_statements(wednesdays: Practice, desk: Client) -> None:
    desk.get(address(wednesdays))
    for number in range(3):
        wednesdays.attend(at=NOON + timedelta(hours=number))

    assert statements_of(desk, address(wednesdays)) == 7


def test_book_proposes_the_first_time_that_is_free(wednesdays: Practice, desk: Client) -> None:
    assert proposed(desk.get(f"{SLUG}/bookings/new")) == ("2026-03-04", "09:00")

    wednesdays.attend(at=NOON + timedelta(hours=21))

    assert proposed(desk.get(f"{SLUG}/bookings/new")) == ("2026-03-04", "09:45")
    assert proposed(desk.get(f"{SLUG}/bookings/new?on=2026-03-11")) == ("2026-03-11", "09:00")
    assert proposed(desk.get(f"{SLUG}/bookings/new?on=2026-03-12"))[0] == "2026-03-12"
