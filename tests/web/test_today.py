"""Today: who arrives in which order, on which day and with whom, and how news come."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.utils import timezone

from casewell.accounts.models import Business, Practitioner
from casewell.web.views import today as page
from tests.web.arrivals import HOUR, LATER, TODAY, times_in
from tests.world import NOON, words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def test_each_arrival_stands_in_order_of_time_with_now_between_them(
    northside: Practice, desk: Client
) -> None:
    northside.attend(at=NOON + 2 * HOUR)
    northside.attend(at=NOON - HOUR)
    northside.attend(at=NOON + HOUR, cancelled_at=NOON)
    northside.attend(at=NOON + 24 * HOUR)

    shown = desk.get(TODAY)

    assert times_in(shown) == ["11:00 am", "2:00 pm"]
    said = words_in(shown.content.decode())
    assert "2 visits · 1 cancelled · All appointments" in said
    assert said.index("11:00 am") < said.index("now 12:00 pm") < said.index("2:00 pm")
    assert "now 12:00" not in words_in(desk.get(f"{TODAY}/2026-03-04").content.decode())


def test_now_stands_below_the_last_arrival_of_the_day(northside: Practice, desk: Client) -> None:
    northside.attend(at=NOON - HOUR)

    said = words_in(desk.get(TODAY).content.decode())

    assert said.index("11:00 am") < said.index("now 12:00 pm")


def test_only_those_are_shown_who_were_chosen(northside: Practice, desk: Client) -> None:
    tom = Practitioner.objects.create(account=northside.account, first_name="Tom", last_name="Reid")
    northside.account.practitioner_businesses.create(practitioner=tom, business=northside.business)
    northside.attend(at=LATER)

    amys = desk.get(f"{TODAY}?practitioner={northside.amy.pk}")
    toms = desk.get(f"{TODAY}?practitioner={tom.pk}")
    both = desk.get(f"{TODAY}?practitioner={tom.pk}&practitioner={northside.amy.pk}")

    assert [len(times_in(shown)) for shown in (amys, toms, both)] == [1, 0, 1]
    assert "Nobody is booked with them" in toms.content.decode()


def test_a_business_has_its_own_day_and_the_choice_is_kept(
    northside: Practice, desk: Client
) -> None:
    auckland = Business.objects.create(
        account=northside.account, business_name="Ponsonby", time_zone="Pacific/Auckland"
    )
    northside.attend(at=LATER)
    late = NOON + 10 * HOUR + timedelta(minutes=30)  # 22:30 in Sydney, 0:30 in Auckland

    with time_machine.travel(late):
        there = desk.get(f"{TODAY}?business={auckland.pk}")
        again = desk.get(TODAY)
        here = desk.get(f"{TODAY}?business={northside.business.pk}")

    assert "Wed 4 Mar 2026 Auckland time" in words_in(there.content.decode())
    assert "Wed 4 Mar 2026" in words_in(again.content.decode())
    assert "Tue 3 Mar 2026 Sydney time" in words_in(here.content.decode())
    assert len(times_in(here)) == 1
    assert desk.get(f"{TODAY}?business=1").status_code == 404


def test_a_date_that_is_typed_leads_to_its_day_and_a_wrong_one_nowhere(desk: Client) -> None:
    led = desk.get(f"{TODAY}?date=2026-05-04").headers["Location"]

    assert led.startswith(f"{TODAY}/2026-05-04?business=")
    assert desk.get(f"{TODAY}?date=2026-02-31").status_code == 200
    assert desk.get(f"{TODAY}?date=soon").status_code == 200
    assert desk.get(f"{TODAY}?date=0026-05-04").status_code == 200
    edges = [desk.get(f"{TODAY}/{day}").status_code for day in ("1900-01-01", "2199-12-31")]
    assert edges == [200, 200]
    assert desk.get(f"{TODAY}/1899-12-31").status_code == 404


def test_the_list_is_sent_again_only_when_something_changed_or_a_minute_passed(
    northside: Practice, desk: Client
) -> None:
    visit = northside.attend(at=LATER)
    feed = f"{TODAY}/arrivals"
    tag = re.search(r'data-tag="(.*?)"', desk.get(TODAY).content.decode())
    assert tag is not None
    known = {"If-None-Match": html.unescape(tag[1])}

    assert desk.get(feed, headers=known).status_code == 304
    with time_machine.travel(NOON + timedelta(minutes=1)):
        assert desk.get(feed, headers=known).status_code == 200
    visit.mark(arrived=True, by=northside.by)
    news = desk.get(feed, headers=known)
    assert news.status_code == 200
    assert news.headers["Cache-Control"] == "private, no-cache"
    assert news.content.decode().lstrip().startswith("<section")


def test_asking_for_news_is_no_sign_that_somebody_is_there(
    northside: Practice, desk: Client
) -> None:
    desk.get(TODAY)
    seen = desk.session["seen"]

    with time_machine.travel(NOON + timedelta(minutes=5)):
        desk.get(f"{TODAY}/arrivals")
        desk.get(f"{TODAY}/2026-03-03/arrivals")
        assert desk.session["seen"] == seen
        desk.get(TODAY)
        assert desk.session["seen"] > seen


def test_a_crowded_day_comes_in_pages_and_opens_on_now(
    northside: Practice, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "ROWS", 2)
    for hours in (-4, -3, -2, -1, 1):
        northside.attend(at=NOON + hours * HOUR)

    assert times_in(desk.get(TODAY)) == ["1:00 pm"]
    assert times_in(desk.get(f"{TODAY}?page=1")) == ["8:00 am", "9:00 am"]
    assert times_in(desk.get(f"{TODAY}/arrivals?page=2")) == ["10:00 am", "11:00 am"]
    assert "5 visits" in words_in(desk.get(f"{TODAY}?page=2").content.decode())


def test_a_day_without_anybody_says_what_to_do_and_a_practice_without_a_business_goes_on(
    northside: Practice, desk: Client
) -> None:
    assert "Nobody is booked on this day" in desk.get(TODAY).content.decode()

    northside.business.archived_at = timezone.now()
    northside.business.save()

    assert desk.get(TODAY).headers["Location"] == "/northside/"
    assert desk.get(f"{TODAY}/arrivals").status_code == 404
