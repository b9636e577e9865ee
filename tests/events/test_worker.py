"""The webhook worker as it runs: beside hanging receivers, and after it was killed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.events.receiver import receiving
from tests.installation import Installation, installation, soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

# Opens a practice for each address, with a receiver there, and lets something happen in it twice.
HAPPENS = """
import sys
import django
django.setup()
from casewell.accounts.models import Account
from casewell.audit.actors import Actor
from casewell.events.models import WebhookEndpoint
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
by = Actor(job="test")
for number, url in enumerate(sys.argv[1:]):
    account = Account.open(name="Any", slug=f"practice-{number}", time_zone="Australia/Sydney")
    with account_scope(account):
        endpoint = WebhookEndpoint(account=account, url=url, types=["patient.archived"])
        print(endpoint.new_secret())
        endpoint.save(force_insert=True)
        for name in ("Ada", "Ben"):
            patient = Patient.objects.create(account=account, first_name=name, last_name="Wu")
            patient.archive(by=by)
"""
# What the next look for killed workers does, at once.
BEGINS_ANEW = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
import time_machine
from casewell.events.tasks import call_overdue_webhooks
with time_machine.travel(timezone.now() + timedelta(minutes=3)):
    call_overdue_webhooks(0)
from casewell.accounts.models import Account
from casewell.tenancy.scope import account_scope
for account in Account.objects.all():
    with account_scope(account):
        account.webhook_endpoints.update(claimed_until=None)
"""
AT_ONCE = 16


@pytest.fixture
def webhooks() -> Iterator[Installation]:
    with installation("webhooks", CASEWELL_WEBHOOK_LOOPBACK="yes") as made:
        yield made


def working(on: Installation) -> AbstractContextManager[None]:
    return on.worker("webhooks", AT_ONCE)


def test_hanging_receivers_of_one_practice_delay_no_other(webhooks: Installation) -> None:
    with receiving() as hanging, receiving() as quick:
        hanging.answers = [14.0]
        secrets = webhooks.run(HAPPENS, *[hanging.url] * 6, quick.url)
        with working(webhooks):
            soon(lambda: len(hanging.calls) == 6)
            began = time.monotonic()
            soon(lambda: len(quick.calls) == 2)
            waited = time.monotonic() - began

        for call in quick.calls:
            assert call.verified(secrets[-1])["type"] == "patient.archived"
        assert waited < 5
        assert len(hanging.calls) == 6  # one at a time to each


def test_a_call_under_way_when_the_worker_is_killed_is_made_again(
    webhooks: Installation,
) -> None:
    with receiving() as server:
        server.answers = [14.0, 200]
        [secret] = webhooks.run(HAPPENS, server.url)
        with working(webhooks):
            soon(lambda: len(server.calls) == 1)
        webhooks.run(BEGINS_ANEW)
        with working(webhooks):
            soon(lambda: len(server.calls) == 3)

        first, again, other = server.calls
        assert (first.id, first.body) == (again.id, again.body)
        assert other.id != first.id
        for call in server.calls:
            call.verified(secret)
