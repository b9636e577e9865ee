"""A key that is revoked while programs call with it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import httpx

from tests.api.client import AGENT, basic
from tests.races.test_idempotency import key_on

if TYPE_CHECKING:
    from tests.served import Site

PROGRAMS = 4
PAUSE = 0.15  # seconds; together below 200 calls a minute


def calls_until_refused(address: str, key: str, began: Event) -> tuple[int, float]:
    """Call on one connection again and again; how often that was answered, and till when."""
    headers, answered = {"Authorization": basic(key), "User-Agent": AGENT}, 0
    with httpx.Client(headers=headers, timeout=60) as client:
        while True:
            status = client.get(f"{address}/v1/users?per_page=1").status_code
            if status == 401:
                return answered, time.monotonic()
            assert status in (200, 429)  # refused for its number only: it is still known
            answered += 1
            began.set()
            time.sleep(PAUSE)


def test_a_revoked_key_is_refused_on_open_connections_within_a_second(site: Site) -> None:
    key, began = key_on(site), Event()
    with ThreadPoolExecutor(PROGRAMS) as programs:
        found = [
            programs.submit(calls_until_refused, site.address, key, began) for _ in range(PROGRAMS)
        ]
        assert began.wait(30)
        site.run("apikey", "revoke", key)
        revoked = time.monotonic()
        ends = [one.result(timeout=30) for one in found]
    assert all(answered for answered, _ in ends)
    assert max(end for _, end in ends) - revoked < 1
