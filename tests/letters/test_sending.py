"""Letters on their way: e-mailed with a PDF that the worker draws, or printed; always logged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail as outbox

from casewell.audit.tasks import deliver
from casewell.letters.models import (
    Communication,
    LetterArchived,
    LetterIsDraft,
    NoAddress,
)
from casewell.lib import typeset
from tests.audit.mail_server import mail_server
from tests.installation import installation, sending_to
from tests.letters.desk import letter, words_on

if TYPE_CHECKING:
    from tests.soak import Trials
    from tests.world import Practice

# In a process of its own: so many letters, finished and sent in one go, and the worker after.
WORKS = """
import json, sys, time
import django
django.setup()
from django.db import transaction
from procrastinate.contrib.django import app
from casewell.accounts.models import Account, Business, Practitioner
from casewell.audit.actors import Actor
from casewell.letters.models import write
from casewell.patients.models import Patient
from casewell.tenancy.scope import account_scope
by = Actor(job="test")
account = Account.open(name="Northside", slug="northside", time_zone="Australia/Sydney")
begun = time.monotonic()
with account_scope(account), transaction.atomic():
    place = Business.objects.create(business_name="Hill Street", time_zone="Australia/Sydney")
    amy = Practitioner.objects.create(first_name="Amy", last_name="Shaw")
    for number in range(int(sys.argv[1])):
        patient = Patient.objects.create(first_name=f"P{number}", last_name="Wu")
        one = write(patient, practitioner=amy, business=place, body="Dear {patient name}!", by=by)
        one.finalise(by=by)
        one.send(f"p{number}@example.org", by=by)
written = time.monotonic()
with app.replace_connector(app.connector.get_worker_connector()) as worker:
    worker.run_worker(wait=False, install_signal_handlers=False)
with account_scope(account):
    sent = account.outgoing_mail.exclude(sent_at=None).count()
print(json.dumps([sent, written - begun, time.monotonic() - written]))
"""


def test_very_many_letters_at_once_each_reach_their_own_patient(trials: Trials) -> None:
    many = trials(short=12, full=200)
    with mail_server() as server, installation("letters", **sending_to(server.port)) as made:
        sent, writing, sending = json.loads(made.run(WORKS, str(many))[-1])

    said = {str(one["To"]): words_on(pdf_in(one)) for one in server.received}
    assert sent == len(server.received) == len(said) == many
    for number in range(many):
        assert f"Dear P{number} Wu!" in said[f"p{number}@example.org"][0]
    trials.note("written (s)", round(writing, 1))
    trials.note("drawn and sent (s)", round(sending, 1))


def pdf_in(message: Any) -> bytes:
    [file] = message.iter_attachments()
    content: bytes = file.get_content()
    return content


def test_a_final_letter_is_sent_as_it_stands_and_logged(northside: Practice) -> None:
    northside.business.email_reply_to = "desk@northside.example"
    northside.business.save()
    one, by = letter(northside, "Not yet", title="Knee: 1/2"), northside.by
    one.rewrite("Dear {patient name}", by=by)
    with pytest.raises(LetterIsDraft):
        one.send("ada@example.org", by=by)
    one.finalise(by=by)

    logged = one.send("ada@example.org", by=by)
    northside.ada.last_name = "Lovelace"
    northside.ada.save()
    assert logged.mail
    deliver(northside.account.pk, logged.mail.pk)

    [message] = outbox.outbox
    [(filename, content, kind)] = message.attachments
    assert (message.subject, message.to) == ("Letter from Hill Street", ["ada@example.org"])
    assert message.reply_to == ["desk@northside.example"]
    assert (filename, kind) == ("Knee- 1-2.pdf", "application/pdf")
    assert isinstance(content, bytes)
    assert "Dear Ada Rossi" in words_on(content)[0]
    assert (logged.letter, logged.patient) == (one, northside.ada)
    assert (logged.type_code, logged.direction_code, logged.category_code) == (2, 1, 5)
    assert (logged.sender, logged.recipient) == ("Hill Street", "ada@example.org")


def test_a_letter_on_paper_is_logged_too_and_an_archived_one_goes_nowhere(
    northside: Practice,
) -> None:
    one, by = letter(northside, recipient=northside.doctor()), northside.by
    one.finalise(by=by)
    printed = one.mark_printed(by=by)
    one.archive(by=by)

    assert (printed.type_code, printed.recipient, printed.content) == (4, "Dr Jane Lee", "Printed")
    with pytest.raises(LetterArchived):
        one.send("ada@example.org", by=by)
    with pytest.raises(LetterArchived):
        one.mark_printed(by=by)
    assert Communication.objects.filter(letter=one).count() == 1
    with pytest.raises(NoAddress):
        letter(northside).send("", by=by)


def test_a_letter_that_cannot_be_drawn_fails_for_good_and_says_so(
    northside: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, by = letter(northside), northside.by
    one.finalise(by=by)
    mail = one.send("ada@example.org", by=by).mail
    assert mail
    broken = typeset.FONTS.with_name("typeset.py")  # which is no template
    monkeypatch.setattr("casewell.letters.paper.TEMPLATE", broken)

    deliver(northside.account.pk, mail.pk)

    mail.refresh_from_db()
    assert mail.failed_at
    assert (mail.reason, mail.body) == ("The PDF of the letter could not be made.", "")
    assert outbox.outbox == []
