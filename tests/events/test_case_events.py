"""What receivers are told of cases: that one is full, and that one nears its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from casewell.appointments.models.linking import link_in_bulk
from casewell.cases.forms import PatientCaseForm
from casewell.cases.models import Approval, CaseFull
from casewell.cases.reminders import tell as remind
from casewell.events.kinds import EventType
from casewell.events.models import Event
from tests.events.world import happened, listen
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice

DAY = timedelta(days=1)


def full(northside: Practice) -> int:
    return happened().count("patient_case.full")


def test_the_visit_that_takes_the_last_session_says_that_the_case_is_full(
    northside: Practice,
) -> None:
    case = northside.case(max_sessions=2)
    listen(northside, types=[EventType.CASE_FULL])

    northside.booking(NOON).book(northside.ada, case, by=northside.by)
    assert full(northside) == 0
    second = northside.booking(NOON + DAY).book(northside.ada, case, by=northside.by)
    assert full(northside) == 1
    with pytest.raises(CaseFull):
        northside.booking(NOON + 2 * DAY).book(northside.ada, case, by=northside.by)
    second.mark(arrived=True, by=northside.by)
    assert full(northside) == 1  # it is so still
    second.cancel(50, by=northside.by)
    second.reinstate(by=northside.by)
    assert full(northside) == 2

    assert set(Event.objects.values_list("target_id", "path")) == {(case.pk, "patient_cases")}


def test_visits_that_change_places_in_a_full_case_do_not_fill_it(northside: Practice) -> None:
    case = northside.case(max_sessions=1)
    inside, coming = northside.attend(case), northside.attend(at=NOON + DAY)
    listen(northside, types=[EventType.CASE_FULL])

    link_in_bulk(case, add=[coming.pk], remove=[inside.pk], by=northside.by)

    assert full(northside) == 0


def filled_by_form(northside: Practice, **values: Any) -> None:
    case = northside.account.patient_cases.get()
    form = PatientCaseForm({"name": case.name, **values}, instance=case)
    assert form.is_valid(), form.errors
    form.save(by=northside.by)


@pytest.mark.parametrize(
    ("values", "times"),
    [({"max_sessions": 1}, 1), ({"max_sessions": 2}, 0), ({"name": "Right knee"}, 0)],
)
def test_a_lower_limit_can_fill_a_case(
    northside: Practice, values: dict[str, Any], times: int
) -> None:
    northside.attend(northside.case(max_sessions=3))
    listen(northside, types=[EventType.CASE_FULL])

    filled_by_form(northside, **({"max_sessions": 3} | values))

    assert full(northside) == times


def test_an_approval_that_is_less_or_withdrawn_can_fill_a_case(northside: Practice) -> None:
    case = northside.case(max_sessions=5)
    northside.attend(case)
    listen(northside, types=[EventType.CASE_FULL])

    Approval.grant(case, sessions=1, by=northside.by)
    assert full(northside) == 1
    more = Approval.grant(case, sessions=1, by=northside.by)
    assert full(northside) == 1
    more.withdraw(by=northside.by)
    assert full(northside) == 2


def test_a_case_that_nears_its_end_is_told_once_for_each_threshold(northside: Practice) -> None:
    listen(northside, types=[EventType.CASE_EXPIRING])
    today = northside.account.today()
    near, far = (northside.case(expiry_date=today + days * DAY) for days in (30, 31))

    for _ in range(2):
        remind(northside.account)
    assert list(Event.objects.values_list("type", "target_id")) == [
        ("patient_case.expiring", near.pk)
    ]
    with time_machine.travel(timezone.now() + 23 * DAY):
        remind(northside.account)
    assert happened() == ["patient_case.expiring"] * 2 + ["patient_case.expiring"]
    assert Event.objects.filter(target_id=far.pk).count() == 1
