"""Patient cases through the API: what is added beside the contract, and lists of visits."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.cases.models import PatientCase, Programme
from casewell.tenancy.scope import account_scope
from tests.world import NOON

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
UNCOUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET LOCAL")


def test_a_case_says_what_is_used_booked_and_left_as_the_pages_do(
    program: Program, northside: Practice
) -> None:
    case = northside.case(max_sessions=5, sessions_elsewhere=1, expiry_date=date(2026, 12, 1))
    for days in (-2, -1, 3):
        northside.attend(case, NOON + timedelta(days=days))
    northside.attend(case, NOON + timedelta(days=4), did_not_arrive=True)
    answer = program.get(f"/patient_cases/{case.pk}")
    counted = ("sessions_counted", "sessions_used", "sessions_booked", "sessions_left")
    assert [answer[name] for name in counted] == [3, 2, 1, 1]
    assert (answer["status"], answer["session_limit"]) == ("open", 5)
    assert answer["expires_on"] == "2026-12-01"
    assert len(answer["attendee_ids"]) == 4
    usage = PatientCase.objects.with_usage().get(pk=case.pk).usage
    assert (usage.counted, usage.used, usage.left) == (3, 2, 1)


def test_the_status_of_every_case_is_the_word_of_the_pages_and_finds_it(
    program: Program, northside: Practice
) -> None:
    made = {
        "open": northside.case("a", max_sessions=2),
        "full": northside.case("b", max_sessions=1),
        "expired": northside.case("c", expiry_date=date(2026, 3, 2)),
        "closed": northside.case("d", closed_at=NOON),
        "archived": northside.case("e", archived_at=NOON),
    }
    northside.attend(made["full"])
    today = northside.account.today()
    for word, case in made.items():
        assert case.status_on(today) == word
        shown = program.get(f"/patient_cases?q[]=status:={word}&q[]=archived_at:*")
        assert [one["id"] for one in shown["patient_cases"]] == [str(case.pk)]
        assert shown["patient_cases"][0]["status"] == word


def test_a_capped_programme_answers_with_its_periods(program: Program, northside: Practice) -> None:
    programme = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    case = northside.case(programme=programme, discipline="Physiotherapy")
    other = northside.case("Second", programme=programme, discipline="Podiatry")
    northside.attend(case, NOON)
    northside.attend(other, NOON + timedelta(days=300))
    northside.attend(other, NOON + timedelta(days=310))
    answer = program.get(f"/patient_cases/{case.pk}")
    assert [(use["period"], use["sessions_counted"]) for use in answer["period_usage"]] == [
        ("2026", 2),
        ("2027", 1),
    ]
    assert answer["period_usage"][0] | {} == {
        "period": "2026",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "sessions_counted": 2,
        "limit": 5,
        "sessions_left": 3,
    }
    listed = program.get(f"/patient_cases?q[]=programme:={programme.code}")
    assert [one["period_usage"] for one in listed["patient_cases"]] == [answer["period_usage"]] * 2
    assert program.get(f"/patient_cases/{northside.case('x').pk}")["period_usage"] == []


def test_kinds_that_the_contract_does_not_know_are_told_beside_it(
    program: Program, northside: Practice
) -> None:
    case = northside.case(referral=True, referral_type="ndis")
    answer = program.get(f"/patient_cases/{case.pk}")
    assert (answer["referral_type"], answer["funding_type"]) == (None, "ndis")
    kept = program.patch(f"/patient_cases/{case.pk}", {"name": "Renamed"})
    assert kept["funding_type"] == "ndis"


def test_a_list_of_visits_replaces_what_was_in_the_case(
    program: Program, northside: Practice
) -> None:
    case = northside.case(max_sessions=3)
    first, second, third = (northside.attend(at=NOON + timedelta(days=n)) for n in (1, 2, 3))
    path = f"/patient_cases/{case.pk}"
    ids: list[Any] = [str(first.pk), second.pk]
    assert program.patch(path, {"attendee_ids": ids})["attendee_ids"] == [
        str(first.pk),
        str(second.pk),
    ]
    kept = program.patch(path, {"attendee_ids": [second.pk, third.pk]})
    assert kept["attendee_ids"] == [str(second.pk), str(third.pk)]
    assert kept["sessions_counted"] == 2
    assert program.patch(path, {"attendee_ids": None})["attendee_ids"] == []


def test_a_list_that_does_not_fit_changes_nothing(
    program: Program, northside: Practice, elsewhere: Practice
) -> None:
    case = northside.case(max_sessions=1, limit_action="block")
    first, second = (northside.attend(at=NOON + timedelta(days=n)) for n in (1, 2))
    path = f"/patient_cases/{case.pk}"
    program.patch(path, {"attendee_ids": [first.pk]})
    status, body = program.call(
        "PATCH", path, {"attendee_ids": [first.pk, second.pk], "name": "Other"}
    )
    assert (status, body["code"]) == (422, "case_full")
    assert set(body["errors"]) == {"attendee_ids"}
    with account_scope(elsewhere.account):
        theirs = elsewhere.attend()
    others = northside.attend(patient=northside.patient())
    for wrong in (theirs.pk, 1, others.pk):
        assert program.call("PATCH", path, {"attendee_ids": [wrong]})[0] == 422
    answer = program.get(path)
    assert (answer["name"], answer["attendee_ids"]) == ("Left knee", [str(first.pk)])


def test_a_case_is_another_patients_only_while_it_is_empty(
    program: Program, northside: Practice
) -> None:
    case, ben = northside.case(), northside.patient()
    path = f"/patient_cases/{case.pk}"
    assert program.patch(path, {"patient_id": ben.pk})["patient"]["links"]["self"].endswith(
        f"/patients/{ben.pk}"
    )
    northside.attend(PatientCase.objects.get(pk=case.pk))
    status, body = program.call("PATCH", path, {"patient_id": str(northside.ada.pk)})
    assert (status, list(body["errors"])) == (422, ["patient"])


def test_closing_and_opening_again_is_a_property(program: Program, northside: Practice) -> None:
    path = f"/patient_cases/{northside.case().pk}"
    assert program.patch(path, {"closed": True})["closed_at"] == "2026-03-03T01:00:00Z"
    assert program.get("/patient_cases/active")["total_entries"] == 0
    opened = program.patch(path, {"closed": False})
    assert (opened["closed"], opened["closed_at"], opened["status"]) == (False, None, "open")


def test_an_amount_is_a_number_or_a_text_and_both_limits_may_stand(
    program: Program, northside: Practice
) -> None:
    path = f"/patient_cases/{northside.case(max_sessions=4).pk}"
    for sent, kept in ((850.5, "850.50"), ("99.95", "99.95"), (7, "7.00")):
        answer = program.patch(path, {"max_invoiceable_amount": sent})
        assert (answer["max_invoiceable_amount"], answer["max_sessions"]) == (kept, 4)
    for wrong in ("a", -1, 0, True, [1]):
        status, body = program.call("PATCH", path, {"max_invoiceable_amount": wrong})
        assert (status, list(body["errors"])) == (422, ["max_invoiceable_amount"]), wrong


def test_reading_takes_two_statements_and_a_list_three_whatever_its_length(
    program: Program, northside: Practice
) -> None:
    programme = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    for name in ("one", "two", "three"):
        case = northside.case(name, programme=programme)
        northside.attend(case, datetime(2026, 5, len(name), 1, tzinfo=UTC))
    for path, most in ((f"/patient_cases/{case.pk}", 2), ("/patient_cases?per_page=2", 3)):
        program.get(path)  # the key's first call this minute is noted
        with CaptureQueriesContext(connection) as captured:
            program.get(path)
        sent = [q["sql"] for q in captured.captured_queries]
        assert len([s for s in sent if not s.startswith(UNCOUNTED)]) == most, sent
