"""A worker that is killed in mid-run: no reminder is lost, and none goes out twice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from casewell.lib.postgres_roles import OWNER, RUNTIME
from tests import database
from tests.audit.mail_server import mail_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.audit.mail_server import MailServer
    from tests.soak import Trials

# Opens a practice that reminds at once, with as many visits of as many patients tomorrow.
FURNISHES = """
import sys
import django
django.setup()
from datetime import time, timedelta
from django.utils import timezone
from casewell.appointments.models import Attendee
from casewell.patients.models import Patient
from casewell.reminders.models import ReminderTerms
from casewell.tenancy.scope import account_scope
from tests.world import open_practice
practice = open_practice("northside", "Northside Physio")
with account_scope(practice.account):
    ReminderTerms.objects.create(by_email=True, quiet_from=time(0), quiet_until=time(0))
    start = timezone.now() + timedelta(hours=20)
    for number in range(int(sys.argv[1])):
        patient = Patient.objects.create(
            first_name="Ada", last_name=str(number), email=f"ada{number}@home.example"
        )
        practice.booking(start + timedelta(minutes=number)).book(patient, None, by=practice.by)
    Attendee.objects.update(created_at=timezone.now() - timedelta(days=9))
print(practice.account.pk)
"""
WORKER = ["django", "procrastinate", "worker", "--queues", "default", "--concurrency", "2"]
# As the worker's own round begins jobs anew whose worker died, and looks for visits again.
BEGINS_ANEW = """
UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing';
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
VALUES ('default', 'remind_visitors', '{{"account_id": {account}}}');
"""

ROUNDS_TO_COME = """
SELECT count(*) FROM procrastinate_jobs
WHERE task_name = 'remind_visitors' AND status IN ('todo', 'doing')
"""


class Installation:
    """A database of its own with a practice in it, and workers on it that can be killed."""

    def __init__(self, name: str, post: MailServer) -> None:
        self.name, self.post, self.account = name, post, 0
        self.environment = os.environ | {
            "DATABASE_URL": database.server().url(RUNTIME, name),
            "DJANGO_SETTINGS_MODULE": "casewell.config.settings",
            "CASEWELL_SMTP_HOST": "127.0.0.1",
            "CASEWELL_SMTP_PORT": str(post.port),
        }

    def furnish(self, visits: int) -> None:
        command = [sys.executable, "-c", FURNISHES, str(visits)]
        options: Any = {"env": self.environment, "cwd": database.ROOT, "text": True}
        ran = subprocess.run(command, capture_output=True, check=False, timeout=180, **options)
        assert ran.returncode == 0, ran.stderr
        self.account = int(ran.stdout)

    def rows(self, statement: str) -> list[Any]:
        with psycopg.connect(database.server().url(OWNER, self.name), autocommit=True) as owner:
            owner.execute(f"SET app.account_id = '{self.account}'")
            asked = owner.execute(statement)
            return asked.fetchall() if asked.description else []

    def begin_anew(self) -> None:
        for statement in BEGINS_ANEW.format(account=self.account).strip().split(";\n"):
            self.rows(statement)

    def told(self) -> int:
        [(number,)] = self.rows("SELECT count(*) FROM reminders_appointmentreminder")
        return int(number)

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker; it is killed at the end of the block, wherever it is then."""
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
    name = f"reminders_{os.getpid()}"
    database.copy(name)
    try:
        with mail_server() as post:
            yield Installation(name, post)
    finally:
        database.drop(name)


def soon(happened: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.01)
    assert happened()


def test_no_reminder_is_lost_and_none_doubled_by_workers_that_are_killed(
    installation: Installation, trials: Trials
) -> None:
    kills = trials(2, 20)
    visits, rng = 12 * kills, random.Random(trials.seed)  # noqa: S311 - no secret
    installation.furnish(visits)
    post, while_told = installation.post, 0
    for _ in range(kills):
        installation.begin_anew()
        former = installation.told() + len(post.received)
        some = rng.randrange(1, 14)
        with installation.worker():
            soon(lambda: installation.told() + len(post.received) >= former + some)  # noqa: B023
            time.sleep(rng.random() / 50)
        while_told += installation.told() < visits
    sent_when_killed = len(post.received)
    assert sent_when_killed < visits  # each was killed with work to do

    installation.begin_anew()
    with installation.worker():
        waiting = "SELECT count(*) FROM audit_outgoingmail WHERE sent_at IS NULL"
        soon(lambda: installation.told() == visits and installation.rows(waiting) == [(0,)])
        # Another round finds nothing to tell.
        installation.begin_anew()
        soon(lambda: installation.rows(ROUNDS_TO_COME) == [(0,)])

    told = installation.rows(
        "SELECT attendee_id, hours, count(*) FROM reminders_appointmentreminder GROUP BY 1, 2"
    )
    assert [(hours, n) for _, hours, n in told] == [(24, 1)] * visits
    assert installation.rows("SELECT count(*), count(sent_at) FROM audit_outgoingmail") == [
        (visits, visits)
    ]
    # What a patient's mail system takes for two messages is two ids.
    messages = {(mail["To"], mail["Message-ID"]) for mail in post.received}
    assert sorted(to for to, _ in messages) == sorted(
        f"ada{number}@home.example" for number in range(visits)
    )
    assert len({message for _, message in messages}) == visits
    given = Counter(mail["Message-ID"] for mail in post.received)
    trials.note("visits", visits)
    trials.note("killed while telling", while_told)
    trials.note("given to the mail server again, as the same message", given.total() - visits)
    trials.note("lost", 0)
    trials.note("doubled", 0)
