"""Operators who give two apps one address at the same moment: one app gets it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from casewell.connections.models import COMMAND_LINE, AppPattern, ApprovedApp, approved
from tests import database
from tests.connections.world import PATTERN, proposed
from tests.connections.world import approved as approved_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.plugin import DjangoDbBlocker

BEFORE_COMMIT = 0.2  # seconds, in which the other one would look


@pytest.fixture
def shared_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One in which threads see what others have committed; the test's own is put back."""
    with django_db_blocker.unblock():
        usual = str(connection.settings_dict["NAME"])
        name = f"approvals_{os.getpid()}"
        database.copy(name)
        database.use(name)
        try:
            yield
        finally:
            database.use(usual)
            database.drop(name)


def approve(app: ApprovedApp) -> None:
    app.approve(by=COMMAND_LINE)


def revise(app: ApprovedApp) -> None:
    app.revise([PATTERN], by=COMMAND_LINE)


def at_once(*acts: tuple[Callable[[ApprovedApp], None], ApprovedApp]) -> list[str]:
    """What each is told, in the order of the alphabet; all have begun before one commits."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[ApprovedApp], None], app: ApprovedApp) -> str:
        try:
            with transaction.atomic():
                barrier.wait()
                act(app)
                time.sleep(BEFORE_COMMIT)
        except ValidationError as refused:
            return refused.messages[0]
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, *zip(*acts, strict=True)))


@pytest.mark.parametrize("locked", [True, False])
def test_one_app_gets_the_address_and_without_the_lock_two_would(
    shared_database: None, monkeypatch: pytest.MonkeyPatch, *, locked: bool
) -> None:
    if not locked:
        monkeypatch.setattr(approved, "take_turns", lambda lock: None)
    first, second = proposed(name="One"), proposed(name="Two")
    third = approved_app("other.example.com/p", name="Three")

    told = at_once((approve, first), (approve, second), (revise, third))

    holders = AppPattern.objects.filter(text=PATTERN, app__state="approved").count()
    if locked:
        assert holders == 1
        assert [answer == "done" or "is an address of" in answer for answer in told] == [True] * 3
        assert told.count("done") == 1
    else:
        assert holders == told.count("done") == 3
