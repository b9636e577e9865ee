"""A practice starts with the usual ways to pay, whether it is new or was there before."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from casewell.accounts.models import Account
from casewell.config.new_practice import open_practice
from casewell.invoices.models.payment_type import AT_FIRST, PaymentType
from casewell.tenancy.scope import account_scope

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_new_practice_has_the_usual_ways_to_pay(db: None) -> None:
    account = open_practice("Hill", "hill", "UTC")

    with account_scope(account):
        assert set(PaymentType.objects.values_list("name", flat=True)) == set(AT_FIRST)


def test_those_that_were_there_get_them_by_the_migration(northside: Practice) -> None:
    migration = importlib.import_module("casewell.invoices.migrations.0002_first_payment_types")

    ours = SimpleNamespace(
        get_model=lambda app, name: (
            SimpleNamespace(objects=Account.objects.filter(pk=northside.account.pk))
            if name == "Account"
            else apps.get_model(app, name)
        )
    )

    migration.add_payment_types(ours, SimpleNamespace(connection=connection))

    with account_scope(northside.account):
        names = PaymentType.objects.order_by("id").values_list("name", flat=True)
        assert list(names) == list(AT_FIRST)
