"""Bookings that repeat, through the API: made at once, found by the first, cancelled together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import Attendee, Booking, Series
from casewell.cases.models import PatientCase
from tests.api.client import BASE
from tests.api.test_appointments import ordered

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

WEEKLY = {"repeat_type": "Weekly", "number_of_repeats": 5, "repeating_interval": 1}
APPOINTMENTS = "/individual_appointments"


def repeating(
    practice: Practice, rule: dict[str, Any] | None = WEEKLY, **more: Any
) -> dict[str, Any]:
    """Six Mondays at nine in Sydney, over the end of summer time."""
    when = {"starts_at": "2036-03-16T22:00:00Z"}
    return ordered(practice, repeat_rule=rule) | when | more


def of_first(program: Program, key: str, path: str = APPOINTMENTS) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program.get(f"{path}?q[]=repeated_from_id:={key}")[path[1:]]
    return found


def test_the_repeats_are_booked_at_once_on_the_clock_and_lead_to_their_first(
    program: Program, northside: Practice
) -> None:
    made = program.post(APPOINTMENTS, repeating(northside))

    assert (made["repeat_rule"], made["repeated_from"]) == (WEEKLY, None)
    listed = f"{BASE}{APPOINTMENTS}?q%5B%5D=repeated_from_id%3A%3D{made['id']}"
    assert made["repeats"]["links"]["self"] == listed
    rest = of_first(program, made["id"])
    assert [one["starts_at"] for one in rest] == [
        "2036-03-23T22:00:00Z",
        "2036-03-30T22:00:00Z",
        "2036-04-06T23:00:00Z",  # clocks were put back
        "2036-04-13T23:00:00Z",
        "2036-04-20T23:00:00Z",
    ]
    assert {one["repeated_from"]["links"]["self"] for one in rest} == {
        f"{BASE}{APPOINTMENTS}/{made['id']}"
    }
    assert [(one["repeats"], one["repeat_rule"]) for one in rest] == [(None, WEEKLY)] * 5
    [alone] = program.get(f"{APPOINTMENTS}?q[]=repeated_from_id:!?")["individual_appointments"]
    assert alone["id"] == made["id"]


def test_all_of_them_join_the_case_or_none_is_booked(program: Program, northside: Practice) -> None:
    knee = northside.case(max_sessions=4)
    sent = repeating(northside, patient_case_id=str(knee.pk))

    status, body = program.call("POST", APPOINTMENTS, sent)
    assert (status, body["code"], list(body["errors"])) == (422, "case_full", ["patient_case"])
    assert not Booking.objects.exists()

    program.post(APPOINTMENTS, sent | {"when_full": "raise_limit", "raise_reason": "Agreed"})
    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "6 of 6"


@pytest.mark.parametrize(
    ("rule", "errors"),
    [
        (WEEKLY | {"number_of_repeats": 52}, "repeat_rule"),
        (WEEKLY | {"number_of_repeats": 0}, "repeat_rule"),
        (WEEKLY | {"repeating_interval": 101}, "repeat_rule"),
        (WEEKLY | {"repeat_type": "Yearly"}, "repeat_rule"),
        ({"repeat_type": "Weekly"}, "repeat_rule"),
        ({"number_of_repeats": 3}, "repeat_rule"),
        (
            {"repeat_type": "Monthly", "number_of_repeats": 51, "repeating_interval": 100},
            "repeat_rule",
        ),
    ],
)
def test_a_rule_out_of_bounds_is_refused(
    program: Program, northside: Practice, rule: dict[str, Any], errors: str
) -> None:
    status, body = program.call("POST", APPOINTMENTS, repeating(northside, rule))

    assert (status, list(body["errors"])) == (422, [errors])
    assert not Booking.objects.exists()


def test_an_empty_rule_repeats_nothing(program: Program, northside: Practice) -> None:
    empty: list[dict[str, Any] | None] = [{}, None, {"repeat_type": None}]
    for rule in empty:
        made = program.post(APPOINTMENTS, repeating(northside, rule))
        assert (made["repeat_rule"], made["repeats"]) == (None, None)
    assert not Series.objects.exists()


def test_an_appointment_that_is_there_begins_to_repeat_in_its_case(
    program: Program, northside: Practice
) -> None:
    knee = northside.case(max_sessions=6)
    sent = repeating(northside, {}, patient_case_id=knee.pk)
    made = program.post(APPOINTMENTS, sent)
    path = f"{APPOINTMENTS}/{made['id']}"

    assert program.patch(path, {"repeat_rule": WEEKLY, "notes": "Weekly"})["repeat_rule"] == WEEKLY

    assert len(of_first(program, made["id"])) == 5
    assert Attendee.objects.filter(case=knee).count() == 6
    assert {one["notes"] for one in of_first(program, made["id"])} == {"Weekly"}
    assert program.patch(path, {"repeat_rule": WEEKLY})["repeat_rule"] == WEEKLY
    status, body = program.call("PATCH", path, {"repeat_rule": WEEKLY | {"number_of_repeats": 7}})
    assert (status, list(body["errors"])) == (422, ["repeat_rule"])
    assert Booking.objects.count() == 6


def test_a_cancellation_goes_for_this_one_or_for_those_that_follow_too(
    program: Program, northside: Practice
) -> None:
    made = program.post(APPOINTMENTS, repeating(northside))
    rest = [one["id"] for one in of_first(program, made["id"])]
    body = {"cancellation_reason": 40, "apply_to_repeats": False}

    program.call("PATCH", f"{APPOINTMENTS}/{rest[0]}/cancel", body)
    visit = Attendee.objects.get(booking=int(rest[2]))
    status, _ = program.call(
        "PATCH", f"/attendees/{visit.pk}/cancel", body | {"apply_to_repeats": True}
    )

    assert status == 204
    assert [one["id"] for one in of_first(program, made["id"])] == [rest[1]]
    program.call("PATCH", f"{APPOINTMENTS}/{made['id']}/cancel", {"apply_to_repeats": True})
    assert not Booking.objects.live().exists()


def test_blocks_repeat_and_are_found_by_their_first_under_every_name(
    program: Program, northside: Practice
) -> None:
    block = {name: value for name, value in repeating(northside).items() if "type" not in name}
    block |= {"ends_at": "2036-03-16T23:00:00Z"}
    made = program.post("/unavailable_blocks", block)

    assert made["repeat_rule"] == WEEKLY
    assert len(of_first(program, made["id"], "/unavailable_blocks")) == 5
    assert len(of_first(program, made["id"], "/bookings")) == 5
    alone = program.post("/unavailable_blocks", block | {"repeat_rule": None})
    path = f"/unavailable_blocks/{alone['id']}"
    daily = {"repeat_type": "Daily", "number_of_repeats": 2, "repeating_interval": 3}
    program.patch(path, {"repeat_rule": daily})
    later = of_first(program, alone["id"], "/unavailable_blocks")
    assert [one["starts_at"] for one in later] == ["2036-03-19T22:00:00Z", "2036-03-22T22:00:00Z"]


def test_under_the_older_name_they_are_found_by_the_older_filter(
    program: Program, northside: Practice
) -> None:
    made = program.post("/appointments", repeating(northside))

    query = f"q[]=repeated_from_appointment_id:={made['id']}"
    found = program.get(f"/appointments?{query}")["appointments"]

    assert len(found) == 5
    older = {one["appointment_repeated_from"]["links"]["self"] for one in found}
    assert older == {f"{BASE}/appointments/{made['id']}"}
    assert "repeated_from_appointment_id" in made["repeats"]["links"]["self"]
