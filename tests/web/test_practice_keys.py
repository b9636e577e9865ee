"""A practice's keys to the API, as administrators see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.accounts.models import ApiKey
from casewell.accounts.roles import Role
from casewell.audit.models import Change
from tests.web.pages import text_of
from tests.web.test_pages import statements_of
from tests.world import NOON, Practice

if TYPE_CHECKING:
    from django.test import Client

OWN, USERS = "/northside/my-info", "/northside/settings/users"


def test_administrators_see_and_revoke_every_members_keys_here_and_nobody_elses(
    northside: Practice, elsewhere: Practice, admin: Client
) -> None:
    colleague = northside.account.admit(elsewhere.member.user, role=Role.RECEPTIONIST)
    theirs, _ = ApiKey.issue(colleague, name="Reminders")
    foreign, _ = ApiKey.issue(elsewhere.member, name="Foreign")
    ended, _ = ApiKey.issue(colleague, name="Former")
    ended.revoke()
    colleague.active = False
    colleague.save()

    listed = admin.get(USERS)
    refused = admin.post(f"/northside/settings/api-keys/{foreign.pk}/revocation")
    revoked = admin.post(f"/northside/settings/api-keys/{theirs.pk}/revocation")

    assert f"Rita Desk · switched off Reminders {theirs.prefix}…" in text_of(listed)
    assert "Foreign" not in text_of(listed)
    assert "Former" not in text_of(listed)
    assert (refused.status_code, revoked.status_code) == (404, 302)
    assert revoked.headers["Location"] == USERS
    assert list(ApiKey.objects.unended()) == [foreign]
    told = Change.objects.of(theirs).get()
    assert (told.verb, told.user) == ("revoked", northside.member.user)


@pytest.mark.parametrize("page", [OWN, USERS])
def test_the_pages_take_the_same_few_statements_for_one_key_and_for_many(
    northside: Practice, admin: Client, page: str
) -> None:
    member = northside.account.memberships.get()
    ApiKey.issue(member)
    admin.get(page)
    counts = []
    for n in (0, 2):
        for _ in range(n):
            _key, _ = ApiKey.issue(member, name="Reports", expires_at=NOON + timedelta(days=9999))
            ApiKey.issue(member)[0].revoke()
        counts.append(statements_of(admin, page))

    assert counts == [{OWN: 6, USERS: 7}[page]] * 2
