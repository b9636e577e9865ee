"""Invitations: a link that works once, for the invited person, and lets in nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from casewell.accounts.invitations import InvitationGone
from casewell.accounts.models import Account, Invitation, User
from casewell.accounts.roles import Role
from casewell.audit.members import join, renew, revoke
from casewell.audit.models import Change
from casewell.tenancy.scope import account_scope
from tests.accounts.invitations import NEW, invited, opened
from tests.world import BACKEND, PASSWORD

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_new_person_chooses_a_password_and_is_in_as_what_they_were_invited(
    northside: Practice,
) -> None:
    one, token = invited(northside)
    browser = Client(SERVER_NAME="localhost")

    shown = opened(token, browser)
    answer = opened(token, browser, **NEW)

    assert "nia@example.org" in shown.content.decode()
    assert answer.headers["Location"] == "/northside/"
    assert browser.get("/northside/").status_code == 200
    assert browser.get("/northside/settings").status_code == 403
    member = northside.account.memberships.get(user__email="nia@example.org")
    assert (member.role, str(member.user)) == (Role.SCHEDULER, "Nia Cole")
    assert member.user.check_password(NEW["password"])
    told = Change.objects.of(one).get(verb="accepted")
    assert told.user == member.user
    assert "digest" not in told.changes


def test_looking_at_an_invitation_changes_nothing(northside: Practice) -> None:
    one, token = invited(northside)
    before = Invitation.objects.values().get(pk=one.pk)

    for _ in range(2):
        assert opened(token).status_code == 200

    assert Invitation.objects.values().get(pk=one.pk) == before
    assert not User.objects.filter(email="nia@example.org").exists()


def test_the_same_is_said_of_links_unknown_used_run_out_and_taken_back(
    northside: Practice,
) -> None:
    used, run_out, taken_back, renewed = (
        invited(northside, f"{name}@example.org") for name in ("used", "late", "back", "again")
    )
    opened(used[1], **NEW)
    Invitation.objects.filter(pk=run_out[0].pk).update(expires_at=timezone.now())
    revoke(taken_back[0], by=northside.by)
    renew(renewed[0], by=northside.by)

    tokens = ["never-was", used[1], run_out[1], taken_back[1], renewed[1]]
    answers = [opened(token) for token in tokens]
    sent = [opened(token, **NEW) for token in tokens]

    assert {answer.status_code for answer in answers + sent} == {410}
    shown = {re.sub(rb"[\w-]{40,}", b"", answer.content) for answer in answers + sent}
    assert len(shown) == 1
    assert northside.account.memberships.count() == 2


def test_an_invitation_lasts_seven_days(northside: Practice) -> None:
    _, token = invited(northside)

    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert opened(token).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert opened(token).status_code == 410


def test_an_accepted_invitation_cannot_be_accepted_again(northside: Practice) -> None:
    one, _ = invited(northside)
    stale = Invitation.objects.get(pk=one.pk)
    nia = User.objects.create_user("nia@example.org", PASSWORD, first_name="Nia", last_name="Cole")
    join(one, nia)

    with pytest.raises(InvitationGone):
        join(stale, nia)

    assert northside.account.memberships.filter(user=nia).count() == 1


def test_a_user_signs_in_and_joins_and_keeps_their_name(
    northside: Practice, elsewhere: Practice
) -> None:
    theirs = elsewhere.member.user
    _, token = invited(northside, theirs.email)
    browser = Client(SERVER_NAME="localhost")

    before = opened(token, browser).content.decode()
    refused = opened(token, browser, **NEW)
    browser.force_login(theirs, BACKEND)
    shown, joined = opened(token, browser), opened(token, browser, join="yes")

    assert f"next=/sign-up/invitation/{token}" in before
    assert refused.status_code == 200
    assert b"You are signed in as" in shown.content
    assert joined.headers["Location"] == "/northside/"
    assert northside.account.memberships.get(user=theirs).role == Role.SCHEDULER
    theirs.refresh_from_db()
    assert str(theirs) == "Rita Desk"
    assert theirs.check_password(PASSWORD)


def test_somebody_else_who_is_signed_in_cannot_take_the_invitation(
    northside: Practice, elsewhere: Practice
) -> None:
    _, token = invited(northside)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(elsewhere.member.user, BACKEND)

    shown, sent = opened(token, browser), opened(token, browser, **NEW)

    assert b"This invitation is for" in shown.content
    assert sent.status_code == 200
    assert northside.account.memberships.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "casewell-demo", "again": "casewell-demo"}, "Everybody knows"),
        ({"again": "something else entirely"}, "are not the same"),
        ({"first_name": "N" * 300}, "at most 150"),
        ({"last_name": " "}, "required"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_made(
    northside: Practice, change: dict[str, str], said: str
) -> None:
    _, token = invited(northside)

    answer = opened(token, **(NEW | change))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.filter(email="nia@example.org").exists()


def test_an_old_invitation_takes_no_role_away(northside: Practice) -> None:
    one, _ = invited(northside, northside.member.user.email)
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)

    join(one, northside.member.user)

    assert northside.account.memberships.get().role == Role.ADMINISTRATOR


def test_the_token_stays_out_of_the_books_the_logs_and_other_sites(
    northside: Practice, caplog: pytest.LogCaptureFixture
) -> None:
    one, token = invited(northside)
    answer = opened(token, **(NEW | {"again": "x"}))
    revoke(one, by=northside.by)
    opened(token)

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert token not in str([change.changes for change in Change.objects.all()])
    assert token not in str(Invitation.objects.values().get(pk=one.pk))
    assert "Gone: /sign-up/invitation/…" in caplog.text
    assert token not in caplog.text


def test_the_practice_joined_is_the_one_that_invited(
    northside: Practice, elsewhere: Practice
) -> None:
    with account_scope(elsewhere.account):
        _, token = invited(elsewhere)

    opened(token, **NEW)

    assert [a.slug for a in Account.objects.filter(memberships__user__first_name="Nia")] == [
        "elsewhere"
    ]
