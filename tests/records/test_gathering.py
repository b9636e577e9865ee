"""What is written to the one that went, after the merge, is brought after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django.models import ProcrastinateJob

from casewell.records.tasks import gather_late, gather_merged
from tests.records.world import merged

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.world import Practice


def test_what_is_written_to_the_one_that_went_is_brought_after_it(
    northside: Practice, ben: Patient
) -> None:
    merge = merged(northside, ben)
    late = northside.attend(patient=ben)  # by who had begun before

    assert (merge.gather(by=northside.by), merge.gather(by=northside.by)) == (1, 0)

    late.refresh_from_db()
    assert late.patient == northside.ada
    merge.undo(by=northside.by)
    late.refresh_from_db()
    assert late.patient == ben


def test_the_jobs_bring_it_soon_after_and_each_hour_and_leave_what_is_undone(
    northside: Practice, ben: Patient
) -> None:
    merge = merged(northside, ben)
    waiting = ProcrastinateJob.objects.filter(task_name="gather_merged")
    assert waiting.get().args == {"account_id": northside.account.pk, "merge_id": merge.pk}
    soon = northside.attend(patient=ben)
    gather_merged(account_id=northside.account.pk, merge_id=merge.pk)
    later = northside.attend(patient=ben)
    gather_late(0)
    for late in (soon, later):
        late.refresh_from_db()
        assert late.patient == northside.ada

    merge.undo(by=northside.by)
    theirs = northside.attend(patient=ben)
    gather_late(0)
    assert merge.gather(by=northside.by) == 0
    theirs.refresh_from_db()
    assert theirs.patient == ben
