"""One Idempotency-Key, sent many times at once, cut off, repeated later and elsewhere."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from casewell.tenancy.ids import new_id
from tests.api.client import AGENT, basic
from tests.races.test_every_door import owner_of

if TYPE_CHECKING:
    import psycopg

    from tests.served import Site
    from tests.soak import Trials

CLIENTS = 20
KEYS = 10
NAMES = count()


def key_on(site: Site) -> str:
    """A new key of the demo's administrator; each may call 200 times a minute."""
    said = site.run("apikey", "create", "--account", "demo", "--user", "admin@demo.example")
    return said.split()[-1]


def headers_of(key: str, idempotency: str) -> dict[str, str]:
    return {"Authorization": basic(key), "User-Agent": AGENT, "Idempotency-Key": idempotency}


def new_patient() -> dict[str, str]:
    return {"first_name": "Once", "last_name": f"Only{next(NAMES)}"}


def send(address: str, key: str, idempotency: str, body: Any) -> httpx.Response:
    url, headers = f"{address}/v1/patients", headers_of(key, idempotency)
    return httpx.post(url, content=json.dumps(body), headers=headers, timeout=60)


def how_many(address: str, key: str, last_name: str) -> int:
    url = f"{address}/v1/patients?q[]=last_name:={last_name}"
    found: int = httpx.get(url, headers=headers_of(key, "")).json()["total_entries"]
    return found


def at_once(address: str, key: str, idempotency: str, body: Any) -> list[httpx.Response]:
    """What each of many is answered who send the same at one moment."""
    barrier = Barrier(CLIENTS)

    def one(_: int) -> httpx.Response:
        barrier.wait()
        return send(address, key, idempotency, body)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


def test_the_same_key_many_times_at_once_does_once_and_answers_all_alike(
    site: Site, trials: Trials
) -> None:
    doubled, n = 0, trials(short=2, full=100)
    keys = [key_on(site) for _ in range(min(n, KEYS))]  # none of them is called too often
    for trial in range(n):
        key, body = keys[trial % len(keys)], new_patient()
        answers = at_once(site.address, key, f"race-{trial}", body)
        assert {one.status_code for one in answers} == {201}
        assert len({one.content for one in answers}) == 1
        assert sum("Idempotency-Replayed" not in one.headers for one in answers) == 1
        doubled += how_many(site.address, key, body["last_name"]) - 1
    trials.note("answers", trials.n * CLIENTS)
    trials.note("done twice", doubled)
    assert doubled == 0


def test_without_the_keys_row_the_same_calls_do_it_many_times(
    site: Site, unlocked_address: str
) -> None:
    key, body = key_on(site), new_patient()
    at_once(unlocked_address, key, "control", body)
    assert how_many(site.address, key, body["last_name"]) > 1


def test_a_key_with_another_body_is_refused_and_a_later_repeat_answered_as_at_first(
    site: Site, unlocked_address: str
) -> None:
    key, body = key_on(site), new_patient()
    first = send(site.address, key, "again", body)
    other = send(site.address, key, "again", new_patient())
    assert (first.status_code, other.status_code) == (201, 422)
    again = send(site.address, key, "again", body)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]


def test_a_call_that_is_cut_off_before_its_answer_is_done_once(site: Site) -> None:
    key, body = key_on(site), new_patient()
    where = urlsplit(site.address)
    sent = json.dumps(body).encode()
    lines = ["POST /v1/patients HTTP/1.1", f"Host: {where.netloc}"]
    lines += [f"Content-Length: {len(sent)}"]
    lines += [f"{name}: {text}" for name, text in headers_of(key, "cut").items()]
    with socket.create_connection((where.hostname or "", where.port or 80)) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + sent)
    answer = send(site.address, key, "cut", body)
    assert answer.status_code == 201
    assert answer.json()["last_name"] == body["last_name"]
    assert how_many(site.address, key, body["last_name"]) == 1


def test_who_waits_for_ten_seconds_is_told_to_come_again(site: Site) -> None:
    key = key_on(site)
    prefix = key[:6]
    with owner_of(site) as owner:
        [[key_of, account]] = owner.execute(
            "SELECT k.id, m.account_id FROM accounts_apikey k "
            "JOIN accounts_membership m ON m.id = k.membership_id WHERE k.prefix = %s",
            [prefix],
        ).fetchall()
        hold(owner, account, key_of, "slow")
        began = time.monotonic()
        answer = send(site.address, key, "slow", new_patient())
        waited = time.monotonic() - began
        owner.rollback()
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")
    assert 9 < waited < 20
    assert send(site.address, key, "slow", new_patient()).status_code == 201


def hold(owner: psycopg.Connection[Any], account: int, key_of: int, key: str) -> None:
    """A first call with that key which does not come to its end."""
    owner.execute(
        "INSERT INTO api_idempotentanswer (id, account_id, created_at, updated_at, key_of, key, "
        "fingerprint, status, headers, body) "
        "VALUES (%s, %s, now(), now(), %s, %s, '', 0, '{}', '')",
        [new_id(), account, key_of, key],
    )
