"""Text messages: through a gateway that is connected, once each; without one, none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from casewell.claims.address import gateway_address
from casewell.patients.models import Patient
from casewell.reminders.gateways import HttpTextGateway, chosen_gateway, mobile_of
from casewell.reminders.models import OutgoingText
from casewell.reminders.reminding import ways_to
from casewell.reminders.rounds import remind_practice
from casewell.reminders.texting import send
from tests.events.receiver import receiving
from tests.reminders.world import ADA, DAY, MOBILE, mails, remind_by, told, visit_at
from tests.world import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.events.receiver import Receiver
    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
EMAIL, SMS = 2, 1


@pytest.fixture
def gateway(settings: Any) -> Iterator[Receiver]:
    """A gateway on this machine, and the setting that connects it."""
    with receiving() as found:
        settings.WEBHOOK_LOOPBACK = True
        settings.SMS_GATEWAY, settings.SMS_GATEWAY_SECRET = found.url, "opensesame"
        yield found


def texted(northside: Practice) -> OutgoingText:
    """The text message of a visit of Ada's, who wants those alone."""
    Patient.objects.filter(pk=northside.ada.pk).update(reminder_type="SMS", phone_numbers=MOBILE)
    northside.ada.refresh_from_db()
    remind_by(northside, by_text=True)
    visit_at(northside, NOON + DAY)
    remind_practice(northside.account.pk)
    return OutgoingText.objects.get()


def test_a_text_message_is_handed_over_once_however_often_the_worker_asks(
    northside: Practice, gateway: Receiver
) -> None:
    text = texted(northside)
    [job] = ProcrastinateJob.objects.filter(task_name="send_text")
    assert job.args == {"account_id": northside.account.pk, "text_id": text.pk}

    for _ in range(2):
        assert send(text.account_id, text.pk, last_try=False).taken

    [call] = gateway.calls
    assert call.headers["authorization"] == "Bearer opensesame"
    assert call.headers["idempotency-key"] == str(text.pk)
    body = json.loads(call.body)
    assert (body["id"], body["to"]) == (str(text.pk), "+61400000000")
    assert body["text"].startswith("Northside Physio: your appointment is on Wed 4 Mar 2026 at 12")
    assert "/visits/" in body["text"]
    text.refresh_from_db()
    assert (text.sent_at is not None, text.body, text.reason) == (True, "", "")
    assert mails() == []


def test_a_gateway_that_refuses_has_refused_for_good_and_one_that_is_away_is_asked_again(
    northside: Practice, gateway: Receiver
) -> None:
    gateway.answers = [503, 422]
    text = texted(northside)

    verdict = send(text.account_id, text.pk, last_try=False)
    text.refresh_from_db()
    assert (verdict.try_again, text.is_waiting) == (True, True)
    send(text.account_id, text.pk, last_try=False)
    text.refresh_from_db()
    assert (text.failed_at is not None, text.body) == (True, "")
    assert text.reason == "The gateway refused it (422)."


def test_the_last_try_that_nobody_takes_has_failed(northside: Practice, gateway: Receiver) -> None:
    text = texted(northside)
    gateway.answers = [503]

    send(text.account_id, text.pk, last_try=True)

    text.refresh_from_db()
    assert text.failed_at is not None


def test_without_a_gateway_nobody_is_texted(northside: Practice, settings: Any) -> None:
    Patient.objects.filter(pk=northside.ada.pk).update(
        reminder_type="SMS & Email", phone_numbers=MOBILE
    )
    northside.ada.refresh_from_db()
    remind_by(northside, by_text=True)
    visit = visit_at(northside, NOON + DAY)

    remind_practice(northside.account.pk)

    assert chosen_gateway() is None
    assert told() == [(visit.pk, 24, False)]
    assert [mail.to for mail in mails()] == [ADA]
    settings.SMS_GATEWAY = gateway_address("https://texts.example.com/in")
    assert chosen_gateway() == HttpTextGateway("https://texts.example.com/in")


@pytest.mark.parametrize(
    ("wish", "email", "phones", "ways"),
    [
        ("", ADA, MOBILE, [EMAIL]),
        ("", "", MOBILE, [SMS]),
        ("Email", ADA, MOBILE, [EMAIL]),
        ("Email", "", MOBILE, []),
        ("SMS", ADA, MOBILE, [SMS]),
        ("SMS", ADA, [], []),
        ("SMS & Email", ADA, MOBILE, [EMAIL, SMS]),
        ("None", ADA, MOBILE, []),
    ],
)
def test_who_is_reminded_by_what_way(
    northside: Practice, gateway: Receiver, wish: str, email: str, phones: Any, ways: list[int]
) -> None:
    ada = northside.ada
    ada.reminder_type, ada.email, ada.phone_numbers = wish, email, phones

    assert list(ways_to(ada)) == ways


def test_a_mobile_number_is_dialled_as_the_world_does(northside: Practice) -> None:
    def dialled(number: str) -> str:
        northside.ada.phone_numbers = [{"phone_type": "Mobile", "number": number}]
        return mobile_of(northside.ada)

    assert dialled("0400 000 000") == "+61400000000"
    assert dialled("+64 21 123 4567") == "+64211234567"
    assert dialled("02 9999 0000") == ""  # no mobile, whatever it is called
    assert dialled("ask at desk") == ""
