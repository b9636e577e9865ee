"""The page of a class: booked, moved, of another type, cancelled with all who are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.appointments.models import AppointmentType, Booking
from casewell.appointments.models.joining import join
from tests.appointments.a_class import a_class, filled, inside, queued
from tests.web.calendar_feed import feed
from tests.web.classes import page_of
from tests.web.pages import SLUG, booked, text_of
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

STATEMENTS = 11


@pytest.fixture
def pilates(northside: Practice) -> AppointmentType:
    kind: AppointmentType = northside.account.appointment_types.create(
        name="Pilates", duration_in_minutes=50, max_attendees=8
    )
    return kind


def test_a_class_is_booked_with_nobody_in_it(
    northside: Practice, desk: Client, pilates: AppointmentType
) -> None:
    sent = booked(northside, appointment_type=pilates.pk, places="", notes="Bring a mat")

    done = desk.post(f"{SLUG}/classes/new", sent)

    one = Booking.objects.get(kind=Booking.Kind.GROUP)
    assert done["Location"] == page_of(one)
    assert (one.max_attendees, one.minutes, one.attendees.count()) == (8, 50, 0)
    assert "0 of 8 8 free" in text_of(desk.get(page_of(one)))


def test_a_type_for_one_patient_makes_a_class_only_with_its_places_said(
    northside: Practice, desk: Client
) -> None:
    sent = booked(northside, places="")
    assert "say how many places" in text_of(desk.post(f"{SLUG}/classes/new", sent))
    assert desk.post(f"{SLUG}/classes/new", sent | {"places": 4}).status_code == 302
    assert Booking.objects.get().max_attendees == 4


def test_an_appointment_of_a_type_for_several_is_a_class(
    northside: Practice, desk: Client, pilates: AppointmentType
) -> None:
    knee = northside.case()
    sent = booked(northside, appointment_type=pilates.pk, case=knee.pk)

    desk.post(f"{SLUG}/bookings/new", sent)

    one = Booking.objects.get()
    assert (one.kind, one.max_attendees, inside(one)) == ("group", 8, ["Ada"])
    assert knee.attendees.count() == 1


def test_a_class_is_cancelled_and_put_on_again(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")

    desk.post(page_of(one, "/cancellation"), {"reason": 50, "note": "Amy is ill"})
    assert inside(one) == []
    assert "The class is cancelled" in text_of(desk.get(page_of(one)))

    desk.post(page_of(one, "/reinstatement"))
    assert inside(one) == ["Cy", "Di"]


def test_a_class_moves_with_everybody(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")

    answer = desk.post(page_of(one, "/place"), {"start": "2031-05-06T10:00"})

    assert answer.json()["said"].startswith("The class “Standard” moved to ")
    one.refresh_from_db()
    assert one.local_start.isoformat()[:16] == "2031-05-06T10:00"


def test_a_class_becomes_one_of_another_type_with_its_length(
    northside: Practice, pilates: AppointmentType, desk: Client
) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")
    assert "Change the type" in text_of(desk.get(page_of(one)))

    refused = desk.post(page_of(one, "/type"), {"appointment_type": "0"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    assert desk.post(page_of(one, "/type"), {"appointment_type": pilates.pk}).status_code == 302

    one.refresh_from_db()
    assert (one.appointment_type_id, one.minutes) == (pilates.pk, 50)
    assert len(inside(one)) == 2
    assert text_of(desk.get(page_of(one))).count("Pilates") >= 1


def test_a_class_is_one_tile_however_many_are_in_it(northside: Practice, desk: Client) -> None:
    one = a_class(northside, places=2, notes="Bring a mat")
    filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")
    empty = a_class(northside, places=5, days=3)

    [full] = feed(desk, one.local_start.date())["bookings"]
    [other] = feed(desk, empty.local_start.date())["bookings"]

    shown = [full[name] for name in ("kind", "patient", "title", "case", "marks")]
    assert shown == [
        "group",
        "Standard",
        "Class, 1 waiting",
        "2/2",
        ["class_full", "waiting", "note"],
    ]
    assert (other["case"], other["marks"]) == ("0/5", [])


def test_the_page_of_a_class_takes_as_many_statements_for_one_as_for_eight(
    northside: Practice, desk: Client
) -> None:
    one = a_class(northside, places=8)
    join(one, northside.ada, northside.case(), by=northside.by)
    desk.get(page_of(one))
    few = statements_of(desk, page_of(one))
    filled(northside, one, *(f"Cy{n}" for n in range(7)))
    queued(northside, one, "Eve", "Flo")

    assert (few, statements_of(desk, page_of(one))) == (STATEMENTS, STATEMENTS)
