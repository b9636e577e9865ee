"""My info: who one is in a practice, and one's keys to the API."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.utils import timezone

from casewell.accounts.models import ApiKey
from casewell.accounts.roles import Role
from casewell.audit.api_keys import MOST
from casewell.audit.models import Change
from casewell.tenancy.fields import is_tenant
from tests.web.pages import LONG, said, text_of
from tests.world import NOON, Practice, signed_in

if TYPE_CHECKING:
    from django.test import Client

HERE = "/northside/my-info"
KEY = re.compile(r"[A-Za-z0-9]{36}-au1")


def shown_in(answer: Any) -> set[str]:
    """The whole keys that an answer shows."""
    return set(KEY.findall(answer.content.decode()))


def places_of(text: str, practice: Practice) -> list[str]:
    """The tables that hold that text anywhere."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        pinned = f'AND t."account_id" = {practice.account.pk}' if is_tenant(model) else ""
        if model._meta.managed:
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s {pinned}',
                    [f"%{text}%"],
                )
                found += [table] * cursor.fetchone()[0]
    return found


def test_the_page_says_who_one_is_in_this_practice(northside: Practice, desk: Client) -> None:
    alone = text_of(desk.get(HERE))
    northside.amy.user = northside.member.user
    northside.amy.designation = "Physiotherapist"
    northside.amy.save()

    said_now = text_of(desk.get(HERE))

    assert "Name Rita Desk Email reception@northside.example Role Receptionist" in said_now
    assert "Practitioner Amy Shaw Physiotherapist Calendar In other programs Sign-in" in said_now
    assert "Amy Shaw" not in alone
    assert f'href="{HERE}"' in desk.get("/northside/today").content.decode()


def test_a_key_is_shown_in_the_answer_that_makes_it_and_never_again(
    northside: Practice, desk: Client
) -> None:
    sent = {"name": "Online bookings", "once": "first"}

    made = desk.post(HERE, sent)
    reloaded = desk.post(HERE, sent)
    looked = desk.get(HERE)

    [text] = shown_in(made)
    [key] = ApiKey.objects.all()
    assert key.digest == ApiKey.digest_of(text)
    assert (key.membership, key.name, key.expires_at) == (northside.member, "Online bookings", None)
    assert (made.status_code, made.headers["Cache-Control"]) == (200, "no-store")
    assert (reloaded.status_code, reloaded.headers["Location"]) == (302, HERE)
    assert shown_in(reloaded) == shown_in(looked) == set()
    assert f"{text[:6]}…" in text_of(looked)


def test_a_key_is_kept_nowhere_but_as_a_digest(northside: Practice, desk: Client) -> None:
    [text] = shown_in(desk.post(HERE, {"name": "Online bookings", "once": "first"}))

    assert places_of(text[6:36], northside) == []
    assert places_of(ApiKey.digest_of(text), northside) == ["accounts_apikey"]
    assert "audit_change" in places_of(text[:6], northside)
    assert text[6:36] not in str(dict(desk.session))
    assert said(desk.get(HERE)) == []


def test_making_and_revoking_a_key_are_told_with_who_did_it(
    northside: Practice, desk: Client
) -> None:
    desk.post(HERE, {"name": "Reports", "until": "2199-12-31"})
    [key] = ApiKey.objects.all()

    answer = desk.post(f"{HERE}/api-keys/{key.pk}/revocation")

    assert (answer.status_code, answer.headers["Location"]) == (302, HERE)
    assert said(answer) == ["The key “Reports” is revoked: it opens nothing any more."]
    revoked, made = Change.objects.of(key)
    assert (made.verb, revoked.verb) == ("made", "revoked")
    assert made.user == revoked.user == northside.member.user
    assert made.changes == {
        "membership": [None, northside.member.pk],
        "name": ["", "Reports"],
        "prefix": ["", key.prefix],
        "expires_at": [None, "2199-12-31T13:00:00Z"],
    }
    assert set(revoked.changes) == {"revoked_at"}
    assert list(ApiKey.objects.valid()) == []


def test_revoking_asks_first_and_a_second_time_changes_nothing(
    northside: Practice, desk: Client
) -> None:
    key, _ = ApiKey.issue(northside.member, name="Reports")
    url = f"{HERE}/api-keys/{key.pk}/revocation"

    asked = desk.get(url)
    assert "Revoke the key “Reports” ? What uses it is refused" in text_of(asked)
    assert list(ApiKey.objects.valid()) == [key]
    desk.post(url)
    [first] = ApiKey.objects.values_list("revoked_at")
    again = desk.post(url)

    assert again.status_code == 302
    assert [first] == list(ApiKey.objects.values_list("revoked_at"))
    assert Change.objects.of(key).count() == 1


def test_the_last_day_is_a_whole_day_where_the_practice_is(
    northside: Practice, desk: Client
) -> None:
    with time_machine.travel(NOON):
        desk.post(HERE, {"name": "Trial", "until": "2026-03-03"})
        page = text_of(desk.get(HERE))

    [key] = ApiKey.objects.all()
    assert key.expires_at == datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
    assert "Last day: 3 Mar 2026" in page
    with time_machine.travel(key.expires_at - timedelta(seconds=1)):
        assert list(ApiKey.objects.valid()) == [key]
    with time_machine.travel(key.expires_at):
        assert list(ApiKey.objects.valid()) == []
        ended = text_of(signed_in(northside.member).get(HERE))
    assert "1 ended Trial" in ended
    assert "ended after 3 Mar 2026" in ended


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "required"),
        ("name", "   ", "required"),
        ("name", LONG, "at most 100 characters"),
        ("until", "2026-03-02", "Choose today or a later day."),
        ("until", "9999-12-31", "Choose a date from 1900 to 2199."),
        ("until", "soon", "valid date"),
    ],
)
def test_a_key_that_cannot_be_is_refused_at_its_field(
    northside: Practice, desk: Client, field: str, value: str, sentence: str
) -> None:
    with time_machine.travel(NOON):
        answer = desk.post(HERE, {"name": "Trial", "until": "2026-03-03", field: value})

    at_field = re.search(rf'id="id_{field}_error">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    assert answer.status_code == 422
    assert at_field is not None
    assert sentence in at_field[1]
    assert not ApiKey.objects.exists()


def test_a_member_has_no_more_keys_than_can_be_overlooked(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    keys = [ApiKey.issue(northside.member, name=f"Nr {n}")[0] for n in range(MOST)]

    refused = desk.post(HERE, {"name": "One more"})
    keys[0].revoke()
    made = desk.post(HERE, {"name": "One more"})

    assert (refused.status_code, made.status_code) == (422, 200)
    assert "20 keys are in use already. Revoke one that nothing needs." in text_of(refused)
    assert 'value="One more"' in refused.content.decode()
    assert shown_in(refused) == set()
    assert len(shown_in(made)) == 1


def test_fields_that_are_not_the_members_to_set_make_a_key_of_their_own(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    desk.post(
        HERE,
        {"name": "Mine", "membership": elsewhere.member.pk, "id": 7, "prefix": "aaaaaa"}
        | {"digest": ApiKey.digest_of("a" * 36), "last_used_at": "2020-01-01"},
    )

    [key] = ApiKey.objects.all()
    assert (key.membership, key.last_used_at) == (northside.member, None)
    assert key.pk != 7
    assert key.digest != ApiKey.digest_of("a" * 36)


def test_the_key_of_another_member_or_practice_is_as_one_that_never_was(
    northside: Practice, elsewhere: Practice, desk: Client
) -> None:
    colleague = northside.account.admit(elsewhere.member.user, role=Role.ADMINISTRATOR)
    own_elsewhere = elsewhere.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    others = [ApiKey.issue(one)[0] for one in (colleague, elsewhere.member, own_elsewhere)]

    for key in others:
        for method in (desk.get, desk.post):
            assert method(f"{HERE}/api-keys/{key.pk}/revocation").status_code == 404
            answer = method(f"/northside/settings/api-keys/{key.pk}/revocation")
            assert answer.status_code == 403
    assert ApiKey.objects.valid().count() == 3
    assert all(key.prefix not in desk.get(HERE).content.decode() for key in others)


def test_a_key_says_when_it_was_last_used(northside: Practice, desk: Client) -> None:
    key, _ = ApiKey.issue(northside.member, name="Reports")
    with time_machine.travel(NOON):
        never = text_of(desk.get(HERE))
        ApiKey.used(key.pk, timezone.now() - timedelta(hours=1))
        used = text_of(desk.get(HERE))

    assert "Last used: never" in never
    assert "Last used: today 11:00 am" in used
