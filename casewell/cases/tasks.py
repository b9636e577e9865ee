"""What the job worker does about cases: reminders, each morning where the practice is."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from casewell.accounts.models import Account
from casewell.cases.reminders import is_due, remind
from casewell.lib.formats import written_as
from casewell.tenancy.scope import account_scope


@app.periodic(cron="*/15 * * * *")
@app.task(name="remind_of_cases", queueing_lock="remind_of_cases")
def remind_of_cases(timestamp: int) -> None:
    """Look where it is morning; each practice is a job of its own, and fails alone."""
    now = timezone.now()
    for account in Account.objects.order_by("id"):
        if is_due(account, now):
            remind_practice.defer(account_id=account.pk)


@app.task(name="remind_practice")
def remind_practice(*, account_id: int) -> None:
    """Tell whom it concerns of a practice's cases that near their end."""
    with account_scope(account_id):
        account = Account.objects.get(pk=account_id)
        with written_as(account.formats), timezone.override(account.zone):
            remind(account_id)
