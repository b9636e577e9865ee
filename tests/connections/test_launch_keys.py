"""The keys that sign launches: their turns, how they are kept, where they are published."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from casewell.connections.models import LaunchKey
from casewell.connections.models.key import AHEAD, OVERLAP, SIGNS_FOR
from casewell.connections.sealing import seal, unseal
from casewell.connections.tasks import tend_launch_keys
from casewell.lib.sealing import NotOpened

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db


def kids() -> list[str]:
    return list(LaunchKey.objects.in_turn().values_list("kid", flat=True))


def latest() -> LaunchKey:
    return list(LaunchKey.objects.in_turn())[-1]


def signing(now: datetime) -> str:
    key = LaunchKey.objects.signing(now)
    assert key
    return str(key)


def test_keys_take_turns_each_published_ahead_and_kept_for_a_while() -> None:
    begun = timezone.now()
    first = LaunchKey.tend(begun).kid
    assert len(kids()) == 2
    _, second = kids()

    LaunchKey.tend(begun + SIGNS_FOR - timedelta(hours=1))
    assert signing(begun + SIGNS_FOR - timedelta(hours=1)) == first
    turn = begun + SIGNS_FOR
    assert signing(turn) == second, "without the worker, too"

    LaunchKey.tend(turn + timedelta(hours=1))
    assert kids()[:2] == [first, second]
    third = latest()
    assert third.signs_from - turn >= AHEAD
    LaunchKey.tend(turn + OVERLAP - timedelta(seconds=1))
    assert first in kids()
    LaunchKey.tend(turn + OVERLAP)
    assert kids() == [second, third.kid]


def test_after_a_long_sleep_a_new_key_is_still_published_ahead() -> None:
    begun = timezone.now()
    LaunchKey.tend(begun)
    woken = begun + 10 * SIGNS_FOR
    LaunchKey.tend(woken)

    assert latest().signs_from >= woken + AHEAD


def test_the_nightly_job_makes_the_first_keys() -> None:
    tend_launch_keys(timestamp=0)

    assert len(kids()) == 2


def test_private_keys_are_sealed_and_another_secret_does_not_open_them(settings: Any) -> None:
    key = LaunchKey.tend()
    private = unseal(key.sealed)
    assert private["d"]
    assert private["d"] not in json.dumps([key.public, key.sealed])
    assert "d" not in key.public

    settings.SECRET_KEY = "another"
    with pytest.raises(NotOpened):
        unseal(key.sealed)
    assert LaunchKey.to_sign_with().kid != key.kid


def test_what_was_sealed_and_then_changed_is_not_opened() -> None:
    sealed = seal({"d": "x"})
    with pytest.raises(NotOpened):
        unseal(sealed[:-6] + ("AAAAAA" if not sealed.endswith("AAAAAA") else "BBBBBB"))


def test_the_keys_are_published_for_everybody_and_may_be_kept_a_while() -> None:
    key = LaunchKey.tend()
    answer = Client().get("/.well-known/jwks.json")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer
    published = answer.json()["keys"]
    assert [one["kid"] for one in published] == kids()
    assert published[0] == key.public
    assert set(published[0]) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert Client().post("/.well-known/jwks.json").status_code == 405
