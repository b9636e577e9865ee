"""A case's limit on its page: what is granted, put back, raised, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.case_policy import WhenFull
from casewell.accounts.roles import Role
from casewell.cases.models import Approval
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client


def test_an_insurer_grants_six_and_then_partly_four_of_eight(
    northside: Practice, desk: Client
) -> None:
    case = northside.case("Insurer")
    address = f"/northside/cases/{case.pk}"
    desk.post(f"{address}/approvals", {"number": "A-1", "asked_sessions": "6", "sessions": "6"})
    later = {"number": "A-2", "asked_sessions": "8", "sessions": "4", "until": "2027-06-30"}
    answer = desk.post(f"{address}/approvals", later, follow=True)

    page = " ".join(answer.content.decode().split())
    assert "<b>4 of 8 asked</b>" in page
    assert "partly approved" in page
    assert "<b>0 of 10</b>" in page
    assert "until 30 Jun 2027" in page
    fresh = northside.account.patient_cases.get(pk=case.pk)
    assert (fresh.usage.limit, str(fresh.expires_on)) == (10, "2027-06-30")


def test_a_withdrawn_approval_leaves_the_limit_and_can_be_put_back(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_sessions=2)
    portion = Approval.grant(case, sessions=5, by=northside.by)
    for number in range(3):
        northside.attend(case, NOON + timedelta(days=number))

    gone = desk.post(f"/northside/approvals/{portion.pk}/withdrawal", follow=True)
    after = northside.account.patient_cases.get(pk=case.pk).usage
    desk.post(f"/northside/approvals/{portion.pk}/return")

    assert "3 of 2 sessions: more than its limit" in gone.content.decode()
    assert "Put back" in gone.content.decode()
    assert str(after) == "3 of 2"
    assert str(northside.account.patient_cases.get(pk=case.pk).usage) == "3 of 5"


def test_an_approval_put_back_below_what_is_counted_says_so(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_sessions=10)
    portion = Approval.grant(case, sessions=2, by=northside.by)
    portion.withdraw(by=northside.by)
    for number in range(3):
        northside.attend(case, NOON + timedelta(days=number))

    back = desk.post(f"/northside/approvals/{portion.pk}/return", follow=True)

    assert "3 of 2 sessions: more than its limit" in back.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"sessions": "-1"},
        {"sessions": "201"},
        {"sessions": "9" * 40},
        {"amount": "-5"},
        {"sessions": "3", "approved_on": "2026-05-01", "until": "2026-04-30"},
    ],
)
def test_an_approval_that_cannot_be_is_refused_with_what_was_typed(
    northside: Practice, desk: Client, typed: dict[str, str]
) -> None:
    case = northside.case()

    answer = desk.post(f"/northside/cases/{case.pk}/approvals", {"number": "A-7", **typed})

    assert answer.status_code == 422
    assert 'value="A-7"' in answer.content.decode()
    assert not northside.account.approvals.exists()


def test_a_raised_limit_says_why_and_one_that_is_no_more_is_refused(
    northside: Practice, desk: Client
) -> None:
    case = northside.case(max_sessions=6)
    address = f"/northside/cases/{case.pk}/limit"

    less = desk.post(address, {"to": "6", "reason": "None"})
    more = desk.post(address, {"to": "8", "reason": "GP rang"}, follow=True)

    assert less.status_code == 422
    assert "has 6 sessions already" in less.content.decode()
    assert "GP rang" in more.content.decode()
    assert northside.account.patient_cases.get(pk=case.pk).usage.limit == 8


def test_who_may_raise_a_limit_is_the_practices_word(northside: Practice, desk: Client) -> None:
    case = northside.case(max_sessions=6)
    northside.account.when_full_roles = {WhenFull.RAISE.value: [Role.ADMINISTRATOR.value]}
    northside.account.save()

    answer = desk.post(f"/northside/cases/{case.pk}/limit", {"to": "8", "reason": "GP rang"})

    assert answer.status_code == 403
    assert not northside.account.approvals.exists()
