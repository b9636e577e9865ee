"""A case that refuses a program's visit: a stable code, the ways on, and taking the one named."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.accounts.models import LimitAction
from casewell.accounts.roles import Role
from casewell.appointments.models import Attendee
from casewell.cases.models import Approval, PatientCase
from tests.api.client import program_of
from tests.api.examples.bookings import group
from tests.api.test_appointments import ordered

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

ALL = ["replace_last", "raise_limit", "successor"]


def in_days(days: int) -> datetime:
    return (timezone.now() + timedelta(days=days)).replace(
        hour=1, minute=0, second=0, microsecond=0
    )


def full(practice: Practice, *days: int) -> PatientCase:
    """A case that is full with visits in so many days each."""
    case = practice.case(max_sessions=len(days))
    for day in days:
        practice.attend(case, at=in_days(day))
    return case


def one_more(practice: Practice, case: PatientCase, day: int = 1, **more: Any) -> dict[str, Any]:
    """What a program sends to book one more visit into it."""
    at = in_days(day).isoformat()
    return ordered(practice, patient_case_id=str(case.pk), starts_at=at, **more)


def test_a_full_case_is_told_with_its_code_and_the_ways_on_beside_the_errors(
    program: Program, northside: Practice
) -> None:
    case = full(northside, 2, 3)
    before = Attendee.objects.count()
    status, body = program.call("POST", "/individual_appointments", one_more(northside, case))
    assert (status, body["message"], body["code"]) == (422, "Validation Failed", "case_full")
    assert body["choices"] == ALL
    assert list(body["errors"]) == ["patient_case"]
    assert "All 2 sessions" in body["errors"]["patient_case"]
    assert Attendee.objects.count() == before


def test_the_last_visit_makes_room_and_stays_booked(program: Program, northside: Practice) -> None:
    case = full(northside, 2, 3)
    sent = one_more(northside, case, when_full="replace_last")
    made = program.post("/individual_appointments", sent)
    assert made["patient_case"]["links"]["self"].endswith(str(case.pk))
    last = Attendee.objects.get(booking__starts_at=in_days(3))
    assert (last.case_id, last.cancelled_at) == (None, None)


def test_no_visit_makes_room_for_a_later_one(program: Program, northside: Practice) -> None:
    case = full(northside, 2, 3)
    sent = one_more(northside, case, 9, when_full="replace_last")
    status, body = program.call("POST", "/individual_appointments", sent)
    assert (status, body["choices"]) == (422, ["raise_limit", "successor"])
    assert "later" in body["errors"]["when_full"]


def test_the_limit_is_raised_for_a_reason_to_what_is_needed_or_said(
    program: Program, northside: Practice
) -> None:
    case = full(northside, 2, 3)
    sent = one_more(northside, case, when_full="raise_limit")
    status, body = program.call("POST", "/individual_appointments", sent)
    assert (status, body["errors"]) == (422, {"raise_reason": "can't be blank"})
    program.post("/individual_appointments", sent | {"raise_reason": "Letter of 3 March"})
    assert PatientCase.objects.get(pk=case.pk).limit == 3
    visit = northside.attend(at=in_days(5))
    raised = {"when_full": "raise_limit", "raise_to": 9, "raise_reason": "Letter of 5 March"}
    program.patch(f"/attendees/{visit.pk}", {"patient_case_id": case.pk} | raised)
    assert PatientCase.objects.get(pk=case.pk).limit == 9
    reasons = [one.reason for one in Approval.objects.order_by("id")]
    assert reasons[1:] == ["Letter of 3 March", "Letter of 5 March"]


def test_the_next_case_takes_the_visit_and_those_to_come_until_it_is_full(
    program: Program, northside: Practice
) -> None:
    case = full(northside, -3, 2, 3)
    visit = northside.attend(at=in_days(9))
    path = f"/individual_appointments/{visit.booking_id}"
    changed = program.patch(path, {"patient_case_id": case.pk, "when_full": "successor"})
    [successor] = case.successors.all()
    assert changed["patient_case"]["links"]["self"].endswith(str(successor.pk))
    assert successor.attendees.count() == 3
    case.refresh_from_db()
    assert case.closed_at


def test_a_way_that_is_named_is_taken_only_where_the_case_refuses(
    program: Program, northside: Practice
) -> None:
    case = northside.case(max_sessions=1)
    sent = one_more(northside, case, when_full="raise_limit", raise_reason="Just in case")
    program.post("/individual_appointments", sent)
    assert not Approval.objects.exists()


def test_a_role_is_offered_and_let_do_only_what_the_practice_says(northside: Practice) -> None:
    northside.member.role = Role.RECEPTIONIST
    northside.member.save()
    account = northside.account
    account.when_full_roles = account.when_full_roles | {"raise": ["administrator"]}
    account.save()
    desk, case = program_of(northside), full(northside, 2)
    sent = one_more(northside, case)
    status, body = desk.call("POST", "/individual_appointments", sent)
    assert (status, body["choices"]) == (422, ["replace_last", "successor"])
    sent |= {"when_full": "raise_limit", "raise_reason": "I want to"}
    status, body = desk.call("POST", "/individual_appointments", sent)
    assert (status, list(body["errors"])) == (422, ["when_full"])
    assert body["choices"] == ["replace_last", "successor"]
    assert PatientCase.objects.get(pk=case.pk).limit == 1


def test_nothing_helps_with_a_closed_case_or_another_patients(
    program: Program, northside: Practice
) -> None:
    closed = northside.case()
    closed.close("Done", by=northside.by)
    others = northside.case("Elbow", patient=northside.patient())
    for case, code in ((closed, "case_closed"), (others, "wrong_patient")):
        sent = one_more(northside, case, when_full="successor")
        status, body = program.call("POST", "/individual_appointments", sent)
        assert (status, body["code"], body["choices"]) == (422, code, [])
        assert list(body["errors"]) == ["patient_case"]


def test_what_does_not_help_is_not_done(program: Program, northside: Practice) -> None:
    northside.account.case_expiry_action = LimitAction.BLOCK
    northside.account.save()
    case = northside.case(expiry_date=date(2020, 1, 1))
    sent = one_more(northside, case, when_full="raise_limit", raise_reason="So what")
    status, body = program.call("POST", "/individual_appointments", sent)
    assert (status, body["code"], body["choices"]) == (422, "case_expired", ["successor"])
    made = program.post("/individual_appointments", sent | {"when_full": "successor"})
    assert not made["patient_case"]["links"]["self"].endswith(str(case.pk))


@pytest.mark.parametrize("way", [None, "raise_limit"])
def test_one_who_came_after_all_asks_the_case_again(
    program: Program, northside: Practice, way: str | None
) -> None:
    case = full(northside, 2)
    missed = northside.attend(case, at=in_days(-1), did_not_arrive=True)
    sent = {"arrived": True, "when_full": way, "raise_reason": "Came late"}
    status, body = program.call("PATCH", f"/attendees/{missed.pk}", sent)
    if way is None:
        assert (status, body["code"], body["choices"]) == (422, "case_full", ALL)
    else:
        assert (status, body["arrived"], body["case_position"]) == (200, True, 1)


def test_a_place_in_a_group_takes_the_same_ways(program: Program, northside: Practice) -> None:
    case, one = full(northside, 2), group(northside)
    sent = {"booking_id": one.pk, "patient_id": northside.ada.pk, "patient_case_id": case.pk}
    status, body = program.call("POST", "/attendees", sent)
    assert (status, body["code"], body["choices"]) == (422, "case_full", ALL)
    made = program.post("/attendees", sent | {"when_full": "replace_last"})
    assert made["case_position"] == 1
    assert one.attendees.count() == 1


def test_a_list_of_visits_that_does_not_fit_has_its_ways_on_too(
    program: Program, northside: Practice
) -> None:
    case = full(northside, 2)
    inside = [one.pk for one in case.attendees.all()]
    two = [northside.attend(at=in_days(n)).pk for n in (3, 4)]
    path = f"/patient_cases/{case.pk}"
    sent = {"attendee_ids": [*inside, *two]}
    status, body = program.call("PATCH", path, sent)
    assert (status, body["code"], list(body["errors"])) == (422, "case_full", ["attendee_ids"])
    assert body["choices"] == ["raise_limit", "successor"]  # one that leaves is too few
    raised = sent | {"when_full": "raise_limit", "raise_reason": "Letter of 3 March"}
    answer = program.patch(path, raised)
    assert (answer["session_limit"], answer["sessions_counted"]) == (3, 3)
