"""Approvals: a limit granted in portions; sessions that were used elsewhere."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from casewell.audit.models import Change
from casewell.cases.models import Approval, CaseFull, NotRaised, PatientCase
from casewell.cases.usage import Status

if TYPE_CHECKING:
    from tests.world import Practice

TODAY = date(2026, 3, 3)


def test_an_insurer_grants_six_then_partly_four_of_eight(northside: Practice) -> None:
    case = northside.case("Shoulder", max_sessions=2)
    Approval.grant(case, sessions=6, until=date(2026, 4, 1), by=northside.by)
    second = Approval.grant(
        case, sessions=4, asked_sessions=8, until=date(2026, 9, 1), by=northside.by
    )

    counted = PatientCase.objects.with_usage().get(pk=case.pk)
    assert (counted.usage.limit, counted.expires_on) == (10, date(2026, 9, 1))
    assert second.is_partial
    second.withdraw(by=northside.by)
    counted = PatientCase.objects.get(pk=case.pk)
    assert (counted.usage.limit, counted.expires_on) == (6, date(2026, 4, 1))


def test_an_approval_that_gives_time_alone_leaves_the_limit(northside: Practice) -> None:
    case = northside.case(max_sessions=5, expiry_date=TODAY)
    Approval.grant(case, until=date(2026, 9, 1), by=northside.by)

    assert (case.usage.limit, case.expires_on) == (5, date(2026, 9, 1))


def test_raising_the_limit_adds_a_row_with_its_reason(northside: Practice) -> None:
    case = northside.case(max_sessions=12)

    Approval.raise_limit(case, 13, "By phone, J. Lee", by=northside.by)

    assert PatientCase.objects.get(pk=case.pk).usage.limit == 13
    assert [(a.sessions, a.reason) for a in case.approvals.order_by("id")] == [
        (12, "The limit until then"),
        (1, "By phone, J. Lee"),
    ]
    latest = case.approvals.latest("id")
    assert [change.verb for change in Change.objects.of(latest)] == ["granted"]


@pytest.mark.parametrize(("limit", "to"), [(12, 12), (12, 3), (None, 5)])
def test_a_limit_is_raised_to_more_or_not_at_all(
    northside: Practice, limit: int | None, to: int
) -> None:
    case = northside.case(max_sessions=limit)

    with pytest.raises(NotRaised):
        Approval.raise_limit(case, to, "", by=northside.by)

    assert not case.approvals.exists()


def test_sessions_used_elsewhere_take_room_and_are_shown_apart(northside: Practice) -> None:
    case = northside.case(max_sessions=5, sessions_elsewhere=3, elsewhere_source="the patient")
    northside.attend(case)
    northside.attend(case)

    usage = PatientCase.objects.get(pk=case.pk).usage
    assert (str(usage), usage.counted, usage.elsewhere, usage.left) == ("5 of 5", 2, 3, 0)
    assert PatientCase.objects.get(pk=case.pk).status_on(TODAY) is Status.FULL
    assert list(PatientCase.objects.full()) == [case]
    with pytest.raises(CaseFull):
        northside.attend().link_to(case, by=northside.by)
