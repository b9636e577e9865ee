"""Who may give a case more sessions: the practice's word, at every door by which a limit grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.accounts.case_policy import WhenFull
from casewell.accounts.roles import Role
from casewell.cases.models import Approval

if TYPE_CHECKING:
    from django.test import Client

    from casewell.cases.models import PatientCase
    from tests.world import Practice

MAY_NOT = "only an administrator or a power receptionist may"


@pytest.fixture
def held_back(northside: Practice) -> Practice:
    """The practice lets two other roles raise limits, and not its receptionist."""
    roles = [Role.ADMINISTRATOR.value, Role.POWER_RECEPTIONIST.value]
    northside.account.when_full_roles = {WhenFull.RAISE.value: roles}
    northside.account.save()
    return northside


def limit_of(case: PatientCase) -> int | None:
    limit: int | None = case.account.patient_cases.get(pk=case.pk).limit
    return limit


def test_approvals_are_granted_and_put_back_by_whom_the_practice_lets_alone(
    held_back: Practice, desk: Client
) -> None:
    case = held_back.case(max_sessions=6)
    first, second = (Approval.grant(case, sessions=n, by=held_back.by) for n in (4, 3))
    second.withdraw(by=held_back.by)
    page = desk.get(f"/northside/cases/{case.pk}").content.decode()

    doors = {
        f"/northside/cases/{case.pk}/approvals": {"sessions": "5"},
        f"/northside/approvals/{second.pk}/return": {},
    }
    for address, body in doors.items():
        answer = desk.post(address, body)
        assert address not in page
        assert answer.status_code == 403
        assert MAY_NOT in answer.content.decode()

    assert MAY_NOT in page
    assert f"/northside/cases/{case.pk}/limit" not in page
    assert limit_of(case) == 4
    assert desk.post(f"/northside/approvals/{first.pk}/withdrawal").status_code == 403  # then 6


def test_an_approval_is_withdrawn_where_that_leaves_no_more(
    held_back: Practice, desk: Client
) -> None:
    case = held_back.case(max_sessions=6)
    approvals = [Approval.grant(case, sessions=n, by=held_back.by) for n in (4, 3)]

    assert desk.post(f"/northside/approvals/{approvals[0].pk}/withdrawal").status_code == 302

    assert limit_of(case) == 3


def test_who_may_not_raise_leaves_or_lowers_a_limit_in_the_form_and_is_told_who_may(
    held_back: Practice, desk: Client
) -> None:
    case = held_back.case(max_sessions=6)
    address = f"/northside/cases/{case.pk}/edit"

    def sent(kind: str, sessions: str) -> str:
        typed = {"name": "Left knee", "limit_kind": kind, "max_sessions": sessions}
        answer = desk.post(address, typed)
        said = " ".join(answer.content.decode().split())
        assert answer.status_code == (422 if said else 302)
        return said

    for kind, sessions, field in (
        ("sessions", "7", "max_sessions"),
        ("none", "", "limit_kind"),
        ("amount", "", "limit_kind"),
        ("", "", "max_sessions"),
        ("", "7", "max_sessions"),
    ):
        said = sent(kind, sessions)
        assert f"Raising the limit of 6, or taking it away: {MAY_NOT}." in said
        assert f'id="id_{field}_error"' in said
        assert limit_of(case) == 6
    for sessions in ("6", "5"):
        sent("sessions", sessions)
        assert limit_of(case) == int(sessions)


def test_who_may_not_raise_makes_no_room_by_warning_or_by_counting_less(
    held_back: Practice, desk: Client
) -> None:
    counts = ("include_cancelled_attendees", "include_dna_attendees")
    case = held_back.case(
        max_sessions=6, include_cancelled_attendees=True, include_dna_attendees=True
    )
    kept = {"name": "Left knee", "limit_kind": "sessions", "max_sessions": "6"}
    kept |= {"limit_action": "", **dict.fromkeys(counts, "on")}
    address = f"/northside/cases/{case.pk}/edit"

    for name, typed in (
        ("limit_action", kept | {"limit_action": "warn"}),
        *((name, {key: on for key, on in kept.items() if key != name}) for name in counts),
    ):
        answer = desk.post(address, typed)
        assert answer.status_code == 422
        assert f'id="id_{name}_error"' in answer.content.decode()
        assert MAY_NOT in answer.content.decode()
    assert desk.post(address, kept | {"limit_action": "block"}).status_code == 302

    found = held_back.account.patient_cases.get(pk=case.pk)
    assert (found.limit_action, found.include_dna_attendees) == ("block", True)
    assert found.include_cancelled_attendees


def test_a_case_without_a_limit_is_given_one_and_a_new_case_any(
    held_back: Practice, desk: Client
) -> None:
    endless = held_back.case("Endless")
    typed = {"name": "Hip", "limit_kind": "sessions", "max_sessions": "30"}

    answers = [
        desk.post(f"/northside/cases/{endless.pk}/edit", typed),
        desk.post(f"/northside/patients/{held_back.ada.pk}/cases/new", typed),
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert {limit_of(case) for case in held_back.account.patient_cases.all()} == {30}


def test_whom_the_practice_lets_raises_in_the_form_and_by_approvals(
    held_back: Practice, desk: Client
) -> None:
    held_back.account.admit(held_back.member.user, role=Role.POWER_RECEPTIONIST)
    case = held_back.case(max_sessions=6)
    typed = {"name": "Left knee", "limit_kind": "sessions", "max_sessions": "7"}

    desk.post(f"/northside/cases/{case.pk}/edit", typed)
    assert limit_of(case) == 7
    page = desk.get(f"/northside/cases/{case.pk}").content.decode()
    desk.post(f"/northside/cases/{case.pk}/approvals", {"sessions": "9"})

    assert MAY_NOT not in page
    assert f"/northside/cases/{case.pk}/approvals" in page
    assert limit_of(case) == 9


def test_who_may_is_said_in_words(northside: Practice) -> None:
    account = northside.account
    for roles, words in (
        ([], "the practice lets no role do it"),
        ([Role.SCHEDULER], "the practice lets no role do it"),  # who may not change cases at all
        ([Role.ADMINISTRATOR], "only an administrator may"),
        (
            [Role.RECEPTIONIST, Role.PRACTITIONER, Role.ADMINISTRATOR],
            "only an administrator, a practitioner or a receptionist may",
        ),
    ):
        account.when_full_roles = {WhenFull.RAISE.value: [role.value for role in roles]}
        assert account.who_may(WhenFull.RAISE) == words
