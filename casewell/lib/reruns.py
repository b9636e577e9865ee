"""Transactions that come again: those who stood in one another's way begin anew."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, TypeVar

from django.db import IntegrityError, OperationalError
from psycopg import errors

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

RERUN = (errors.DeadlockDetected, errors.SerializationFailure, errors.ForeignKeyViolation)
TRIES = 4


def by_and_by(act: Callable[[], T]) -> T:
    """What `act` returns, a whole transaction; it is tried again where it lost to another."""
    for attempt in range(1, TRIES):
        try:
            return act()
        except (IntegrityError, OperationalError) as error:
            if not is_worth_a_rerun(error):
                raise
            # Not all at one moment.
            time.sleep(random.uniform(0, 0.05 * attempt))  # noqa: S311 - no secret
    return act()


def is_worth_a_rerun(error: Exception) -> bool:
    """A deadlock, an id that was there already, a record that went elsewhere meanwhile: a clean
    transaction will do.
    """
    cause = error.__cause__
    if isinstance(cause, errors.UniqueViolation):
        return (cause.diag.constraint_name or "").endswith("_pkey")
    return isinstance(cause, RERUN)
