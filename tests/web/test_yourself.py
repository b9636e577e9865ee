"""One's own page: the name, and where one is signed in."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from casewell.accounts.models import Session
from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.tenancy.scope import account_scope
from tests.world import PASSWORD

if TYPE_CHECKING:
    from tests.world import Practice

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


@pytest.fixture
def desk(northside: Practice) -> Client:
    return entered(northside)


def entered(practice: Practice, browser: str = FIREFOX) -> Client:
    """A browser in which the practice's member has signed in."""
    client = Client(SERVER_NAME="localhost", headers={"user-agent": browser})
    email = practice.member.user.email
    client.post("/sign-in/", {"login": email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200
    return client


def test_ones_own_name_is_changed_and_each_practice_is_told(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    elsewhere.account.admit(northside.member.user, role=Role.SCHEDULER)

    saved = desk.post("/account/", {"first_name": "Rita", "last_name": "Desk-Moore"})
    refused = desk.post("/account/", {"first_name": "", "last_name": "Desk"})

    assert (saved.status_code, refused.status_code) == (302, 422)
    northside.member.user.refresh_from_db()
    assert str(northside.member.user) == "Rita Desk-Moore"
    for practice in (northside, elsewhere):
        with account_scope(practice.account):
            [told] = Change.objects.filter(verb="renamed")
            assert told.changes == {"last_name": ["Desk", "Desk-Moore"]}
    assert Client().get("/account/").headers["Location"].startswith("/sign-in/")


def test_ones_sessions_are_listed_without_their_keys_and_ended_one_by_one(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    phone, theirs = entered(northside, PHONE), entered(elsewhere, PHONE)

    page = desk.get("/account/").content.decode()
    [digest] = re.findall(r'name="session" value="(\w+)"', page)
    desk.post("/account/sessions/ended", {"session": digest})

    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert all(session.session_key not in page for session in Session.objects.all())
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200
    assert theirs.get("/account/").status_code == 200


def test_all_other_sessions_end_at_once_and_ones_own_goes_on(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    others, theirs = [entered(northside, PHONE) for _ in range(2)], entered(elsewhere)

    desk.post("/account/sessions/ended")

    assert [other.get("/account/").status_code for other in others] == [302, 302]
    assert desk.get("/account/").status_code == 200
    assert theirs.get("/account/").status_code == 200


def test_a_session_of_somebody_else_cannot_be_ended(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    theirs = entered(elsewhere, PHONE)
    entered(elsewhere)
    [digest] = re.findall(r'name="session" value="(\w+)"', theirs.get("/account/").content.decode())

    desk.post("/account/sessions/ended", {"session": digest})

    assert Session.objects.filter(user=elsewhere.member.user).count() == 2


def test_a_changed_password_and_disuse_end_a_session_for_the_list_too(
    northside: Practice, desk: Client
) -> None:
    phone = entered(northside, PHONE)
    desk.post(
        "/password/change/",
        {
            "oldpassword": PASSWORD,
            "password1": "four other plain words",
            "password2": "four other plain words",
        },
    )

    assert "Safari on iPhone" not in desk.get("/account/").content.decode()
    assert phone.get("/account/").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        again = Client(SERVER_NAME="localhost")
        form = {"login": northside.member.user.email, "password": "four other plain words"}
        again.post("/sign-in/", form)
        assert again.get("/account/").content.decode().count("signed in ") == 1
