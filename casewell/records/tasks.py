"""What the job worker does about merged patients: bring after them what came a moment late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app

from casewell.accounts.models import Account
from casewell.audit.actors import Actor
from casewell.records.models import Merge
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

# Longer than a request takes that had begun by then.
SOON_SECONDS = 20
BY = Actor(job="merging patients")


def gather_soon(merge: Merge) -> None:
    """Have what is late brought after it, once the caller's transaction is committed."""
    task = gather_merged.configure(schedule_in={"seconds": SOON_SECONDS})
    task.defer(account_id=merge.account_id, merge_id=merge.pk)


@app.task(name="gather_merged")
def gather_merged(*, account_id: int, merge_id: int) -> None:
    """Once, soon after a merge."""
    with account_scope(account_id):
        gather(Merge.objects.filter(pk=merge_id))


@app.periodic(cron="23 * * * *")
@app.task(name="gather_late", queueing_lock="gather_late")
def gather_late(timestamp: int) -> None:
    """Hourly, practice by practice: whoever was very late, or whose job was lost."""
    now = timezone.now()
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            gather(Merge.objects.recent(now).order_by("id"))


def gather(merges: Iterable[Merge]) -> int:
    """How many rows came after the merges that stand."""
    return sum(merge.gather(by=BY) for merge in merges if merge.undone_at is None)
