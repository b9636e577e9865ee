"""What every test stands on: a copy of the migrated database, used as the run-time role."""

from __future__ import annotations

import gc
import os
from collections import deque
from functools import cache, lru_cache
from itertools import chain, groupby
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from casewell.lib.garbage import MIDDLE, OLD, YOUNG
from casewell.tenancy.fields import is_tenant
from casewell.tenancy.scope import account_scope
from casewell.tenancy.statements import unpinned
from tests import database
from tests.world import NOON, Practice, open_practice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.served", "tests.soak", "tests.connected_app", "tests.bucket"]


# What serves the site beside itself, or drives a browser: half of it is waiting.
HEAVY = {"browser", "races", "config", "reminders"}


def pytest_configure() -> None:
    """Look for garbage as seldom as a server does."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def pytest_unconfigure() -> None:
    database.let_go()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the heavy files among the others, each in one piece.

    Workers begin with equal parts of the list: together in one part they come last and all at
    once, when several browsers on two cores are slower than one after the other.
    """
    files = [list(each) for _, each in groupby(items, key=lambda item: item.path)]
    heavy = [each for each in files if HEAVY & {*PurePath(each[0].nodeid).parts}]
    light = deque(each for each in files if each not in heavy)
    apart, placed = len(items) / max(len(heavy), 1), list[pytest.Item]()
    for number, each in enumerate(heavy):
        while light and len(placed) < number * apart:
            placed += light.popleft()
        placed += each
    items[:] = [*placed, *chain(*light)]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Give this worker a database of its own."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        database.copy(name)
        database.use(name)
    yield
    with django_db_blocker.unblock():
        connection.close()
        database.drop(name)


@pytest.fixture(autouse=True)
def quick_settings(settings: Any, tmp_path: Path) -> None:
    """No manifest, whose names of static files are collected by `serve` alone; quick hashes.

    Files that are kept go with the test.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    settings.STATIC_ROOT = database.FOLDER / "static"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@lru_cache(maxsize=10_000)
def is_unpinned(sql: str) -> bool:
    """The same texts come again and again, with other values."""
    return bool(unpinned(sql, tenant_tables()))


@cache
def tenant_tables() -> frozenset[str]:
    return frozenset(m._meta.db_table for m in apps.get_models() if is_tenant(m))


@pytest.fixture(autouse=True)
def every_statement_is_one_accounts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that sends a statement which does not name the account of a tenant table."""
    if "db" not in request.fixturenames:
        yield
        return
    loose: list[str] = []

    def lint(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql if isinstance(sql, str) else ""
        if is_unpinned(text) and not request.node.get_closest_marker("unpinned_sql"):
            loose.append(text)
        return execute(sql, params, many, context)

    request.getfixturevalue("db")
    with connection.execute_wrapper(lint):
        yield
    assert loose == []


@pytest.fixture
def at_noon() -> Iterator[None]:
    """A Tuesday, 3 March 2026; ask for it by `usefixtures`, so that nothing is made before."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def northside(db: None) -> Iterator[Practice]:
    """The practice that a test is in; its scope is open."""
    practice = open_practice("northside", "Northside Physio")
    with account_scope(practice.account):
        yield practice


@pytest.fixture
def elsewhere(db: None) -> Practice:
    """Another practice, of which the first must see nothing."""
    return open_practice("elsewhere", "Elsewhere Podiatry")
