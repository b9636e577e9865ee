"""Classes through the API: their places, who waits for them, what is no class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.appointments.models import AppointmentType
from casewell.appointments.models.candidate import wait_for
from casewell.appointments.models.classes import cancel_class
from tests.api.examples.bookings import group, group_body
from tests.appointments.a_class import a_class, filled, inside, queued

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_a_class_has_its_types_length_and_places_unless_said(
    program: Program, northside: Practice
) -> None:
    pilates = AppointmentType.objects.create(
        name="Pilates", duration_in_minutes=50, max_attendees=8
    )
    sent = group_body(northside)
    for name in ("ends_at", "max_attendees", "notes"):
        del sent[name]
    status, body = program.call("POST", "/group_appointments", sent)
    assert (status, list(body["errors"])) == (422, ["max_attendees"])
    made = program.post("/group_appointments", sent | {"appointment_type_id": pilates.pk})
    assert (made["ends_at"], made["max_attendees"]) == ("2026-03-04T01:50:00Z", 8)
    assert (made["patient_ids"], made["notes"]) == ([], None)


@pytest.mark.parametrize("places", [1, 100, "many"])
def test_a_class_has_2_to_99_places(program: Program, northside: Practice, places: object) -> None:
    sent = group_body(northside) | {"max_attendees": places}
    status, body = program.call("POST", "/group_appointments", sent)
    assert (status, list(body["errors"])) == (422, ["max_attendees"])


def test_a_class_grows_for_those_who_wait_and_does_not_shrink_below_those_inside(
    program: Program, northside: Practice
) -> None:
    one = a_class(northside, places=2)
    filled(northside, one, "Cy", "Di")
    [eve] = queued(northside, one, "Eve")
    path = f"/group_appointments/{one.pk}"
    changed = program.patch(path, {"max_attendees": 3})
    assert changed["patient_ids"][-1] == str(eve.patient_id)
    status, body = program.call("PATCH", path, {"max_attendees": 2})
    assert (status, body["code"], list(body["errors"])) == (
        422,
        "too_few_places",
        ["max_attendees"],
    )


def test_who_waits_comes_in_when_a_program_cancels_or_takes_out(
    program: Program, northside: Practice
) -> None:
    one = a_class(northside, places=2)
    cy, di = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve", "Flo")
    program.call("PATCH", f"/attendees/{cy.pk}/cancel")
    assert inside(one) == ["Di", "Eve"]
    program.call("DELETE", f"/attendees/{di.pk}")
    assert inside(one) == ["Eve", "Flo"]


def test_patients_in_a_class_find_it_and_those_who_wait_do_not(
    program: Program, northside: Practice
) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    wait_for(one, northside.ada, by=northside.by)
    for patient, number in ((cy.patient_id, 1), (northside.ada.pk, 0)):
        found = program.get(f"/group_appointments?q[]=patient_ids:~{patient}")
        assert found["total_entries"] == number


def test_a_cancelled_class_is_shown_where_it_is_asked_for(
    program: Program, northside: Practice
) -> None:
    one = a_class(northside)
    cancel_class(one, 50, by=northside.by)
    path = f"/group_appointments/{one.pk}"
    assert program.call("GET", path)[0] == 404
    assert program.get(f"{path}?q[]=cancelled_at:*")["id"] == str(one.pk)
    sent = {"booking_id": one.pk, "patient_id": northside.ada.pk}
    assert program.call("POST", "/attendees", sent)[1]["errors"] == {"booking": "must exist"}


def test_an_appointment_is_no_class_and_a_class_no_appointment(
    program: Program, northside: Practice
) -> None:
    visit, one = northside.attend(), group(northside)
    assert program.call("GET", f"/group_appointments/{visit.booking_id}")[0] == 404
    assert program.call("GET", f"/individual_appointments/{one.pk}")[0] == 404
    assert program.get(f"/group_appointments/{one.pk}/conflicts") == {"conflicts": {"exist": True}}
    program.call("POST", f"/group_appointments/{one.pk}/archive")
    assert program.get("/group_appointments/deleted")["total_entries"] == 1
