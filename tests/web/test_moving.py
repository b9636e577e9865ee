"""A booking moved in the calendar: what is answered, what is refused, and how it is undone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from casewell.audit.models import Change
from tests.web.moving import sent, span_of
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.accounts.models import Practitioner
    from casewell.appointments.models import Booking
    from tests.world import Practice


def test_a_move_keeps_the_length_says_what_changed_and_how_to_undo_it(
    northside: Practice, desk: Client, visit: Booking, tom: Practitioner
) -> None:
    seen = visit.version

    status, said = sent(
        desk, visit, start="2026-03-24T10:15", practitioner=tom.pk, seen=seen, once="drop-1"
    )

    start = datetime(2026, 3, 23, 23, 15, tzinfo=UTC)
    assert status == 200
    assert said["said"] == "Ada Rossi moved to Tue 24 Mar 2026, 10:15 am with Tom Reid"
    assert span_of(visit) == (start, start + timedelta(minutes=45))
    assert said["booking"]["version"] == visit.version
    change = Change.objects.of(visit).get(verb="moved")
    assert set(change.changes) == {"practitioner", "starts_at", "ends_at"}

    status, back = sent(desk, visit, undo="yes", **said["undo"])
    assert status == 200
    assert back["said"] == "Ada Rossi is back: Tue 3 Mar 2026, 12:00 pm with Amy Shaw"
    assert span_of(visit) == (NOON, NOON + timedelta(minutes=45))
    assert visit.practitioner == northside.amy


def test_an_edge_moved_changes_the_length_alone(desk: Client, visit: Booking) -> None:
    status, said = sent(desk, visit, end="2026-03-03T13:00")

    assert [status, said["said"]] == [200, "Ada Rossi now takes 60 min, 12:00 – 1:00 pm"]
    assert span_of(visit) == (NOON, NOON + timedelta(minutes=60))

    sent(desk, visit, start="2026-03-03T12:15", end="2026-03-03T13:00")
    assert span_of(visit) == (NOON + timedelta(minutes=15), NOON + timedelta(minutes=60))


def test_a_drop_that_is_sent_twice_moves_once_and_tells_where_it_is(
    desk: Client, visit: Booking
) -> None:
    address, form = f"/northside/bookings/{visit.pk}/place", {"start": "2026-03-03T14:00"}
    form |= {"seen": visit.version, "once": "the-same-drop"}

    first = desk.post(address, form)
    again = desk.post(address, form, follow=True)

    assert [first.status_code, again.status_code] == [200, 200]
    assert again.json()["booking"]["version"] == first.json()["booking"]["version"]
    assert Change.objects.of(visit).filter(verb="moved").count() == 1


def test_who_was_faster_is_said_and_undo_does_not_go_over_it(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    seen = visit.version
    _, mine = sent(desk, visit, start="2026-03-03T14:00", seen=seen)
    late, refused = sent(desk, visit, start="2026-03-03T15:00", seen=seen)
    visit.refresh_from_db()
    visit.set_notes("Runs late", by=northside.by)
    undone, why = sent(desk, visit, undo="yes", **mine["undo"])

    assert [late, undone] == [409, 409]
    assert refused["refusal"].startswith("Somebody was faster: Rita Desk – moved at ")
    assert refused["booking"]["start"] == "2026-03-03T14:00"
    assert why["refusal"].startswith("Somebody was faster: Rita Desk – noted at ")
    assert span_of(visit)[0] == NOON + timedelta(hours=2)


def test_what_is_in_the_calendar_no_more_is_not_moved(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    visit.archive(by=northside.by)

    assert sent(desk, visit, start="2026-03-03T14:00")[0] == 409


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ({"start": "soon"}, "“soon” is no time to book."),
        ({"start": "0001-01-01T00:00"}, "“0001-01-01T00:00” is no time to book."),
        ({"start": "2026-02-31T10:00"}, "“2026-02-31T10:00” is no time to book."),
        ({"end": "2026-03-03T12:00"}, "A booking ends after it starts, and within a day."),
        ({"end": "2026-03-05T12:00"}, "A booking ends after it starts, and within a day."),
        ({"practitioner": "1234567"}, "Somebody who works here, at one of the businesses."),
        (
            {"start": "2026-10-04T02:10"},
            "Clocks are put forward on Sun 4 Oct 2026 and never show 2:10 am. "
            "The next time is 3:00 am.",
        ),
    ],
)
def test_a_place_that_is_none_is_refused_in_words_and_nothing_moves(
    desk: Client, visit: Booking, to: dict[str, str], sentence: str
) -> None:
    before = span_of(visit)

    status, said = sent(desk, visit, **to)

    assert [status, said["refusal"]] == [422, sentence]
    assert said["booking"]["start"] == "2026-03-03T12:00"
    assert span_of(visit) == before


def test_a_length_that_was_drawn_in_the_calendar_is_that_of_the_panel(
    northside: Practice, desk: Client
) -> None:
    drawn = desk.get("/northside/bookings/new?start=2026-03-05T09:00&minutes=75").content.decode()
    usual = desk.get("/northside/bookings/new?start=2026-03-05T09:00").content.decode()

    lengths = [re.findall(r'name="minutes" value="(\d+)"', page) for page in (drawn, usual)]
    assert lengths == [["75"], ["45"]]


def test_who_may_not_book_may_not_move(northside: Practice, desk: Client, visit: Booking) -> None:
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)

    answer = desk.post(f"/northside/bookings/{visit.pk}/place", {"start": "2026-03-03T14:00"})

    assert answer.status_code == 403
    assert span_of(visit)[0] == NOON
