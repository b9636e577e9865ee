"""E-mail through the queue: with its change or not at all, once, and kept in the books."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core import mail as outbox
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from casewell.accounts.models import Session
from casewell.audit.mail import NotSentYet, OutgoingMail, send_later
from casewell.audit.models import Submission
from casewell.audit.tasks import deliver, put_away
from casewell.lib.postgres_roles import RUNTIME
from casewell.tenancy.scope import account_scope
from tests import database
from tests.audit.mail_server import mail_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.audit.mail_server import MailServer
    from tests.world import Practice

# In a process of its own: a message that is sent, one whose change is undone, and the worker.
WORKS = """
import django
django.setup()
from procrastinate.contrib.django import app
from django.db import transaction
from casewell.accounts.models import Account
from procrastinate.contrib.django.models import ProcrastinateJob
from casewell.audit.mail import send_later
from casewell.audit.tasks import tend_jobs
from casewell.tenancy.scope import account_scope
account = Account.open(name="Northside", slug="northside", time_zone="Australia/Sydney")
with account_scope(account):
    send_later(account, to="ada@example.org", subject="Kept", body="Come at 9.")
    with transaction.atomic():
        send_later(account, to="ben@example.org", subject="Undone", body="Never.")
        transaction.set_rollback(True)
tend_jobs.defer(timestamp=0)
with app.replace_connector(app.connector.get_worker_connector()) as worker:
    worker.run_worker(wait=False, install_signal_handlers=False)
with account_scope(account):
    for mail in account.outgoing_mail.order_by("id"):
        print(mail.subject, mail.sent_at is not None, repr(mail.body))
ours = ["deliver_mail", "tend_jobs"]
for job in ProcrastinateJob.objects.filter(task_name__in=ours).order_by("id"):
    print(job.task_name, job.status)
"""


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


def write_to_ada(northside: Practice) -> OutgoingMail:
    return send_later(
        northside.account,
        to="ada@example.org",
        subject="Your\nvisit",
        body="Come at 9.",
        reply_to="desk@northside.example",
    )


def test_the_worker_sends_what_was_committed_and_nothing_else() -> None:
    name = f"mail_{os.getpid()}"
    database.copy(name)
    try:
        with mail_server() as server:
            environment = os.environ | {
                "DATABASE_URL": database.server().url(RUNTIME, name),
                "DJANGO_SETTINGS_MODULE": "casewell.config.settings",
                "CASEWELL_SMTP_HOST": "127.0.0.1",
                "CASEWELL_SMTP_PORT": str(server.port),
            }
            ran = subprocess.run(
                [sys.executable, "-c", WORKS],
                env=environment,
                cwd=database.ROOT,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
    finally:
        database.drop(name)

    assert ran.stdout.splitlines() == [
        "Kept True ''",
        "deliver_mail succeeded",
        "tend_jobs succeeded",
    ], ran.stderr
    [message] = server.received
    assert message["From"] == "Northside <casewell@localhost>"
    assert message["To"] == "ada@example.org"
    assert message.get_content().strip() == "Come at 9."


def test_a_message_is_sent_once_and_its_text_is_then_forgotten(northside: Practice) -> None:
    mail = write_to_ada(northside)

    for _ in range(2):
        deliver(northside.account.pk, mail.pk)

    [sent] = outbox.outbox
    assert (sent.subject, sent.to, sent.reply_to) == (
        "Your visit",
        ["ada@example.org"],
        ["desk@northside.example"],
    )
    mail.refresh_from_db()
    assert (mail.body, mail.reason, mail.failed_at) == ("", "", None)
    assert mail.sent_at is not None


def test_the_queue_holds_the_messages_id_and_none_of_its_words(northside: Practice) -> None:
    mail = write_to_ada(northside)
    with transaction.atomic():
        write_to_ada(northside)
        transaction.set_rollback(True)

    [job] = ProcrastinateJob.objects.filter(task_name="deliver_mail")
    assert job.args == {"account_id": northside.account.pk, "mail_id": mail.pk}


def test_another_practices_message_is_not_there_to_send(
    northside: Practice, elsewhere: Practice
) -> None:
    mail = write_to_ada(northside)

    deliver(elsewhere.account.pk, mail.pk)

    assert outbox.outbox == []
    assert OutgoingMail.objects.waiting().get() == mail


@pytest.mark.parametrize("last_try", [False, True])
def test_a_server_that_cannot_take_it_now_is_asked_again_until_the_last_try(
    northside: Practice, server: MailServer, last_try: bool
) -> None:
    mail = write_to_ada(northside)
    server.refusals["ada@example.org"] = "450 mailbox busy"

    if last_try:
        deliver(northside.account.pk, mail.pk, last_try=True)
    else:
        with pytest.raises(NotSentYet) as refused:
            deliver(northside.account.pk, mail.pk)
        assert "ada" not in str(refused.value)

    mail.refresh_from_db()
    assert "mailbox busy" in mail.reason
    assert (mail.failed_at is not None, mail.body == "") == (last_try, last_try)


def test_a_recipient_who_is_refused_for_good_is_not_tried_again(
    northside: Practice, server: MailServer
) -> None:
    mail = write_to_ada(northside)
    server.refusals["ada@example.org"] = "550 no such user"

    deliver(northside.account.pk, mail.pk)

    mail.refresh_from_db()
    assert mail.failed_at is not None
    assert "no such user" in mail.reason
    assert server.received == []


def test_a_server_that_is_not_there_is_asked_again(northside: Practice, settings: Any) -> None:
    with mail_server() as gone:
        settings.EMAIL_PORT = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    mail = write_to_ada(northside)

    with pytest.raises(NotSentYet):
        deliver(northside.account.pk, mail.pk)

    assert OutgoingMail.objects.waiting().get() == mail


def test_ended_sessions_and_old_tokens_are_put_away_and_the_others_stay(
    northside: Practice, elsewhere: Practice
) -> None:
    now = datetime.now(UTC)
    for key, left in (("ended", -1), ("running", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=now + timedelta(hours=left)
        )
    for practice in (northside, elsewhere):
        with account_scope(practice.account):
            with time_machine.travel(now - timedelta(hours=25)):
                Submission.objects.create(account=practice.account, token="old")
            Submission.objects.create(account=practice.account, token="new")

    put_away(0)

    assert [s.session_key for s in Session.objects.all()] == ["running"]
    for practice in (northside, elsewhere):
        with account_scope(practice.account):
            assert [s.token for s in Submission.objects.all()] == ["new"]
