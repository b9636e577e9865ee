"""Attendees through the API: in groups, in cases, in the lists of what holds them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.appointments.models import Attendee
from casewell.audit.models import Change
from tests.api.examples.bookings import group
from tests.world import NOON

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_a_group_takes_patients_until_its_places_are_taken(
    program: Program, northside: Practice
) -> None:
    one = group(northside)
    people = [northside.patient(f"Ben{n}") for n in range(4)]
    for patient in people[:3]:
        program.post("/attendees", {"booking_id": one.pk, "patient_id": patient.pk})
    again = {"booking_id": one.pk, "patient_id": people[0].pk}
    status, body = program.call("POST", "/attendees", again)
    assert (status, body["code"], list(body["errors"])) == (422, "already_in_booking", ["patient"])
    fourth = {"booking_id": one.pk, "patient_id": people[3].pk}
    status, body = program.call("POST", "/attendees", fourth)
    assert (status, body["code"], list(body["errors"])) == (422, "booking_full", ["booking"])
    listed = program.get(f"/group_appointments/{one.pk}/attendees")
    assert listed["total_entries"] == 3
    program.call("PATCH", f"/attendees/{listed['attendees'][0]['id']}/cancel")
    assert program.post("/attendees", fourth)["id"]
    assert program.get(f"/group_appointments/{one.pk}/attendees/cancelled")["total_entries"] == 1


def test_an_individual_appointment_takes_nobody_else(program: Program, northside: Practice) -> None:
    visit = northside.attend()
    sent = {"booking_id": visit.booking_id, "patient_id": northside.patient().pk}
    status, body = program.call("POST", "/attendees", sent)
    assert (status, body["code"], list(body["errors"])) == (422, "not_a_group", ["booking"])
    visit.cancel(50, by=northside.by)
    status, body = program.call("POST", "/attendees", sent)
    assert (status, body["errors"]) == (422, {"booking": "must exist"})


def test_lists_inside_a_booking_are_those_of_its_kind(
    program: Program, northside: Practice
) -> None:
    visit = northside.attend()
    path = f"individual_appointments/{visit.booking_id}/attendees"
    assert program.get(f"/{path}")["attendees"][0]["id"] == str(visit.pk)
    assert program.call("GET", f"/{path.replace('individual', 'group')}")[0] == 404
    for name in ("appointment_id", "booking_id"):  # the older name of the filter, and today's
        assert program.get(f"/attendees?q[]={name}:={visit.booking_id}")["total_entries"] == 1
        assert program.get(f"/attendees?q[]={name}:={visit.pk}")["total_entries"] == 0
    visit.cancel(50, by=northside.by)
    assert program.get(f"/{path}")["total_entries"] == 0
    assert program.get(f"/{path}/cancelled")["total_entries"] == 1


def test_the_position_counts_what_counts_in_the_case_in_order_of_time(
    program: Program, northside: Practice
) -> None:
    case = northside.case()
    days = (3, 1, 2, 4)
    later, first, away, last = (northside.attend(case, at=NOON + timedelta(days=n)) for n in days)
    Attendee.objects.filter(pk=away.pk).update(did_not_arrive=True)
    free = northside.attend(at=NOON)
    listed = program.get("/attendees")["attendees"]
    places = {int(one["id"]): one["case_position"] for one in listed}
    assert places == {first.pk: 1, later.pk: 2, last.pk: 3, away.pk: None, free.pk: None}
    inside = program.get(f"/patient_cases/{case.pk}/attendees")
    assert inside["total_entries"] == 4
    status, body = program.call("GET", f"/patient_cases/{case.pk}/attendees?q[]=patient_case_id:=1")
    assert (status, body["message"]) == (400, "patient_case_id is not filterable")


def test_a_visit_is_taken_out_of_its_case_by_null(program: Program, northside: Practice) -> None:
    visit = northside.attend(northside.case())
    path = f"/attendees/{visit.pk}"
    assert program.patch(path, {"patient_case_id": None})["patient_case"] is None
    assert program.patch(path, {"patient_case_id": None, "arrived": None})["arrived"] is False


def test_one_who_arrives_after_all_did_arrive(program: Program, northside: Practice) -> None:
    visit = northside.attend(did_not_arrive=True)
    for arrived, missed in ((False, True), (True, False), (None, False)):
        program.patch(f"/attendees/{visit.pk}", {"arrived": arrived})
        visit.refresh_from_db()
        assert (visit.arrived, visit.did_not_arrive) == (bool(arrived), missed)


def test_an_individual_appointment_has_one_note_wherever_it_is_written(
    program: Program, northside: Practice
) -> None:
    visit = northside.attend()
    program.patch(f"/attendees/{visit.pk}", {"notes": "Brings the X-ray"})
    shown = program.get(f"/individual_appointments/{visit.booking_id}")
    assert shown["notes"] == "Brings the X-ray"
    program.patch(f"/individual_appointments/{visit.booking_id}", {"notes": None})
    assert program.get(f"/attendees/{visit.pk}")["notes"] is None


@pytest.mark.parametrize("end", ["/archive", ""])
def test_an_individual_appointment_goes_with_its_attendee(
    program: Program, northside: Practice, end: str
) -> None:
    visit = northside.attend()
    assert program.call("POST" if end else "DELETE", f"/attendees/{visit.pk}{end}")[0] == 204
    visit.booking.refresh_from_db()
    assert visit.booking.archived_at
    assert program.get("/individual_appointments/deleted")["total_entries"] == 1


def test_what_a_key_changes_is_written_down_as_its_own(
    program: Program, northside: Practice
) -> None:
    visit = northside.attend()
    program.patch(f"/attendees/{visit.pk}", {"arrived": True})
    latest = Change.objects.of(visit).first()
    assert latest
    assert latest.api_key
    assert latest.changes == {"arrived": [False, True]}
