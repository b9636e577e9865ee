"""A pool of connections that is well again as soon as the database is."""

from __future__ import annotations

import select
import time
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg_pool import ConnectionPool

# psycopg's pool waits twice as long after each failed attempt to connect, and its clients wait with
# it. One that gives up after seconds starts anew with the next client: that one finds a database
# that is back, however long it was away.
RECONNECT_SECONDS = 2
# What lies between may forget a connection without a word; so often it is asked all the same.
ASKED_SECONDS = 30


class HealingPool(ConnectionPool[Connection[Any]]):
    """Drops every broken connection when it meets the first.

    A database that was restarted breaks all of them at once. psycopg's pool would hand them to a
    client one by one, with a pause of seconds after each, until that client's time is over.
    """

    def __init__(self, **options: Any) -> None:
        options.setdefault("reconnect_timeout", RECONNECT_SECONDS)
        self._asked: WeakKeyDictionary[Connection[Any], float] = WeakKeyDictionary()
        super().__init__(check=self.check_or_drop_all, **options)

    def check_or_drop_all(self, connection: Connection[Any]) -> None:
        """Raise psycopg's error where the connection is broken; the idle ones are looked at too."""
        now = time.monotonic()
        was_asked = now - self._asked.get(connection, now - ASKED_SECONDS) < ASKED_SECONDS
        if was_asked and not _has_something_to_say(connection):
            return
        try:
            self.check_connection(connection)
        except Exception:
            self.check()
            raise
        self._asked[connection] = now


def _has_something_to_say(connection: Connection[Any]) -> bool:
    """Whether an idle connection can be read from: its server has ended it, or is about to.

    That costs no way to the server and back, which every request would pay for.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(waiting.poll(0))
