"""Pages and feeds of a small practice and of one with 100,000 visits, asked by turns."""

from __future__ import annotations

import time
import urllib.request
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.world import Practice

SMALL, LARGE = 1_000, 100_000  # visits
PATIENTS = {SMALL: 200, LARGE: 20_000}
WARM, ASKED = 5, 40
Row = tuple[str, float, float, int, int]


def load_both(admin_url: str) -> dict[int, Practice]:
    """Both practices, with a receptionist who is in both; by their sizes."""
    from casewell.accounts.roles import Role
    from casewell.cases.models import Programme
    from casewell.config.schema import measure_tables
    from casewell.tenancy.scope import account_scope
    from tests.scale.caseload import make_caseload
    from tests.world import open_practice

    found = {}
    for size in (SMALL, LARGE):
        practice = open_practice(f"lists-{size}", f"Lists {size}")
        with account_scope(practice.account):
            rules = [Programme.adopt(practice.account, "au-dva-cycle", by=practice.by)]
        with psycopg.connect(admin_url) as admin:
            make_caseload(admin, practice, rules, cases=PATIENTS[size], visits=size, seed=size)
        found[size] = practice
    found[LARGE].account.admit(found[SMALL].member.user, role=Role.RECEPTIONIST)
    measure_tables()
    return found


def pages_of(slug: str) -> dict[str, str]:
    """What is asked, by name."""
    today = datetime.now(UTC).date()
    ever = f"when=dates&start={today - timedelta(days=199)}&until={today + timedelta(days=199)}"
    return {
        "appointments: all days": f"/{slug}/appointments?{ever}",
        "appointments: all days, by patient": f"/{slug}/appointments?{ever}&sort=patient",
        "appointments: all days, page 50": f"/{slug}/appointments?{ever}&page=50",
        "appointments: this week, 18 visits and 1,750": f"/{slug}/appointments?when=week",
        "appointments: today, 3 visits and 250": f"/{slug}/appointments",
        "calendar: the page": f"/{slug}/calendar/{today}",
        "waiting list": f"/{slug}/waiting",
        "today, 3 visits and 250": f"/{slug}/today",
    }


def compared(port: int, cookie: str) -> Iterator[Row]:
    """Name, medians (ms) of the small and of the large practice, statements of each."""
    headers = {"Cookie": cookie, "Host": "localhost"}
    small, large = (pages_of(f"lists-{size}") for size in (SMALL, LARGE))
    for name in small:
        paths = (small[name], large[name])
        taken: tuple[list[float], list[float]] = ([], [])
        for round_ in range(WARM + ASKED):
            for place, path in enumerate(paths):
                if round_ >= WARM:
                    taken[place].append(_asked(port, path, headers))
                else:
                    _asked(port, path, headers)
        counts = [_statements(path, headers) for path in paths]
        yield name, median(taken[0]), median(taken[1]), counts[0], counts[1]


def _asked(port: int, path: str, headers: dict[str, str]) -> float:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    began = time.perf_counter()
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
        answer.read()
    return 1000 * (time.perf_counter() - began)


def _statements(path: str, headers: dict[str, Any]) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.measuring import UNCOUNTED

    with CaptureQueriesContext(connection) as captured:
        Client().get(path, SERVER_NAME="localhost", headers=headers)
    return sum(not q["sql"].startswith(UNCOUNTED) for q in captured.captured_queries)
