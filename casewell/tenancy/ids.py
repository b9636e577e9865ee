"""Ids made in the application: 53 bits, ordered by time, safe in JavaScript."""

from __future__ import annotations

import random
import threading
import time

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
RANDOM_BITS = 12

_lock = threading.Lock()
_last = 0
_random = random.SystemRandom()


def new_id() -> int:
    """The next id of this process: greater than the one before, at most 2**53 - 1.

    41 bits of milliseconds since 2025, then 12 bits that start in the lower half at random
    and count on from there, so that no process gives an id twice.
    """
    global _last  # noqa: PLW0603 - one counter a process is the point
    with _lock:
        first_of_now = first_id_at(time.time_ns() // 1_000_000)
        _last = max(_last + 1, first_of_now | _random.randrange(1 << (RANDOM_BITS - 1)))
        return _last


def first_id_at(epoch_ms: int) -> int:
    """The smallest id that can be made at that millisecond of the Unix epoch.

    >>> first_id_at(EPOCH_MS + 1)
    4096
    """
    return (epoch_ms - EPOCH_MS) << RANDOM_BITS
