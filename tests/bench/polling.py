"""Open calendars that ask again every 3 s while bookings are made: what a poll costs, and how soon
each of them shows a booking (B4).

Each calendar is a thread with a connection and a validator of its own, and asks as the page's
script does: 3 s after the last answer. All of it, and those who book, share the machine with the
server.
"""

from __future__ import annotations

import gzip
import http.client
import json
import random
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from tests.bench.load import cpu_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CALENDARS, EVERY = 50, 3.0
BOOKED_EVERY = 6.0  # seconds
PATIENCE = 4 * EVERY  # after the last booking, for it to be seen
PATH = "/v1/individual_appointments"
EVENING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)  # after work, in the week that is looked at
Row = tuple[str, str]


@dataclass(frozen=True)
class Poll:
    """One answer: when it had come, in how many milliseconds, its status and bytes as sent."""

    at: float
    took_ms: float
    status: int
    sent: int


@dataclass
class Open:
    """One open calendar; `seen` is when each booking was first in its answer."""

    polls: list[Poll] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)

    def watch(
        self, port: int, path: str, headers: dict[str, str], wanted: set[str], end: threading.Event
    ) -> None:
        connection, tag = http.client.HTTPConnection("127.0.0.1", port), ""
        end.wait(random.uniform(0, EVERY))  # noqa: S311 - people do not open them at one moment
        while not end.is_set():
            began = time.monotonic()
            connection.request(
                "GET", path, headers=headers | ({"If-None-Match": tag} if tag else {})
            )
            answer = connection.getresponse()
            body, now = answer.read(), time.monotonic()
            self.polls.append(Poll(now, 1000 * (now - began), answer.status, len(body)))
            tag = answer.headers["ETag"] or tag
            if answer.status == http.HTTPStatus.OK:
                self._look(gzip.decompress(body), wanted, now)
            end.wait(EVERY)
        connection.close()

    def _look(self, text: bytes, wanted: set[str], now: float) -> None:
        for key in wanted - self.seen.keys():
            if f'"{key}"'.encode() in text:
                self.seen[key] = now


def watched(
    port: int,
    process: int,
    feed: tuple[str, dict[str, str]],
    api: dict[str, str],
    bodies: Iterator[dict[str, Any]],
    seconds: float,
) -> Iterator[Row]:
    """What, and its figure, with 50 calendars open for so long: quiet at first, then with bookings.

    `feed` and `api` are what is asked with which headers.
    """
    quiet, quiet_cpu, _ = _round(port, process, feed, api, iter(()), seconds)
    busy, busy_cpu, booked = _round(port, process, feed, api, bodies, seconds)
    yield from _told("nobody books", quiet, quiet_cpu, seconds)
    yield from _told(f"a booking every {BOOKED_EVERY:.0f} s", busy, busy_cpu, seconds + PATIENCE)
    yield "a booking every 6 s: bookings", str(len(booked))
    late = [one.seen[key] - at for key, at in booked.items() for one in busy if key in one.seen]
    missed = len(booked) * len(busy) - len(late)
    yield "seen in another calendar after (s): median", f"{median(late):.1f}"
    yield "seen after (s): 95 of 100", f"{quantiles(late, n=20)[-1]:.1f}"
    yield "seen after (s): the latest", f"{max(late):.1f}"
    yield "never seen", str(missed)


def _round(
    port: int,
    process: int,
    feed: tuple[str, dict[str, str]],
    api: dict[str, str],
    bodies: Iterator[dict[str, Any]],
    seconds: float,
) -> tuple[list[Open], float, dict[str, float]]:
    """The calendars after so long, the server's seconds of CPU, and when each booking was made."""
    wanted, end, booked = set[str](), threading.Event(), dict[str, float]()
    calendars = [Open() for _ in range(CALENDARS)]
    threads = [
        threading.Thread(target=one.watch, args=(port, *feed, wanted, end)) for one in calendars
    ]
    for thread in threads:
        thread.start()
    time.sleep(2 * EVERY)  # each has a validator
    for one in calendars:
        one.polls.clear()
    before, until = cpu_of(process), time.monotonic() + seconds
    for body in bodies:
        if time.monotonic() > until:
            break
        key = _book(port, api, body)
        booked[key] = time.monotonic()
        wanted.add(key)
        time.sleep(BOOKED_EVERY)
    time.sleep(max(until - time.monotonic(), 0) + (PATIENCE if booked else 0))
    used = cpu_of(process) - before
    end.set()
    for thread in threads:
        thread.join()
    return calendars, used, booked


def _book(port: int, headers: dict[str, str], body: dict[str, Any]) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{PATH}",
        data=json.dumps(body).encode(),
        headers=headers | {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        return str(json.loads(answer.read())["id"])


def _told(name: str, calendars: list[Open], cpu: float, seconds: float) -> Iterator[Row]:
    polls = [poll for one in calendars for poll in one.polls]
    same = [poll for poll in polls if poll.status == http.HTTPStatus.NOT_MODIFIED]
    whole = [poll for poll in polls if poll.status == http.HTTPStatus.OK]
    yield f"{name}: polls", str(len(polls))
    yield f"{name}: answered 304", f"{100 * len(same) / len(polls):.1f} %"
    yield f"{name}: not answered", str(len(polls) - len(same) - len(whole))
    yield f"{name}: server CPU a poll (ms)", f"{1000 * cpu / len(polls):.1f}"
    yield f"{name}: server CPU of one core", f"{100 * cpu / seconds:.0f} %"
    for words, some in (("304", same), ("200", whole)):
        if len(some) > 1:
            times = [poll.took_ms for poll in some]
            high = quantiles(times, n=20)[-1]
            yield f"{name}: a {words}, median (ms)", f"{median(times):.0f}"
            yield f"{name}: a {words}, 95 of 100 (ms)", f"{high:.0f}"
            yield f"{name}: a {words} (bytes)", f"{median(poll.sent for poll in some):.0f}"


def statements_of(path: str, headers: dict[str, str]) -> tuple[int, int]:
    """How many statements a poll takes that has nothing new, and one that has."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.measuring import UNCOUNTED

    counts, known = [], dict(headers)
    Client().get(path, SERVER_NAME="localhost", headers=headers)
    caches["moment"].clear()
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = Client().get(path, SERVER_NAME="localhost", headers=known)
        known["If-None-Match"] = answer["ETag"]
        counts.append(sum(not q["sql"].startswith(UNCOUNTED) for q in captured.captured_queries))
    return counts[1], counts[0]


def bodies_of(account: Any) -> Iterator[dict[str, Any]]:
    """A booking each, in the evening of the day that is looked at, with one after the other."""
    from casewell.tenancy.scope import account_scope

    with account_scope(account):
        patient = account.patients.order_by("pk")[0].pk
        keys = {
            "business_id": account.businesses.get().pk,
            "appointment_type_id": account.appointment_types.get().pk,
            "patient_id": patient,
        }
        staff = list(account.practitioners.order_by("pk").values_list("pk", flat=True))
    number = 0
    while True:
        start = EVENING + timedelta(minutes=5 * (number // len(staff)))
        yield {name: str(key) for name, key in keys.items()} | {
            "practitioner_id": str(staff[number % len(staff)]),
            "starts_at": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{start + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        }
        number += 1
