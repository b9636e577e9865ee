"""A practitioner is off: whose visits are listed, and what becomes of them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import LimitAction, Practitioner
from casewell.appointments.models import Absence, Attendee, Booking, CallListEntry
from casewell.audit.mail import OutgoingMail
from casewell.audit.models import Change
from tests.web.pages import text_of
from tests.web.sick_day import DAY, now, sent, state_of, url_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_the_list_is_of_that_practitioners_live_visits_of_those_days(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    late = northside.attend(at=NOON + timedelta(hours=11, minutes=30))  # 11:30 pm in Sydney

    page = desk.get(url_of(northside)).content.decode()

    listed = re.findall(r'name="visit" value="(\d+)" [^>]* checked', page)
    assert listed == [str(v.pk) for v in [*sick_day, late]]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-03", "2026-03-02", "The last day is before the first."),
        ("2026-03-03", "2026-09-03", "At most 62 days at once."),
        ("2026-02-31", "2026-03-03", "Enter a valid date."),
    ],
)
def test_days_that_cannot_be_are_said_at_their_field(
    northside: Practice, desk: Client, first: str, last: str, said: str
) -> None:
    answer = desk.get(url_of(northside, first, last))

    assert answer.status_code == 200
    assert said in text_of(answer)
    assert (
        desk.get(f"/northside/bookings/away?practitioner=77&from={DAY}&until={DAY}").status_code
        == 200
    )
    assert desk.get("/northside/bookings/away").status_code == 200


def test_cancelling_frees_the_times_and_writes_the_call_list(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    answer = desk.post(url_of(northside), sent(sick_day[:2], note="Flu"))

    absence = Absence.objects.get()
    assert answer.headers["Location"] == f"/northside/call-lists/{absence.pk}"
    assert [v.state for v in now(sick_day)] == ["cancelled", "cancelled", "booked"]
    assert [bool(v.booking.cancelled_at) for v in now(sick_day)] == [True, True, False]
    shown = desk.get(answer.headers["Location"]).content.decode()
    assert re.findall(r'href="tel:([^"]+)"', shown) == ["0400 000 000", "0400 000 001"]
    assert "0 of 2 called." in shown
    assert shown.count(f"?like={sick_day[0].booking_id}") == 2
    assert not OutgoingMail.objects.exists()
    assert Change.objects.filter(verb="settled", user=northside.member.user).count() == 1


def test_handing_over_keeps_the_times_and_shows_what_is_taken_first(
    northside: Practice, desk: Client, sick_day: list[Attendee], tom: Practitioner
) -> None:
    body = sent(sick_day, "hand_over", other_practitioner=tom.pk)
    query = f"&action=hand_over&other_practitioner={tom.pk}&ticked=yes"
    preview = desk.get(url_of(northside) + query + "".join(f"&visit={v.pk}" for v in sick_day))

    first = desk.post(url_of(northside), body)
    known = re.search(r'name="known_clashes" value="([^"]*)"', first.content.decode())
    assert known is not None
    before = state_of(sick_day)
    second = desk.post(url_of(northside), body | {"known_clashes": known[1]})

    assert text_of(preview).count("taken 12:00 – 12:45 pm") == 1
    assert first.status_code == 422
    assert "Send it again to book them twice." in text_of(first)
    assert second.status_code == 302
    assert [s[1] for s in state_of(sick_day)] == [s[1] for s in before]
    assert {s[2] for s in before} == {northside.amy.pk}
    assert {s[2] for s in state_of(sick_day)} == {tom.pk}


def test_another_day_keeps_the_clock_times_across_daylight_saving(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    body = sent(sick_day, "postpone", other_date="2026-04-07")  # the clocks went back on the 5th

    assert desk.post(url_of(northside), body).status_code == 302

    starts = [v.booking for v in now(sick_day)]
    for booking in starts:
        booking.business = northside.business
    assert [f"{b.local_start:%d %H:%M}" for b in starts] == ["07 12:00", "07 13:00", "07 14:00"]
    assert [b.minutes for b in starts] == [45, 45, 45]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"action": "hand_over"}, "Choose who takes them."),
        ({"action": "postpone"}, "Choose the day."),
        ({"action": "postpone", "other_date": "2026-02-31"}, "Enter a valid date."),
        ({"action": "postpone", "other_date": DAY}, "They are on that day now."),
        ({"action": "vanish"}, "Select a valid choice."),
        ({"visit": []}, "Tick at least one visit."),
        ({"visit": ["77"]}, "Some of these visits were changed meanwhile."),
        ({"note": "x" * 10_001}, "at most 10000 characters"),
        ({"send": "on", "subject": "S", "body": "Dear {surname}"}, "“{surname}” is not one"),
        ({"send": "on", "subject": "", "body": "B"}, "Write something, or send no email."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_done(
    northside: Practice, desk: Client, sick_day: list[Attendee], body: dict[str, Any], said: str
) -> None:
    before = state_of(sick_day)

    answer = desk.post(url_of(northside), sent(sick_day) | body)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert state_of(sick_day) == before
    assert not Absence.objects.exists()


def test_the_one_who_is_off_cannot_take_their_own_visits(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    body = sent(sick_day, "hand_over", other_practitioner=northside.amy.pk)

    assert "This is who is off." in text_of(desk.post(url_of(northside), body))


def test_all_or_nothing_where_the_practice_keeps_bookings_apart(
    northside: Practice, desk: Client, sick_day: list[Attendee], tom: Practitioner
) -> None:
    Booking.objects.all().update(exclusive=True)
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    taken = Booking.objects.get(practitioner=tom)
    body = sent(list(reversed(sick_day)), "hand_over", other_practitioner=tom.pk)
    before = state_of(sick_day)

    answer = desk.post(url_of(northside), body | {"known_clashes": str(taken.pk)})

    assert answer.status_code == 422
    assert "Tom Reid has " in text_of(answer)
    assert "Choose another time." in text_of(answer)
    assert state_of(sick_day) == before
    assert not CallListEntry.objects.exists()


def test_a_double_click_settles_once(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    body = sent(sick_day, send="on", subject="S", body="B") | {"once": "a-token"}

    answers = [desk.post(url_of(northside), body) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Absence.objects.count() == 1
    assert OutgoingMail.objects.count() == 2


def test_the_days_can_be_blocked_where_the_business_is_open(
    northside: Practice, desk: Client, sick_day: list[Attendee]
) -> None:
    friday_to_monday = url_of(northside, "2026-03-06", "2026-03-09")
    other = northside.attend(at=NOON + timedelta(days=3))

    desk.post(friday_to_monday, sent([other], block="on"))

    blocks = Booking.objects.filter(kind="block").order_by("starts_at").select_related("business")
    assert [f"{b.local_start:%a %H:%M}-{b.local_end:%H:%M}" for b in blocks] == [
        "Fri 08:00-18:00",
        "Mon 08:00-18:00",
    ]
