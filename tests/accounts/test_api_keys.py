"""Keys to the API: what is kept of one, when it opens, and when it was used."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casewell.accounts.models import ApiKey
from tests.world import NOON

if TYPE_CHECKING:
    from tests.world import Practice


def test_a_key_is_shown_once_and_kept_as_a_digest(northside: Practice) -> None:
    key, shown = ApiKey.issue(northside.member, name="Exercises")
    text, _, cell = shown.partition("-")

    assert (len(text), cell, text.isalnum()) == (36, "au1", True)
    assert key.prefix == text[:6]
    assert key.digest == hashlib.sha256(text.encode()).hexdigest()
    kept = [str(value) for value in ApiKey.objects.filter(pk=key.pk).values().get().values()]
    assert not any(text in value for value in kept)


def test_a_key_is_found_with_any_cells_suffix_and_without(
    northside: Practice, settings: Any
) -> None:
    settings.CELL = "uk2"
    key, shown = ApiKey.issue(northside.member)

    assert shown[36:] == "-uk2"
    for written in (shown, shown[:36], f"{shown[:36]}-au1", f"{shown}-au1"):
        assert ApiKey.digest_of(written) == key.digest
    assert ApiKey.digest_of(shown[:35]) != key.digest
    assert ApiKey.issue(northside.member)[1] != shown


@pytest.mark.parametrize("text", ["", "-au1", "\0", "\udc80", "ä" * 100_000])
def test_a_text_that_was_never_a_key_has_a_digest_that_no_key_has(
    northside: Practice, text: str
) -> None:
    ApiKey.issue(northside.member)

    assert not ApiKey.objects.filter(digest=ApiKey.digest_of(text)).exists()


def test_a_revoked_key_says_when(northside: Practice) -> None:
    key, _ = ApiKey.issue(northside.member)

    key.revoke()

    assert ApiKey.objects.get(pk=key.pk).revoked_at is not None


def test_a_key_counts_until_it_is_revoked_or_past_its_end(northside: Practice) -> None:
    now = timezone.now()
    lasting, _ = ApiKey.issue(northside.member)
    until_tomorrow, _ = ApiKey.issue(northside.member, expires_at=now + timedelta(days=1))
    past, _ = ApiKey.issue(northside.member, expires_at=now)
    revoked, _ = ApiKey.issue(northside.member)
    revoked.revoke()

    assert set(ApiKey.objects.valid()) == set(ApiKey.objects.unended()) == {lasting, until_tomorrow}
    assert [key.has_run_out for key in (lasting, until_tomorrow, past)] == [False, False, True]


@pytest.mark.parametrize("switched_off", ["member", "user"])
def test_the_keys_of_those_who_cannot_come_in_do_not_count(
    northside: Practice, elsewhere: Practice, switched_off: str
) -> None:
    theirs, _ = ApiKey.issue(elsewhere.member)
    ApiKey.issue(northside.member)

    if switched_off == "member":
        northside.member.active = False
        northside.member.save()
    else:
        northside.member.user.is_active = False
        northside.member.user.save()

    assert list(ApiKey.objects.valid()) == [theirs]


def test_a_use_is_noted_at_most_once_a_minute_in_one_statement(northside: Practice) -> None:
    key, other = (ApiKey.issue(northside.member)[0] for _ in range(2))

    def noted(seconds: int) -> int:
        """Seconds after noon that the key says, once it was used so late."""
        with CaptureQueriesContext(connection) as statements:
            ApiKey.used(key.pk, NOON + timedelta(seconds=seconds))
        assert len(statements) == 1
        key.refresh_from_db()
        assert key.last_used_at
        return round((key.last_used_at - NOON).total_seconds())

    assert [noted(seconds) for seconds in (0, 59, 60, 1, 130)] == [0, 0, 60, 60, 130]
    other.refresh_from_db()
    assert other.last_used_at is None
