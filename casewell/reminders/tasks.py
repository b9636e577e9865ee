"""What the job worker does about reminders: look for visits that are due, hand texts over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from casewell.accounts.models import Account
from casewell.reminders import rounds
from casewell.reminders.texting import send
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from procrastinate import JobContext

TRIES_AGAIN = 6


class NotTakenYet(Exception):  # noqa: N818
    """The gateway gave no answer that counts; it is asked again later."""


# After 5 s, 25 s, 2 min, 10 min, 52 min and 4 h.
PATIENCE = RetryStrategy(
    max_attempts=TRIES_AGAIN, exponential_wait=5, retry_exceptions=[NotTakenYet]
)


@app.periodic(cron="*/5 * * * *")
@app.task(name="remind_of_visits", queueing_lock="remind_of_visits")
def remind_of_visits(timestamp: int) -> None:
    """Look which practices remind now; each is a job of its own, and fails alone."""
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            if rounds.is_on(account):
                remind_visitors.defer(account_id=account.pk)


@app.task(name="remind_visitors")
def remind_visitors(*, account_id: int) -> None:
    """Remind of a practice's visits that are due."""
    rounds.remind_practice(account_id)


@app.task(name="send_text", retry=PATIENCE, pass_context=True)
def send_text(context: JobContext, *, account_id: int, text_id: int) -> None:
    """Send one text message. Raises NotTakenYet where the gateway may take it another time."""
    last_try = context.job.attempts >= TRIES_AGAIN
    verdict = send(account_id, text_id, last_try=last_try)
    if not verdict.taken and verdict.try_again and not last_try:
        raise NotTakenYet(f"text message {text_id}")
