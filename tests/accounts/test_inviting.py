"""Inviting, as administrators do: the link shown once or sent, renewed, and taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail as outbox
from django.test import Client

from casewell.accounts.models import Invitation
from casewell.accounts.roles import Role
from casewell.audit.tasks import deliver
from tests.accounts.invitations import invited, opened
from tests.world import BACKEND

if TYPE_CHECKING:
    from tests.world import Practice


@pytest.fixture
def admin(northside: Practice) -> Client:
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    client = Client(SERVER_NAME="localhost")
    client.force_login(northside.member.user, BACKEND)
    return client


def test_without_a_mail_server_the_link_is_shown_once(northside: Practice, admin: Client) -> None:
    form = {"email": "Nia@Example.org", "role": "receptionist", "once": "first"}

    shown = admin.post("/northside/settings/users", form).content.decode()
    again = admin.post("/northside/settings/users", form)

    [address] = set(re.findall(r"http://localhost:8000(/sign-up/invitation/[\w-]+)", shown))
    assert again.status_code == 302
    assert "/sign-up/" not in admin.get("/northside/settings/users").content.decode()
    assert Client(SERVER_NAME="localhost").get(address).status_code == 200
    assert Invitation.objects.get().email == "nia@example.org"


def test_with_a_mail_server_the_link_is_sent_and_not_shown(
    northside: Practice, admin: Client, settings: Any
) -> None:
    settings.MAIL_IS_SET_UP = True

    answer = admin.post(
        "/northside/settings/users", {"email": "nia@example.org", "role": "receptionist"}
    )
    deliver(northside.account.pk, northside.account.outgoing_mail.get().pk)

    assert answer.status_code == 302
    [message] = outbox.outbox
    assert message.to == ["nia@example.org"]
    assert message.reply_to == [northside.member.user.email]
    [address] = re.findall(r"http://localhost:8000(/sign-up/invitation/\S+)", str(message.body))
    assert Client(SERVER_NAME="localhost").get(address).status_code == 200


def test_a_member_is_not_invited_and_a_second_invitation_ends_the_first(
    northside: Practice, admin: Client
) -> None:
    _, first = invited(northside)

    member = admin.post(
        "/northside/settings/users",
        {"email": northside.member.user.email.upper(), "role": "receptionist"},
    )
    admin.post("/northside/settings/users", {"email": "nia@example.org", "role": "bookkeeper"})

    assert member.status_code == 422
    assert "Rita Desk is a member already." in member.content.decode()
    assert opened(first).status_code == 410
    assert [i.role for i in northside.account.invitations.pending()] == [Role.BOOKKEEPER]


def test_an_invitation_is_renewed_and_taken_back(northside: Practice, admin: Client) -> None:
    one, first = invited(northside)
    here = f"/northside/settings/invitations/{one.pk}"

    shown = admin.post(f"{here}/renewal").content.decode()
    [second] = set(re.findall(r"/sign-up/invitation/([\w-]+)", shown))
    reloaded = admin.get(f"{here}/renewal")

    assert [opened(first).status_code, opened(second).status_code] == [410, 200]
    assert reloaded.headers["Location"] == "/northside/settings/users"
    admin.post(f"{here}/revocation")
    assert opened(second).status_code == 410
    assert admin.post(f"{here}/renewal").status_code == 404
