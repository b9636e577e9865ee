"""The webhook worker as it runs: beside hanging receivers, and after it was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from casewell.lib.postgres_roles import RUNTIME
from tests import database
from tests.events.receiver import receiving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
WORKER = ["django", "procrastinate", "worker", "--queues", "webhooks", "--concurrency", "16"]


class Installation:
    """A database of its own, and what is run against it."""

    def __init__(self, name: str) -> None:
        self.environment = os.environ | {
            "DATABASE_URL": database.server().url(RUNTIME, name),
            "DJANGO_SETTINGS_MODULE": "casewell.config.settings",
            "CASEWELL_WEBHOOK_LOOPBACK": "yes",
        }

    def run(self, script: str, *arguments: str) -> list[str]:
        ran = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=self.environment,
            cwd=database.ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.split()

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        started = subprocess.Popen(
            [sys.executable, "-m", *WORKER],
            env=self.environment,
            cwd=database.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


@pytest.fixture
def installation() -> Iterator[Installation]:
    name = f"webhooks_{os.getpid()}"
    database.copy(name)
    try:
        yield Installation(name)
    finally:
        database.drop(name)


def soon(happened: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.05)
    assert happened()


def test_hanging_receivers_of_one_practice_delay_no_other(installation: Installation) -> None:
    with receiving() as hanging, receiving() as quick:
        hanging.answers = [14.0]
        secrets = installation.run(HAPPENS, *[hanging.url] * 6, quick.url)
        with installation.worker():
            soon(lambda: len(hanging.calls) == 6)
            began = time.monotonic()
            soon(lambda: len(quick.calls) == 2)
            waited = time.monotonic() - began

        for call in quick.calls:
            assert call.verified(secrets[-1])["type"] == "patient.archived"
        assert waited < 5
        assert len(hanging.calls) == 6  # one at a time to each


def test_a_call_under_way_when_the_worker_is_killed_is_made_again(
    installation: Installation,
) -> None:
    with receiving() as server:
        server.answers = [14.0, 200]
        [secret] = installation.run(HAPPENS, server.url)
        with installation.worker():
            soon(lambda: len(server.calls) == 1)
        installation.run(BEGINS_ANEW)
        with installation.worker():
            soon(lambda: len(server.calls) == 3)

        first, again, other = server.calls
        assert (first.id, first.body) == (again.id, again.body)
        assert other.id != first.id
        for call in server.calls:
            call.verified(secret)
