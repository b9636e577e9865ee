"""Members as an administrator changes them: never the last one, never oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casewell.accounts.models import Membership, User
from casewell.accounts.roles import Role
from casewell.audit.actors import Actor
from casewell.audit.members import (
    LastAdministrator,
    OnOneself,
    RoleChangedMeanwhile,
    change_role,
    switch_off,
    switch_on,
)
from casewell.audit.models import Change
from tests.world import BACKEND, PASSWORD

if TYPE_CHECKING:
    from tests.world import Practice


def admitted(practice: Practice, name: str, role: Role) -> Membership:
    user = User.objects.create_user(
        f"{name.lower()}@example.org", PASSWORD, first_name=name, last_name="Cole"
    )
    return practice.account.admit(user, role=role)


def test_the_last_administrator_keeps_role_and_entry(northside: Practice) -> None:
    only, former = (admitted(northside, name, Role.ADMINISTRATOR) for name in ("Ann", "Bea"))
    switch_off(former, by=Actor(member=only))

    with pytest.raises(LastAdministrator, match="Ann Cole is the only administrator"):
        change_role(only, Role.SCHEDULER, seen=only.role, by=northside.by)
    with pytest.raises(LastAdministrator):
        switch_off(only, by=northside.by)

    only.refresh_from_db()
    assert (only.role, only.active) == (Role.ADMINISTRATOR, True)
    switch_on(former, by=Actor(member=only))
    change_role(only, Role.SCHEDULER, seen=only.role, by=Actor(member=former))
    assert Membership.objects.get(pk=only.pk).role == Role.SCHEDULER


def test_nobody_shuts_themselves_out(northside: Practice) -> None:
    ann, _ = (admitted(northside, name, Role.ADMINISTRATOR) for name in ("Ann", "Bea"))

    with pytest.raises(OnOneself):
        change_role(ann, Role.SCHEDULER, seen=ann.role, by=Actor(member=ann))
    with pytest.raises(OnOneself):
        switch_off(ann, by=Actor(member=ann))


def test_a_role_given_over_a_newer_one_is_refused(northside: Practice) -> None:
    ann, bea = (admitted(northside, name, Role.ADMINISTRATOR) for name in ("Ann", "Bea"))
    change_role(bea, Role.BOOKKEEPER, seen=Role.ADMINISTRATOR, by=Actor(member=ann))

    with pytest.raises(RoleChangedMeanwhile, match="Bea Cole has become Bookkeeper meanwhile"):
        change_role(bea, Role.SCHEDULER, seen=Role.ADMINISTRATOR, by=northside.by)

    bea.refresh_from_db()
    assert bea.role == Role.BOOKKEEPER


def test_a_member_who_is_switched_off_is_out_at_once_and_the_change_is_told(
    northside: Practice, elsewhere: Practice
) -> None:
    ann = admitted(northside, "Ann", Role.ADMINISTRATOR)
    here, elsewhere_too = Client(), Client()
    here.force_login(northside.member.user, BACKEND)
    elsewhere.account.admit(elsewhere.member.user, role=Role.RECEPTIONIST)
    visiting = northside.account.admit(elsewhere.member.user, role=Role.RECEPTIONIST)
    elsewhere_too.force_login(elsewhere.member.user, BACKEND)
    assert here.get("/northside/").status_code == 200

    for member in (northside.member, visiting):
        switch_off(member, by=Actor(member=ann))

    # Whose only practice it was is signed out; the other one is still in their own.
    assert here.get("/northside/").headers["Location"].startswith("/sign-in/")
    assert elsewhere_too.get("/northside/").status_code == 404
    assert elsewhere_too.get("/elsewhere/").status_code == 200
    told = Change.objects.of(northside.member).get()
    assert (told.verb, told.user, told.changes) == (
        "switched off",
        ann.user,
        {"active": [True, False]},
    )
