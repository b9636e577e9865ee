"""A time that is taken: said first, allowed when it was seen, or refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casewell.accounts.models import LimitAction
from tests.web.moving import sent
from tests.web.pages import booked
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from casewell.appointments.models import Booking
    from tests.world import Practice


def test_a_move_onto_a_taken_time_warns_or_where_the_practice_blocks_is_refused(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    northside.attend(at=NOON + timedelta(hours=2), patient=northside.patient())
    taken = "Amy Shaw has Ben Wu 2:00 – 2:45 pm."

    status, said = sent(desk, visit, start="2026-03-03T14:15")
    assert [status, said["clashes"]] == [200, [taken]]

    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.save()
    status, said = sent(desk, visit, start="2026-03-03T14:30")
    assert [status, said["refusal"]] == [422, f"{taken} Choose another time."]
    assert said["booking"]["start"] == "2026-03-03T14:15"


def test_clashes_are_shown_while_a_time_is_chosen_and_again_where_somebody_was_faster(
    northside: Practice, desk: Client, visit: Booking
) -> None:
    other = northside.attend(at=NOON + timedelta(hours=2), patient=northside.patient()).booking
    form = {
        "practitioner": northside.amy.pk,
        "business": northside.business.pk,
        "date": "2026-03-03",
        "time": "14:15",
        "minutes": "45",
    }
    address = f"/northside/bookings/{visit.pk}/time"

    looked = desk.get("/northside/bookings/clashes", form | {"booking": visit.pk}).content.decode()
    first = desk.post(address, form)
    again = desk.post(address, form | {"known_clashes": str(other.pk)})

    assert "Amy Shaw has Ben Wu 2:00 – 2:45 pm." in looked
    assert f'value="{other.pk} "' in looked
    assert "Somebody was faster: Amy Shaw has Ben Wu" in first.content.decode()
    assert [first.status_code, again.status_code] == [422, 302]


def test_a_block_over_bookings_says_so_first(northside: Practice, desk: Client) -> None:
    visit = northside.attend().booking
    form = {"practitioner": northside.amy.pk, "business": northside.business.pk, "minutes": "30"}
    form |= {"date": "2026-03-03", "time": "12:15"}

    first = desk.post("/northside/blocks/new", form)
    again = desk.post("/northside/blocks/new", form | {"known_clashes": str(visit.pk)})

    assert "Amy Shaw has Ada Rossi 12:00 – 12:45 pm." in first.content.decode()
    assert [first.status_code, again.status_code] == [422, 302]


def test_a_block_without_a_length_takes_as_long_as_its_reason(
    northside: Practice, desk: Client
) -> None:
    lunch = northside.account.unavailable_block_types.create(name="Lunch", duration_in_minutes=25)
    form = {"practitioner": northside.amy.pk, "business": northside.business.pk, "minutes": ""}
    form |= {"date": "2026-03-03", "time": "12:15"}

    said = desk.post("/northside/blocks/new", form).content.decode()
    desk.post("/northside/blocks/new", form | {"unavailable_block_type": lunch.pk})

    assert "Say how long it takes." in said
    assert northside.account.bookings.get().minutes == 25


def test_a_clash_that_was_not_shown_is_shown_first_and_then_allowed(
    northside: Practice, desk: Client
) -> None:
    taken = northside.attend().booking
    form = booked(northside, date="2026-03-03", time="12:00")

    first = desk.post("/northside/bookings/new", form)
    again = desk.post("/northside/bookings/new", form | {"known_clashes": str(taken.pk)})

    assert "Somebody was faster" in first.content.decode()
    assert [first.status_code, again.status_code] == [422, 302]
