"""A worker that is killed in mid-run: no reminder is lost, and none goes out twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import psycopg

from casewell.lib.postgres_roles import OWNER
from tests import database
from tests.audit.mail_server import mail_server
from tests.installation import Installation, installation, sending_to, soon

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

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


class Reminding(Installation):
    """One with a practice in it that reminds, and a server to which its mail goes."""

    def __init__(self, name: str, post: MailServer, visits: int) -> None:
        super().__init__(name, **sending_to(post.port))
        self.post = post
        [account] = self.run(FURNISHES, str(visits))
        self.account = int(account)

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

    def working(self) -> AbstractContextManager[None]:
        return self.worker("default", 2)


def test_no_reminder_is_lost_and_none_doubled_by_workers_that_are_killed(trials: Trials) -> None:
    kills = trials(short=2, full=20)
    with mail_server() as post, installation("reminders") as made:
        kill_and_count(Reminding(made.name, post, 12 * kills), kills, trials)


def kill_and_count(reminding: Reminding, kills: int, trials: Trials) -> None:
    visits, rng = 12 * kills, random.Random(trials.seed)  # noqa: S311 - no secret
    post, while_told = reminding.post, 0
    for _ in range(kills):
        reminding.begin_anew()
        former = reminding.told() + len(post.received)
        some = rng.randrange(1, 14)
        with reminding.working():
            soon(lambda: reminding.told() + len(post.received) >= former + some)  # noqa: B023
            time.sleep(rng.random() / 50)
        while_told += reminding.told() < visits
    sent_when_killed = len(post.received)
    assert sent_when_killed < visits  # each was killed with work to do

    reminding.begin_anew()
    with reminding.working():
        waiting = "SELECT count(*) FROM audit_outgoingmail WHERE sent_at IS NULL"
        soon(lambda: reminding.told() == visits and reminding.rows(waiting) == [(0,)])
        # Another round finds nothing to tell.
        reminding.begin_anew()
        soon(lambda: reminding.rows(ROUNDS_TO_COME) == [(0,)])

    told = reminding.rows(
        "SELECT attendee_id, hours, count(*) FROM reminders_appointmentreminder GROUP BY 1, 2"
    )
    assert [(hours, n) for _, hours, n in told] == [(24, 1)] * visits
    assert reminding.rows("SELECT count(*), count(sent_at) FROM audit_outgoingmail") == [
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
