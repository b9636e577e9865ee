"""A practitioner's calendar for other programs: what is read there, how often, at what cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client

from casewell.appointments.models import AppointmentType, Booking, CalendarFeed
from casewell.appointments.models.joining import join
from tests.web.calendar_readers import address_of, events, told
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.accounts.models import Practitioner
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon", "nobody_has_read")


def fill(practice: Practice) -> Booking:
    """An appointment, a class with two in it, and lunch; the appointment."""
    visit = practice.attend()
    kind = AppointmentType.objects.create(name="Pilates", duration_in_minutes=60, max_attendees=8)
    group = practice.booking(
        NOON + timedelta(hours=1),
        kind=Booking.Kind.GROUP,
        appointment_type=kind,
        max_attendees=8,
    )
    group.save()
    for name in ("Ben", "Eve"):
        join(group, practice.patient(name), None, by=practice.by)
    join(group, practice.patient("Gone"), None, by=practice.by).cancel(30, by=practice.by)
    lunch = practice.account.unavailable_block_types.create(name="Lunch")
    block = practice.booking(
        NOON + timedelta(hours=3),
        appointment_type=None,
        unavailable_block_type=lunch,
        notes="Ada’s letter",
    )
    block.block(by=practice.by)
    return visit.booking


def test_it_says_what_is_booked_and_nobodys_name(northside: Practice) -> None:
    fill(northside)
    address = address_of(northside)

    assert told(address) == ["Standard", "Pilates (2 of 8)", "Lunch"]
    text = Client().get(address).content.decode()
    assert not [name for name in ("Ada", "Rossi", "Ben", "Eve", "letter") if name in text]
    first = events(address)[0]
    assert (first.dtstart.value, first.dtend.value) == (NOON, NOON + timedelta(minutes=45))
    assert first.location.value == "Hill Street"
    assert first.url.value.startswith("http://testserver/northside/bookings/")


def test_names_are_there_once_they_are_switched_on(northside: Practice) -> None:
    one = fill(northside)
    one.set_notes("Bring; the, “brace”", by=northside.by)
    address = address_of(northside)
    CalendarFeed.objects.get().show_names(True, by=northside.by)

    assert told(address) == ["Ada Rossi – Standard", "Pilates (2 of 8)", "Lunch"]
    assert events(address)[0].description.value == "Bring; the, “brace”"
    assert events(address)[2].description.value == "Ada’s letter"


def test_what_is_cancelled_archived_another_practitioners_or_far_away_is_left_out(
    northside: Practice, tom: Practitioner
) -> None:
    address = address_of(northside)
    days = timedelta(days=1)
    for away in (-31, -30, 0, 180, 181):
        northside.attend(at=NOON + away * days)
    northside.attend(at=NOON + timedelta(hours=1)).cancel(30, by=northside.by)
    northside.attend(at=NOON + timedelta(hours=2)).booking.archive(by=northside.by)
    northside.booking(NOON, practitioner=tom).book(northside.ada, by=northside.by)

    starts = [event.dtstart.value for event in events(address)]

    assert starts == [NOON - 30 * days, NOON, NOON + 180 * days]


def test_an_event_keeps_its_uid_and_counts_its_changes(northside: Practice) -> None:
    one, address = fill(northside), address_of(northside)
    [before, *_] = events(address)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        one.move(by=northside.by, starts_at=NOON - timedelta(minutes=15))

    [after, *_] = events(address)

    assert before.uid.value == after.uid.value == f"{one.pk}.{northside.account.pk}@casewell"
    assert int(after.sequence.value) == int(before.sequence.value) + 1
    assert after.dtstamp.value == NOON + timedelta(minutes=5)


def test_what_has_not_changed_is_304_and_a_cancellation_is_a_change(northside: Practice) -> None:
    fill(northside)
    visit = northside.attend(at=NOON + timedelta(hours=5))
    address = address_of(northside)
    first = Client().get(address)
    assert first["Cache-Control"] == "private, no-cache"
    assert first["Last-Modified"] == "Tue, 03 Mar 2026 01:00:00 GMT"

    known = {"If-None-Match": first["ETag"], "If-Modified-Since": first["Last-Modified"]}
    same = Client().get(address, headers=known)
    visit.cancel(30, by=northside.by)
    changed = Client().get(address, headers=known)

    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_wrong_token_another_practice_and_a_replaced_address_are_404(
    northside: Practice, elsewhere: Practice
) -> None:
    former = address_of(northside)
    address = address_of(northside)
    token = address.rpartition("/")[2]

    tried = [
        former,
        f"/calendars/{elsewhere.account.pk}/{token}",
        f"/calendars/17/{token}",
        f"/calendars/{northside.account.pk}/{'x' * 43}.ics",
        f"/calendars/{northside.account.pk}/%00.ics",
        f"/calendars/{northside.account.pk}/{CalendarFeed.objects.live().get().digest}.ics",
    ]

    assert [Client().get(one).status_code for one in tried] == [404] * len(tried)
    assert Client().get(address).status_code == 200
    assert Client().post(address).status_code == 405


def test_readings_are_limited_for_each_feed(northside: Practice, tom: Practitioner) -> None:
    address = address_of(northside)
    _, text = CalendarFeed.make(tom, northside.member.user, by=northside.by)

    answers = [Client().get(address).status_code for _ in range(21)]

    assert answers == [*[200] * 20, 429]
    assert Client().get(address)["Retry-After"] == "600"
    assert Client().get(f"/calendars/{northside.account.pk}/{text}.ics").status_code == 200


def test_a_reading_is_noted_once_in_five_minutes(northside: Practice) -> None:
    address, noted = address_of(northside), []

    for minutes in (0, 4, 6):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            events(address)
        noted.append(CalendarFeed.objects.get().fetched_at)

    assert noted == [NOON, NOON, NOON + timedelta(minutes=6)]


def test_a_patient_who_has_arrived_is_a_change_of_the_event(northside: Practice) -> None:
    visit, address = northside.attend(), address_of(northside)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        visit.mark(arrived=True, by=northside.by)

    [event] = events(address)

    assert event.dtstamp.value == NOON + timedelta(minutes=5)


def test_an_event_says_the_whole_address_of_the_business(northside: Practice) -> None:
    northside.attend()
    parts = {"address_1": "1 Hill Street", "city": "Newtown", "state": "NSW", "post_code": "2042"}
    type(northside.business).objects.update(**parts)

    [event] = events(address_of(northside))

    assert event.location.value == "Hill Street, 1 Hill Street, Newtown, NSW, 2042"


def test_a_reading_takes_the_same_few_statements_for_one_booking_and_for_many(
    northside: Practice,
) -> None:
    address, counts = address_of(northside), []
    for n in (1, 3):
        for hour in range(n):
            northside.attend(at=NOON + timedelta(hours=hour))
        Client().get(address)
        counts.append(statements_of(Client(), address))

    # Seven of them count the reading.
    assert counts[0] == counts[1] == 11
