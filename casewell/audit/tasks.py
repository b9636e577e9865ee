"""What the job worker does: deliver e-mail, put away what nobody needs any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from casewell.accounts.models import Account, Session
from casewell.audit.mail import NotSentYet, OutgoingMail
from casewell.audit.models import Submission
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from procrastinate import JobContext

TRIES_AGAIN = 6
# After 5 s, 25 s, 2 min, 10 min, 52 min and 4 h.
PATIENCE = RetryStrategy(
    max_attempts=TRIES_AGAIN, exponential_wait=5, retry_exceptions=[NotSentYet]
)
SUBMISSIONS_KEPT = timedelta(days=1)
JOBS_KEPT_HOURS = 72


@app.task(name="deliver_mail", retry=PATIENCE, pass_context=True)
def deliver_mail(context: JobContext, *, account_id: int, mail_id: int) -> None:
    """Send one message. Raises NotSentYet where the mail server may take it another time."""
    deliver(account_id, mail_id, last_try=context.job.attempts >= TRIES_AGAIN)


def deliver(account_id: int, mail_id: int, *, last_try: bool = False) -> None:
    """Send one message of an account, unless that was done already."""
    with account_scope(account_id):
        waiting = OutgoingMail.objects.waiting().select_for_update(no_key=True, of=("self",))
        mail = waiting.filter(pk=mail_id).first()
        if mail is None:
            return
        mail.deliver(last_try=last_try)
    # Outside the scope, which would else forget the reason with the rest.
    if mail.reason and not mail.failed_at:
        raise NotSentYet(f"message {mail_id}")


@app.periodic(cron="17 * * * *")
@app.task(name="put_away", queueing_lock="put_away")
def put_away(timestamp: int) -> None:
    """Hourly: remove sessions that have ended and the tokens of forms sent long ago."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forgotten = timezone.now() - SUBMISSIONS_KEPT
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            Submission.objects.filter(created_at__lt=forgotten).delete()


@app.periodic(cron="*/10 * * * *")
@app.task(name="tend_jobs", queueing_lock="tend_jobs", pass_context=True)
async def tend_jobs(context: JobContext, timestamp: int) -> None:
    """Begin jobs anew whose worker died over them, and forget the finished ones."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)
    await jobs.delete_old_jobs(JOBS_KEPT_HOURS, include_failed=True)
