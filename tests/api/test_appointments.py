"""Individual appointments through the API, under both of their names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from casewell.accounts.models import LimitAction
from casewell.appointments.models import AppointmentType, Attendee, Booking
from tests.api.client import BASE
from tests.world import NOON

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

START = "2026-03-03T01:00:00Z"  # NOON


def ordered(practice: Practice, **more: Any) -> dict[str, Any]:
    """What a program sends for an appointment, without its end."""
    return {
        "starts_at": START,
        "appointment_type_id": practice.standard.pk,
        "business_id": practice.business.pk,
        "patient_id": practice.ada.pk,
        "practitioner_id": str(practice.amy.pk),
    } | more


def test_an_appointment_is_as_long_as_its_type_and_is_booked_with_its_attendee(
    program: Program, northside: Practice
) -> None:
    made = program.post("/individual_appointments", ordered(northside))
    assert (made["starts_at"], made["ends_at"]) == (START, "2026-03-03T01:45:00Z")
    assert made["patient_name"] == "Ada Rossi"
    assert made["patient_case"] is None
    [visit] = Attendee.objects.filter(booking=int(made["id"]))
    assert made["patient"]["links"]["self"] == f"{BASE}/patients/{visit.patient_id}"


def test_a_move_keeps_the_length_and_another_type_brings_its_own(
    program: Program, northside: Practice
) -> None:
    made = program.post("/individual_appointments", ordered(northside))
    path = f"/individual_appointments/{made['id']}"
    moved = program.patch(path, {"starts_at": "2026-03-03T14:00:00.250+10:00"})
    assert (moved["starts_at"], moved["ends_at"]) == (
        "2026-03-03T04:00:00Z",
        "2026-03-03T04:45:00Z",
    )
    short = AppointmentType.objects.create(name="Short", duration_in_minutes=15)
    changed = program.patch(path, {"appointment_type_id": short.pk, "starts_at": START})
    assert changed["ends_at"] == "2026-03-03T01:15:00Z"
    assert changed["appointment_type"]["links"]["self"].endswith(f"/{short.pk}")


def test_what_cannot_be_chosen_is_named_all_at_once(program: Program, northside: Practice) -> None:
    sent = ordered(northside, business_id=1, practitioner_id="2", appointment_type_id=3)
    status, body = program.call("POST", "/individual_appointments", sent)
    assert (status, set(body["errors"])) == (422, {"business", "practitioner", "appointment_type"})
    status, body = program.call("POST", "/appointments", {"appointment_start": START})
    expected = {"business", "practitioner", "appointment_type", "patient"}
    assert (status, set(body["errors"])) == (422, expected)


def test_a_time_that_is_none_is_refused(program: Program, northside: Practice) -> None:
    for times in (
        {"ends_at": START},
        {"ends_at": "2026-03-05T01:00:00Z"},
        {"starts_at": "0001-01-01T00:00:00Z"},
        {"starts_at": "9999-12-31T23:59:00Z"},
    ):
        sent = ordered(northside, **times)
        status, body = program.call("POST", "/individual_appointments", sent)
        assert (status, set(body["errors"])) == (422, {next(iter(times))})


def test_who_has_left_keeps_their_appointments_and_gets_no_new_ones(
    program: Program, northside: Practice
) -> None:
    made = program.post("/individual_appointments", ordered(northside))
    northside.amy.active = False
    northside.amy.save()
    kept = {"practitioner_id": northside.amy.pk, "notes": "Left"}
    assert program.patch(f"/individual_appointments/{made['id']}", kept)["notes"] == "Left"
    status, body = program.call("POST", "/individual_appointments", ordered(northside))
    assert (status, body["errors"]) == (422, {"practitioner": "must exist"})


def test_an_appointment_stays_with_its_patient(program: Program, northside: Practice) -> None:
    made = program.post("/individual_appointments", ordered(northside))
    path = f"/individual_appointments/{made['id']}"
    status, body = program.call("PATCH", path, {"patient_id": northside.patient().pk})
    assert (status, list(body["errors"])) == (422, ["patient"])


def test_it_joins_a_case_and_leaves_it(program: Program, northside: Practice) -> None:
    left, right = northside.case(), northside.case("Right knee")
    made = program.post(
        "/individual_appointments", ordered(northside, patient_case_id=str(left.pk))
    )
    path = f"/individual_appointments/{made['id']}"
    assert made["patient_case"]["links"]["self"] == f"{BASE}/patient_cases/{left.pk}"
    for case in (right.pk, None):
        later = {"patient_case_id": case, "starts_at": "2026-03-04T01:00:00Z"}
        program.patch(path, later)
        assert Attendee.objects.get(booking=int(made["id"])).case_id == case
    others = northside.case("Elbow", patient=northside.patient())
    status, body = program.call("PATCH", path, {"patient_case_id": others.pk})
    assert (status, body["code"], list(body["errors"])) == (422, "wrong_patient", ["patient_case"])
    status, body = program.call("PATCH", path, {"patient_case_id": 17})
    assert (status, body["errors"]) == (422, {"patient_case": "must exist"})


def test_cancelling_needs_no_body_and_is_seen_only_by_who_asks(
    program: Program, northside: Practice
) -> None:
    made = program.post("/individual_appointments", ordered(northside))
    path = f"/individual_appointments/{made['id']}"
    assert program.call("PATCH", f"{path}/cancel") == (204, None)
    assert program.call("GET", path)[0] == 404
    cancelled = program.get(f"{path}?q[]=cancelled_at:*")
    assert cancelled["cancellation_reason"] == 50
    assert cancelled["cancellation_reason_description"] == "Other"
    [listed] = program.get("/appointments/cancelled")["appointments"]
    assert listed["cancellation_time"] == cancelled["cancelled_at"]
    status, body = program.call("PATCH", f"{path}/cancel", {"cancellation_reason": 7})
    assert status == 404, body


def test_a_change_of_the_attendee_is_a_change_of_the_appointment(
    program: Program, northside: Practice
) -> None:
    visit = northside.attend()
    later = visit.booking.updated_at + timedelta(hours=1)
    Attendee.objects.filter(pk=visit.pk).update(updated_at=later, did_not_arrive=True)
    written = later.strftime("%Y-%m-%dT%H:%M:%SZ")
    changed = (
        f"q[]=updated_at:>={written}&q[]=did_not_arrive:=true&q[]=patient_id:={northside.ada.pk}"
    )
    body = program.get(f"/individual_appointments?{changed}&per_page=1&sort=updated_at:desc")
    assert [one["updated_at"] for one in body["individual_appointments"]] == [written]
    assert body["total_entries"] == 1


def test_double_bookings_are_told_and_refused_only_where_the_practice_says_so(
    program: Program, northside: Practice
) -> None:
    program.post("/individual_appointments", ordered(northside))
    ben = northside.patient()
    second = ordered(northside, patient_id=ben.pk)
    made = program.post("/individual_appointments", second)
    path = f"/individual_appointments/{made['id']}"
    assert program.get(f"{path}/conflicts") == {"conflicts": {"exist": True}}
    program.patch(path, {"starts_at": "2026-03-03T20:00:00Z"})  # the doors are closed
    assert program.get(f"{path}/conflicts") == {"conflicts": {"exist": False}}
    northside.account.booking_conflict_action = LimitAction.BLOCK
    northside.account.api_conflicts_block = True
    northside.account.save()
    status, body = program.call("PATCH", path, {"starts_at": START})
    assert (status, body["code"], list(body["errors"])) == (422, "booking_conflict", ["starts_at"])
    status, body = program.call("POST", "/appointments", second)
    assert (status, body["code"]) == (422, "booking_conflict")


def test_the_older_name_takes_the_older_names_of_times_and_stands_in_other_records(
    program: Program, northside: Practice
) -> None:
    sent = ordered(northside)
    sent["appointment_start"] = sent.pop("starts_at")
    made = program.post("/appointments", sent | {"appointment_end": "2026-03-03T01:10:00Z"})
    assert made["ends_at"] == made["appointment_end"] == "2026-03-03T01:10:00Z"
    northside.attend(patient=northside.patient(), at=NOON + timedelta(days=1))
    holders = {
        f"/patients/{northside.ada.pk}": 1,
        f"/practitioners/{northside.amy.pk}": 2,
        f"/businesses/{northside.business.pk}": 2,
    }
    for holder, number in holders.items():
        body = program.get(f"{holder}/appointments?per_page=1")
        assert (body["total_entries"], body["appointments"][0]["id"]) == (number, made["id"])
        assert program.get(f"{holder}/appointments/cancelled")["total_entries"] == 0
    assert program.call("GET", "/patients/17/appointments")[0] == 404
    Booking.objects.get(pk=int(made["id"])).archive(by=northside.by)
    assert program.get(f"/patients/{northside.ada.pk}/appointments/deleted")["total_entries"] == 1
