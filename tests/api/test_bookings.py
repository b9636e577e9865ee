"""Bookings of all kinds in one list, and unavailable blocks, through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from casewell.appointments.models import Booking
from tests.api.client import BASE
from tests.api.contract import fields_of, wrong_type
from tests.api.examples.bookings import block, block_body, group
from tests.world import NOON

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

VARIANTS = {
    "individual_appointments": "IndividualAppointment",
    "group_appointments": "GroupAppointment",
    "unavailable_blocks": "UnavailableBlock",
}


def test_each_booking_has_exactly_the_fields_of_its_kind_and_the_address_of_all(
    program: Program, northside: Practice
) -> None:
    made = [northside.attend().booking_id, group(northside).pk, block(northside)]
    listed = program.get("/bookings")["bookings"]
    assert [int(one["id"]) for one in listed] == made
    for one, (kind, variant) in zip(listed, VARIANTS.items(), strict=True):
        known = fields_of("bookings", variant)
        assert set(one) == set(known)
        assert {n: w for n in known if (w := wrong_type(one[n], known[n]))} == {}
        assert one["links"]["self"] == f"{BASE}/bookings/{one['id']}"
        assert one["conflicts"]["links"]["self"] == f"{BASE}/{kind}/{one['id']}/conflicts"
        assert program.get(f"/bookings/{one['id']}") == one


def test_bookings_are_found_by_their_patients(program: Program, northside: Practice) -> None:
    alone, ben = northside.attend(), northside.patient()
    one = group(northside)
    for patient in (northside.ada, ben):
        program.post("/attendees", {"booking_id": one.pk, "patient_id": patient.pk})
    body = program.get(f"/bookings?q[]=patient_ids:~{northside.ada.pk}&per_page=1")
    assert body["total_entries"] == 2
    assert body["bookings"][0]["id"] == str(alone.booking_id)
    [found] = program.get(f"/bookings?q[]=patient_ids:~{ben.pk}")["bookings"]
    assert found["patient_ids"] == [str(northside.ada.pk), str(ben.pk)]
    alone.cancel(50, by=northside.by)
    gone = f"/bookings?q[]=patient_ids:~{northside.ada.pk}&q[]=cancelled_at:*"
    assert program.get(gone)["total_entries"] == 2


def test_the_bookings_of_a_case_are_each_there_once(program: Program, northside: Practice) -> None:
    case = northside.case()
    first = northside.attend(case)
    northside.attend()
    one = group(northside)
    sent = {"booking_id": one.pk, "patient_id": northside.ada.pk, "patient_case_id": case.pk}
    left = program.post("/attendees", sent)
    program.call("DELETE", f"/attendees/{left['id']}")
    program.post("/attendees", sent)
    other = group(northside)
    gone = program.post("/attendees", sent | {"booking_id": other.pk})
    program.call("DELETE", f"/attendees/{gone['id']}")
    listed = program.get(f"/patient_cases/{case.pk}/bookings")
    assert [int(one["id"]) for one in listed["bookings"]] == [first.booking_id, one.pk]
    assert program.call("GET", "/patient_cases/17/bookings")[0] == 404


def test_bookings_are_filtered_by_what_there_is_no_record_of(
    program: Program, northside: Practice
) -> None:
    northside.attend()
    asked = {
        "email_reminder_sent:=false": 1,
        "sms_reminder_sent:=true": 0,
        "invoice_status:!?": 1,
        "treatment_note_status:=10": 0,
        "repeated_from_id:?": 0,
        "did_not_arrive:=false": 1,
    }
    for condition, number in asked.items():
        assert program.get(f"/bookings?q[]={condition}")["total_entries"] == number, condition


def test_a_block_keeps_its_length_when_it_moves_and_may_lose_its_reason(
    program: Program, northside: Practice
) -> None:
    made = program.post("/unavailable_blocks", block_body(northside))
    path = f"/unavailable_blocks/{made['id']}"
    moved = program.patch(path, {"starts_at": "2026-03-05T01:00:00Z"})
    assert moved["ends_at"] == "2026-03-05T02:00:00Z"
    changed = program.patch(path, {"unavailable_block_type_id": None, "notes": None})
    assert (changed["unavailable_block_type"], changed["notes"]) == (None, None)
    assert changed["starts_at"] == "2026-03-05T01:00:00Z"
    status, body = program.call("PATCH", path, {"unavailable_block_type_id": 17})
    assert (status, body["errors"]) == (422, {"unavailable_block_type": "must exist"})


def test_blocks_and_appointments_are_not_each_other(program: Program, northside: Practice) -> None:
    lunch, visit = block(northside), northside.attend(at=NOON + timedelta(minutes=10))
    assert program.call("GET", f"/individual_appointments/{lunch}")[0] == 404
    assert program.call("DELETE", f"/unavailable_blocks/{visit.booking_id}")[0] == 404
    assert program.call("GET", f"/individual_appointments/{lunch}/attendees")[0] == 404
    conflicts = program.get(f"/unavailable_blocks/{lunch}/conflicts")
    assert conflicts == {"conflicts": {"exist": True}}
    visit.cancel(50, by=northside.by)
    conflicts = program.get(f"/unavailable_blocks/{lunch}/conflicts")
    assert conflicts == {"conflicts": {"exist": False}}
    Booking.objects.get(pk=lunch).archive(by=northside.by)
    assert program.get("/unavailable_blocks/deleted")["total_entries"] == 1
