"""Clocks put forward and back: times that there are not, and times that there are twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from casewell.accounts.models import Business
from casewell.appointments.models import Booking
from tests.web.moving import sent, span_of
from tests.web.pages import booked

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

DOUBLED = datetime(2026, 4, 4, 15, 30, tzinfo=UTC)  # Sunday 2:30 in Sydney, the first time


def test_a_doubled_time_is_asked_about_and_the_answer_holds(desk: Client, visit: Booking) -> None:
    status, said = sent(desk, visit, start="2026-04-05T02:30")
    assert status == 422
    assert said["choices"] == [
        ["0", "the first 2:30 am (AEDT)"],
        ["1", "the second 2:30 am (AEST)"],
    ]

    for fold, start in (("0", DOUBLED), ("1", DOUBLED + timedelta(hours=1))):
        assert sent(desk, visit, start="2026-04-05T02:30", fold=fold)[0] == 200
        assert span_of(visit) == (start, start + timedelta(minutes=45))

    # whoever moves only its end is not asked again
    assert sent(desk, visit, start="2026-04-05T02:30", end="2026-04-05T03:30")[0] == 200
    assert span_of(visit)[1] == DOUBLED + timedelta(hours=2)


def test_on_lord_howe_half_an_hour_is_skipped_and_doubled(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    island = Business.objects.create(
        account=northside.account, business_name="Island", time_zone="Australia/Lord_Howe"
    )

    skipped = sent(desk, visit, start="2026-10-04T02:10", business=island.pk)[1]
    doubled = sent(desk, visit, start="2026-04-05T01:45", business=island.pk)[1]
    sent(desk, visit, start="2026-04-05T01:45", business=island.pk, fold="1")

    assert skipped["refusal"].endswith("never show 2:10 am. The next time is 2:30 am.")
    assert [words for _, words in doubled["choices"]] == [
        "the first 1:45 am (UTC+11)",
        "the second 1:45 am (UTC+1030)",
    ]
    assert span_of(visit)[0] == datetime(2026, 4, 4, 15, 15, tzinfo=UTC)


def test_a_form_asks_which_of_two_times_and_keeps_the_answer(
    northside: Practice, desk: Client
) -> None:
    form = {
        "patient": northside.ada.pk,
        "practitioner": northside.amy.pk,
        "business": northside.business.pk,
        "appointment_type": northside.standard.pk,
        "date": "2026-04-05",
        "time": "02:30",
        "case": "none",
    }

    before = desk.get("/northside/bookings/new", form).content.decode()
    asked = desk.post("/northside/bookings/new", form)
    booked = desk.post("/northside/bookings/new", form | {"fold": "1"})

    assert "the second 2:30 am (AEST)" in before
    assert asked.status_code == 422
    assert "show 2:30 am twice. Say which." in asked.content.decode()
    assert booked.status_code == 302
    one = Booking.objects.get()
    assert one.starts_at == DOUBLED + timedelta(hours=1)
    edit = desk.get(f"/northside/bookings/{one.pk}").content.decode()
    assert re.search(r'name="fold" value="1"[^>]*checked', edit)


def test_a_block_is_asked_which_of_two_times_too(northside: Practice, desk: Client) -> None:
    form = {"practitioner": northside.amy.pk, "business": northside.business.pk, "minutes": "30"}
    form |= {"date": "2026-04-05", "time": "02:30"}

    asked = desk.post("/northside/blocks/new", form)
    made = desk.post("/northside/blocks/new", form | {"fold": "0"})

    assert "the first 2:30 am (AEDT)" in asked.content.decode()
    assert [asked.status_code, made.status_code] == [422, 302]
    assert Booking.objects.get().starts_at == DOUBLED


def test_a_time_that_daylight_saving_skips_is_refused(northside: Practice, desk: Client) -> None:
    form = booked(northside, date="2026-10-04", time="02:30")

    said = desk.post("/northside/bookings/new", form).content.decode()
    assert "never show 2:30 am. The next time is 3:00 am." in said
