"""Settings of webhooks: added, changed, tried, switched off and on, removed; and what was sent."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.events.models import Delivery, WebhookEndpoint
from casewell.events.models.endpoint import MOST_ENDPOINTS
from tests.events.receiver import receiving
from tests.events.test_outbox import jobs, statements
from tests.events.world import NOWHERE, call, listen
from tests.web.test_forms_as_drawn import drawn
from tests.world import Practice, signed_in, words_in

if TYPE_CHECKING:
    from django.test import Client

HERE = "/northside/settings/webhooks"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]+=*")
SAID = {"url": NOWHERE, "description": "Exercises", "types": ["patient.updated"]}


@pytest.fixture
def admin(northside: Practice) -> Client:
    return signed_in(northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR))


def shown(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return words_in(answer.content.decode())


def only() -> WebhookEndpoint:
    return WebhookEndpoint.objects.get()


def with_deliveries(northside: Practice, count: int) -> WebhookEndpoint:
    endpoint, _ = listen(northside)
    for _ in range(count):
        endpoint.send_test(by=northside.by)
    return endpoint


def test_a_webhook_is_added_and_its_secret_is_shown_in_the_answer_alone(
    northside: Practice, admin: Client
) -> None:
    answer = admin.post(f"{HERE}/new", SAID | {"once": "token"})

    [secret] = set(SECRET.findall(answer.content.decode()))
    endpoint = only()
    assert endpoint.secrets_at(timezone.now()) == [secret]
    assert (endpoint.url, endpoint.types) == (NOWHERE, ["patient.updated"])
    again = admin.post(f"{HERE}/new", SAID | {"once": "token"}, follow=True)
    for page in (again, admin.get(f"{HERE}/{endpoint.pk}"), admin.get(HERE)):
        assert SECRET.search(page.content.decode()) is None
    assert WebhookEndpoint.objects.count() == 1
    [change] = Change.objects.of(endpoint)
    assert change.verb == "created"
    assert "secret" not in change.changes


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "http://example.com/"}, "begins with https://"),
        ({"url": "https://10.0.0.1/"}, "private network"),
        ({"url": "https://user:x@example.com/"}, "every call is signed"),
        ({"types": []}, "Tick at least one event"),
        ({"types": ["webhook.test"]}, "webhook.test"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_kept(
    admin: Client, wrong: dict[str, Any], words: str
) -> None:
    answer = admin.post(f"{HERE}/new", SAID | wrong)

    assert answer.status_code == 422
    assert words in words_in(answer.content.decode())
    assert WebhookEndpoint.objects.count() == 0


def test_a_practice_has_ten_at_most(northside: Practice, admin: Client) -> None:
    for _ in range(MOST_ENDPOINTS):
        listen(northside)
    answer = admin.post(f"{HERE}/new", SAID)

    assert answer.status_code == 422
    assert "at most 10" in words_in(answer.content.decode())
    assert WebhookEndpoint.objects.count() == MOST_ENDPOINTS
    assert "Add a webhook" not in shown(admin.get(HERE))


def test_the_form_as_it_is_drawn_changes_nothing(northside: Practice, admin: Client) -> None:
    endpoint, _ = listen(northside, types=["patient.updated", "patient_case.full"])
    page = admin.get(f"{HERE}/{endpoint.pk}/edit").content.decode()
    assert len(re.findall(r"name=\"types\"[^>]* checked", page)) == 2
    fields = drawn(admin, f"{HERE}/{endpoint.pk}/edit") | {"types": endpoint.types}

    admin.post(f"{HERE}/{endpoint.pk}/edit", fields | {"description": "Other"})

    [change] = Change.objects.of(endpoint)
    assert change.changes == {"description": ["", "Other"]}


def test_a_new_secret_is_asked_for_and_shown_once(northside: Practice, admin: Client) -> None:
    endpoint, former = listen(northside)
    here = f"{HERE}/{endpoint.pk}/secret"
    assert "24 hours" in shown(admin.get(here))
    assert only().former_secret == ""

    answer = admin.post(here, {"once": "token"})
    [newer] = set(SECRET.findall(answer.content.decode()))
    assert only().secrets_at(timezone.now()) == [newer, former]
    again = admin.post(here, {"once": "token"}, follow=True)
    assert SECRET.search(again.content.decode()) is None
    assert only().secrets_at(timezone.now()) == [newer, former]


def test_it_is_switched_off_and_on_and_removed(northside: Practice, admin: Client) -> None:
    endpoint, _ = listen(northside)
    here = f"{HERE}/{endpoint.pk}"
    for word in ("off", "off", "on", "on"):
        assert admin.post(f"{here}/switch", {"to": word}).status_code == 302
        assert only().is_live == (word == "on")
    assert [c.verb for c in Change.objects.of(endpoint)] == ["switched on", "switched off"]

    assert "cannot be undone" in shown(admin.get(f"{here}/removal"))
    admin.post(f"{here}/removal")
    assert (only().archived_at is not None, only().secret) == (True, "")
    assert admin.get(here).status_code == 404
    assert "Nobody is told yet" in shown(admin.get(HERE))


def test_a_test_event_is_sent_and_its_answer_shown(
    northside: Practice, admin: Client, settings: Any
) -> None:
    settings.WEBHOOK_LOOPBACK = True
    with receiving() as receiver:
        receiver.answers = [500, 204]
        endpoint, _ = listen(northside, receiver.url)
        admin.post(f"{HERE}/{endpoint.pk}/trial")
        assert "none yet" in shown(admin.get(f"{HERE}/{endpoint.pk}"))
        call(endpoint)
        assert "answered 500" in shown(admin.get(f"{HERE}/{endpoint.pk}"))
        assert "failing" in shown(admin.get(HERE))
        Delivery.objects.update(next_try_at=timezone.now())
        call(endpoint)
    page = shown(admin.get(f"{HERE}/{endpoint.pk}"))
    for words in ("webhook.test", "delivered", "answered 204", "2 tries", "answered 500"):
        assert words in page

    endpoint.disable("It is gone.", by=northside.by)
    admin.post(f"{HERE}/{endpoint.pk}/trial")
    assert Delivery.objects.count() == 1
    for where in (HERE, f"{HERE}/{endpoint.pk}"):
        assert "It is gone." in shown(admin.get(where))


def test_one_or_all_that_failed_are_sent_again(northside: Practice, admin: Client) -> None:
    endpoint = with_deliveries(northside, 3)
    now = timezone.now()
    for days, delivery in enumerate(Delivery.objects.order_by("id")):
        delivery.next_try_at, delivery.failed_at = None, now - timedelta(days=days * 2)
        delivery.save()
    first, second, third = Delivery.objects.order_by("id")
    before = len(jobs())

    admin.post(f"/northside/settings/webhook-deliveries/{third.pk}/repeat")
    admin.post(f"{HERE}/{endpoint.pk}/failed", {"hours": "24"})
    states = {one.pk: one.state for one in Delivery.objects.all()}
    assert states == {first.pk: "waiting", second.pk: "failed", third.pk: "waiting"}
    assert len(jobs()) == before + 2
    wrong = admin.post(f"{HERE}/{endpoint.pk}/failed", {"hours": "1; DROP"})
    assert (wrong.status_code, Delivery.objects.failed().count()) == (302, 1)


@pytest.mark.parametrize(
    ("asked", "count"), [("", 3), ("failed", 1), ("waiting", 2), ("delivered", 0), ("x", 3)]
)
def test_the_log_is_narrowed_to_a_state(
    northside: Practice, admin: Client, asked: str, count: int
) -> None:
    endpoint = with_deliveries(northside, 3)
    last = Delivery.objects.order_by("id").last()
    assert last is not None
    last.next_try_at, last.failed_at = None, timezone.now()
    last.save()

    assert shown(admin.get(f"{HERE}/{endpoint.pk}?state={asked}")).count("evt_") == count


def test_the_pages_take_as_many_statements_for_one_row_as_for_three(
    northside: Practice, admin: Client
) -> None:
    admin.get(HERE)  # which notes that somebody is there
    for rows in (1, 2):
        for _ in range(rows):
            endpoint = with_deliveries(northside, rows)
        assert len(statements(partial(admin.get, HERE))) == 4
        assert len(statements(partial(admin.get, f"{HERE}/{endpoint.pk}"))) == 6


def test_who_may_not_edit_settings_sees_none_of_it(northside: Practice) -> None:
    endpoint, _ = listen(northside)
    client = signed_in(northside.member)
    for path in (HERE, f"{HERE}/new", f"{HERE}/{endpoint.pk}", f"{HERE}/{endpoint.pk}/secret"):
        assert client.get(path).status_code == 403
        assert client.post(path, SAID).status_code == 403
