"""What the job worker does for files: remove what a killed server left, or nobody claimed."""

from __future__ import annotations

from procrastinate.contrib.django import app

from casewell.accounts.models import Account
from casewell.patients.attachment import remove_unkept
from casewell.patients.incoming import remove_unclaimed
from casewell.tenancy.scope import account_scope


@app.periodic(cron="43 3 * * *")
@app.task(name="remove_unkept_files", queueing_lock="remove_unkept_files")
def remove_unkept_files(timestamp: int) -> None:
    """Nightly, practice by practice."""
    for account in Account.objects.order_by("id"):
        with account_scope(account):
            remove_unkept(account.pk)
            remove_unclaimed(account.pk)
