"""Opening a practice with what it starts from."""

from __future__ import annotations

from django.db import transaction

from casewell.accounts.models import Account
from casewell.invoices.models import PaymentType
from casewell.tenancy.scope import account_scope


def open_practice(name: str, slug: str, time_zone: str) -> Account:
    """`Account.open`, with the usual ways to pay. Raises ValidationError as that does."""
    with transaction.atomic():
        account = Account.open(name=name, slug=slug, time_zone=time_zone)
        with account_scope(account):
            PaymentType.start(account)
    return account
