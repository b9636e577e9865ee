"""What the job worker does about webhooks: call receivers, and forget what was told long ago.

Calls have a queue and a worker process of their own: whoever answers slowly holds up no e-mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from casewell.accounts.models import Account
from casewell.events.models import Event, WebhookEndpoint
from casewell.events.models.endpoint import FORMER_SECRET_LASTS
from casewell.events.rounds import Round
from casewell.tenancy.scope import account_scope

QUEUE = "webhooks"
# Of the worker's places, so many at most for receivers that are known to be slow.
SLOW_AT_ONCE, SLOW_ASK_AGAIN = 12, timedelta(seconds=5)
KEPT = timedelta(days=30)
OVERDUE = timedelta(minutes=2)
USUAL, AFTER_OTHERS = 0, -10

_slow_now: set[Round] = set()


@app.task(name="call_webhook", queue=QUEUE)
async def call_webhook(*, account_id: int, endpoint_id: int, is_slow: bool) -> None:
    """Make the calls that are due at one receiver, and have the next ones made in their time."""
    calls = Round(account_id, endpoint_id, is_slow)
    if is_slow and len(_slow_now) >= SLOW_AT_ONCE:
        again_at: datetime | None = timezone.now() + SLOW_ASK_AGAIN
    else:
        again_at = await _run(calls)
    if again_at is not None:
        task = call_webhook.configure(
            schedule_at=again_at, priority=AFTER_OTHERS if calls.is_slow else USUAL
        )
        await task.defer_async(
            account_id=account_id, endpoint_id=endpoint_id, is_slow=calls.is_slow
        )


async def _run(calls: Round) -> datetime | None:
    if calls.is_slow:
        _slow_now.add(calls)
    try:
        return await calls.run()
    finally:
        _slow_now.discard(calls)


def call_soon(account_id: int, endpoint_id: int, *, is_slow: bool) -> None:
    """Have a receiver called once the caller's transaction is committed; not otherwise."""
    task = call_webhook.configure(priority=AFTER_OTHERS if is_slow else USUAL)
    task.defer(account_id=account_id, endpoint_id=endpoint_id, is_slow=is_slow)


@app.periodic(cron="4,14,24,34,44,54 * * * *")
@app.task(name="call_overdue_webhooks", queue=QUEUE, queueing_lock="call_overdue_webhooks")
def call_overdue_webhooks(timestamp: int) -> None:
    """Begin anew where a worker was killed, or a job was lost: practice by practice."""
    now = timezone.now()
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            late = WebhookEndpoint.objects.live().overdue(now - OVERDUE)
            for endpoint in late:
                endpoint.call_soon()


@app.periodic(cron="51 3 * * *")
@app.task(name="forget_events", queueing_lock="forget_events")
def forget_events(timestamp: int) -> None:
    """Nightly: remove events of more than 30 days ago with their deliveries, and former secrets."""
    now = timezone.now()
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            Event.objects.filter(created_at__lt=now - KEPT).delete()
            former = WebhookEndpoint.objects.exclude(former_secret="")
            former.filter(rotated_at__lt=now - FORMER_SECRET_LASTS).update(former_secret="")
