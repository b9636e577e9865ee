"""Rounds of calls: signed, tried again over days, given up, and one at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.utils import timezone

from casewell.accounts.models import Membership, User
from casewell.accounts.roles import Role
from casewell.audit.models import Change, OutgoingMail, record_change
from casewell.events.models import WAITS, Delivery, Event, WebhookEndpoint
from casewell.events.models.endpoint import GIVEN_UP_AFTER, LEASE, RESTS
from casewell.events.rounds import Round
from casewell.events.tasks import call_overdue_webhooks, forget_events
from casewell.tenancy.scope import account_scope
from tests.events.receiver import receiving
from tests.events.test_outbox import jobs
from tests.events.world import call, listen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.events.receiver import Receiver
    from tests.world import Practice


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_LOOPBACK = True
    with receiving() as running:
        yield running


def happen(northside: Practice, times: int = 1) -> None:
    for _ in range(times):
        record_change(northside.ada, "edited", {"notes": ["", "Latex"]}, by=northside.by)


def states() -> list[str]:
    return [delivery.state for delivery in Delivery.objects.order_by("id")]


def test_a_call_is_signed_as_the_library_verifies_it(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, secret = listen(northside, receiver.url)
    happen(northside)

    assert call(endpoint) is None
    [heard] = receiver.calls
    assert heard.verified(secret)["type"] == "patient.updated"
    assert heard.id == Event.objects.get().message_id
    assert states() == ["delivered"]
    assert call(endpoint) is None
    assert len(receiver.calls) == 1


def test_after_a_new_secret_both_verify_for_a_day(northside: Practice, receiver: Receiver) -> None:
    endpoint, former = listen(northside, receiver.url)
    newer = endpoint.rotate(by=northside.by)
    happen(northside)
    call(endpoint)
    assert receiver.calls[0].verified(former) == receiver.calls[0].verified(newer)

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        happen(northside)
        call(endpoint)
        receiver.calls[1].verified(newer)
        with pytest.raises(Exception, match="No matching signature"):
            receiver.calls[1].verified(former)
        forget_events(0)
    endpoint.refresh_from_db()
    assert endpoint.former_secret == ""


def test_what_fails_comes_again_with_the_same_id_and_bytes(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, secret = listen(northside, receiver.url)
    receiver.answers = [500, 200]
    happen(northside)

    again_at = call(endpoint)
    delivery = Delivery.objects.get()
    assert again_at == delivery.next_try_at
    assert states() == ["waiting"]
    assert again_at is not None
    with time_machine.travel(again_at + timedelta(seconds=1)):
        assert call(endpoint) is None
        first, second = receiver.calls
        assert (first.id, first.body) == (second.id, second.body)
        second.verified(secret)
    delivery.refresh_from_db()
    assert [one["status"] for one in delivery.log] == [500, 200]
    assert states() == ["delivered"]


def test_tries_are_made_over_days_and_then_given_up(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    receiver.answers = [400]
    happen(northside)
    began = now = timezone.now()

    for wait in WAITS:
        with time_machine.travel(now, tick=False):
            assert call(endpoint) == now + wait
        now += wait
    with time_machine.travel(now, tick=False):
        assert call(endpoint) is None
    assert states() == ["failed"]
    assert len(receiver.calls) == len(WAITS) + 1
    assert timedelta(days=3) < now - began < timedelta(days=4)


def test_one_that_is_gone_is_switched_off_with_the_reason(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    receiver.answers = [410]
    happen(northside, 2)

    assert call(endpoint) is None
    endpoint.refresh_from_db()
    assert (endpoint.is_live, "410" in endpoint.disabled_reason) == (False, True)
    assert states() == ["failed", "waiting"]
    [change] = Change.objects.of(endpoint)
    assert (change.verb, change.job) == ("switched off", "webhooks")
    happen(northside)
    assert (len(receiver.calls), Event.objects.count()) == (1, 2)

    receiver.answers = [200]
    endpoint.enable(by=northside.by)
    call(endpoint)
    assert states() == ["failed", "delivered"]


def test_a_practices_administrators_are_told_once_that_a_webhook_was_switched_off(
    northside: Practice, receiver: Receiver
) -> None:
    account = northside.account
    for name, role, active in (
        ("Ann", Role.ADMINISTRATOR, True),
        ("Bea", Role.ADMINISTRATOR, True),
        ("Cyd", Role.ADMINISTRATOR, False),
        ("Dot", Role.POWER_RECEPTIONIST, True),
    ):
        user = User.objects.create_user(
            email=f"{name.lower()}@north.example", first_name=name, last_name="Lee"
        )
        member = account.admit(user, role=role)
        Membership.objects.filter(pk=member.pk).update(active=active)
    endpoint, _ = listen(northside, receiver.url, description="The bridge")
    receiver.answers = [410]
    happen(northside, 2)
    call(endpoint)
    call(endpoint)

    mails = list(OutgoingMail.objects.order_by("id"))
    assert [mail.to for mail in mails] == ["ann@north.example", "bea@north.example"]
    assert mails[0].subject == "Northside Physio: the webhook “The bridge” was switched off"
    for words in ("It answered that it is gone (410).", receiver.url):
        assert words in mails[0].body
    assert f"/northside/settings/webhooks/{endpoint.pk}" in mails[0].body
    endpoint.refresh_from_db()
    endpoint.enable(by=northside.by)
    endpoint.disable(by=northside.by)
    assert OutgoingMail.objects.count() == 2


def test_a_secret_that_cannot_be_opened_any_more_asks_for_a_new_one(
    northside: Practice, receiver: Receiver, settings: Any
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside)
    settings.SECRET_KEY = "another"

    assert call(endpoint) is None
    endpoint.refresh_from_db()
    assert "new one" in endpoint.disabled_reason
    newer = endpoint.rotate(by=northside.by)
    endpoint.enable(by=northside.by)
    call(endpoint)
    receiver.calls[0].verified(newer)


def test_where_nobody_is_there_nothing_more_is_tried_for_a_while(northside: Practice) -> None:
    endpoint, _ = listen(northside, "https://no-such-host.invalid/")
    happen(northside, 3)
    now = timezone.now()

    for rest in [*RESTS, RESTS[-1]]:
        with time_machine.travel(now, tick=False):
            assert call(endpoint) == now + rest
            happen(northside)
            assert call(endpoint) is None  # one job will look; and none is called meanwhile
        now += rest
    assert sum(delivery.tries for delivery in Delivery.objects.all()) == len(RESTS) + 1
    endpoint.refresh_from_db()
    assert endpoint.is_slow


def test_who_has_not_answered_well_for_five_days_is_switched_off(northside: Practice) -> None:
    endpoint, _ = listen(northside, "https://no-such-host.invalid/")
    happen(northside)
    call(endpoint)
    with time_machine.travel(timezone.now() + GIVEN_UP_AFTER):
        call(endpoint)

    endpoint.refresh_from_db()
    assert "five days" in endpoint.disabled_reason
    assert states() == ["waiting"]


def test_a_server_that_is_overloaded_is_left_to_rest_and_another_error_is_not(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside, 2)
    receiver.answers = [429]
    call(endpoint)
    assert len(receiver.calls) == 1

    endpoint.enable(by=northside.by)
    receiver.answers = [500]
    call(endpoint)
    assert len(receiver.calls) == 2


def test_a_claim_keeps_others_away_until_it_ends(northside: Practice, receiver: Receiver) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside)
    killed = Round(endpoint.account_id, endpoint.pk)
    assert killed.take() is not None

    assert call(endpoint) is None
    assert receiver.calls == []
    assert states() == ["waiting"]
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        call(endpoint)
    assert len(receiver.calls) == 1
    assert states() == ["delivered"]


def test_a_slow_receiver_has_one_call_at_a_time_until_it_is_quick_again(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside, 4)
    receiver.answers = [2.1, 200]

    again_at = call(endpoint)
    assert len(receiver.calls) == 1
    assert again_at is not None
    assert again_at <= timezone.now()
    endpoint.refresh_from_db()
    assert endpoint.is_slow
    assert call(endpoint, is_slow=True) is None
    assert len(receiver.calls) == 4


def test_another_practices_round_finds_nothing(
    northside: Practice, elsewhere: Practice, receiver: Receiver
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside)
    with account_scope(elsewhere.account):
        assert Round(elsewhere.account.pk, endpoint.pk).take() is None
    assert receiver.calls == []


def test_what_a_killed_worker_left_is_begun_anew(northside: Practice, receiver: Receiver) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside)
    Round(endpoint.account_id, endpoint.pk).take()
    before = len(jobs())

    call_overdue_webhooks(0)
    assert len(jobs()) == before  # it may be under way
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        call_overdue_webhooks(0)
    assert jobs()[before:] == [
        {"account_id": northside.account.pk, "endpoint_id": endpoint.pk, "is_slow": False}
    ]


def test_one_or_all_that_failed_are_sent_again_with_their_ids(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, _ = listen(northside, receiver.url)
    happen(northside, 3)
    for delivery in Delivery.objects.all():
        delivery.next_try_at, delivery.failed_at = None, timezone.now()
        delivery.save()
    first = Delivery.objects.order_by("id")[0]

    first.send_again(by=northside.by)
    call(endpoint)
    assert [heard.id for heard in receiver.calls] == [first.event.message_id]
    since = timezone.now() - timedelta(hours=1)
    assert Delivery.send_failed_again(endpoint, since, by=northside.by) == 2
    assert Delivery.send_failed_again(endpoint, timezone.now(), by=northside.by) == 0
    call(endpoint)
    assert states() == ["delivered"] * 3
    assert [c.verb for c in Change.objects.of(endpoint)] == ["sent again", "sent again"]


def test_a_test_event_reaches_one_receiver_whatever_it_chose(
    northside: Practice, receiver: Receiver
) -> None:
    endpoint, secret = listen(northside, receiver.url, types=["patient.created"])
    listen(northside)
    endpoint.send_test(by=northside.by)

    call(endpoint)
    [heard] = receiver.calls
    said = heard.verified(secret)
    assert (said["type"], said["data"]) == ("webhook.test", {"id": str(endpoint.pk), "links": {}})


def test_after_thirty_days_an_event_is_forgotten_with_its_deliveries(
    northside: Practice, elsewhere: Practice
) -> None:
    now = datetime.now(UTC)
    for practice in (northside, elsewhere):
        with account_scope(practice.account):
            listen(practice)
            for days in (31, 29):
                with time_machine.travel(now - timedelta(days=days)):
                    happen(practice)
    forget_events(0)
    for practice in (northside, elsewhere):
        with account_scope(practice.account):
            assert (Event.objects.count(), Delivery.objects.count()) == (1, 1)
            assert WebhookEndpoint.objects.count() == 1
