"""Turns of transactions where no row stands for what they must not do at once."""

from __future__ import annotations

from django.db import connection


def take_turns(lock: int) -> None:
    """Wait for all transactions that hold `lock`, then hold it to the end of this one.

    A lock is any number of 64 bits; it is the same for all Casewells on a server of databases,
    whose databases do not see one another's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
