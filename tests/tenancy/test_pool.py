"""The pool of connections after the database was away, idle or asked meanwhile."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from casewell.lib.postgres_roles import RUNTIME
from casewell.tenancy.postgresql.pool import RECONNECT_SECONDS, HealingPool
from tests import database
from tests.races.test_outage import set_reachable

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = 6
SECONDS_TO_CONNECT = 1.0
SECONDS_AWAY = 3.8  # psycopg's own pauses of 1, 2 and 4 seconds would end at 7


@pytest.fixture
def name() -> Iterator[str]:
    """A database of its own, which may go away."""
    name = f"pool_{os.getpid()}"
    database.server().create_database(name)
    yield name
    database.drop(name)


@pytest.fixture
def pool(name: str) -> Iterator[HealingPool]:
    url = database.server().url(RUNTIME, name)
    with HealingPool(
        conninfo=url, min_size=1, max_size=CONNECTIONS, timeout=SECONDS_TO_CONNECT
    ) as pool:
        yield pool


def fill(pool: HealingPool) -> None:
    """Have all of its connections made, and idle."""
    taken = [pool.getconn() for _ in range(CONNECTIONS)]
    for connection in taken:
        pool.putconn(connection)
    assert pool.get_stats()["pool_available"] == CONNECTIONS


def test_of_many_broken_connections_none_costs_the_next_client_its_time(
    pool: HealingPool, name: str
) -> None:
    fill(pool)
    set_reachable(name, False)
    set_reachable(name, True)

    with pool.connection() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_database_that_was_long_away_is_met_soon_after_it_is_back(
    pool: HealingPool, name: str
) -> None:
    fill(pool)
    set_reachable(name, False)
    until = time.monotonic() + SECONDS_AWAY
    while time.monotonic() < until:
        with (
            pytest.raises((PoolTimeout, psycopg.OperationalError)),
            pool.connection() as connection,
        ):
            connection.execute("SELECT 1")
    set_reachable(name, True)

    with pool.connection(timeout=RECONNECT_SECONDS) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
