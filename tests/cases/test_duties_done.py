"""Duties that are marked as done, and visits that were decided to be in no case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.audit.models import Change
from casewell.cases.models import DutyDone

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_duty_is_marked_once_with_who_and_when_and_can_be_taken_back(northside: Practice) -> None:
    case = northside.case()

    done = DutyDone.mark(case, "report_first", note="Sent by fax", by=northside.by)
    again = DutyDone.mark(case, "report_first", by=northside.by)

    assert (again.pk, done.done_on) == (done.pk, northside.account.today())
    done.take_back(by=northside.by)
    later = DutyDone.mark(case, "report_first", by=northside.by)
    assert later.pk != done.pk
    assert [change.verb for change in Change.objects.of(done)] == ["taken back", "done"]
    assert [change.user for change in Change.objects.of(later)] == [northside.member.user]


def test_a_visit_can_be_decided_to_be_in_no_case_and_asked_about_again(
    northside: Practice,
) -> None:
    visit = northside.attend()

    visit.decline_case(by=northside.by)
    declined = northside.account.attendees.exclude(case_declined_at=None)
    assert [one.pk for one in declined] == [visit.pk]

    visit.ask_for_case(by=northside.by)
    assert not declined.all().exists()
    verbs = [change.verb for change in Change.objects.of(visit)]
    assert verbs == ["waits for a case", "left without a case", "booked"]
