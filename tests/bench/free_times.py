"""Free times of a month: of ten practitioners with 1,000 bookings, and of one of them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.practice import MONDAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.accounts.models import Account

TIMES = 20
A_MONTH = timedelta(days=30)
LENGTH = timedelta(minutes=30)
Row = tuple[str, str, float]


def looked_at(account: Account) -> Iterator[Row]:
    """What, of what, and milliseconds or how many."""
    from casewell.tenancy.scope import account_scope

    with account_scope(account):
        places = account.practitioner_businesses.order_by("id")
        first = places.values_list("practitioner", flat=True)[0]
        yield from _asked("ten practitioners", places)
        yield from _asked("one practitioner", places.filter(practitioner=first))


def _asked(of: str, places: object) -> Iterator[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from casewell.appointments.free_times import free_times, gaps_in

    taken, found = [], []
    since = datetime(2026, 1, 1, tzinfo=UTC)
    with CaptureQueriesContext(connection) as captured:
        for _ in range(TIMES):
            began = time.perf_counter()
            gaps = gaps_in(places, MONDAY, MONDAY + A_MONTH, since=since)  # type: ignore[arg-type]
            found = free_times(gaps, LENGTH)
            taken.append(1000 * (time.perf_counter() - began))
    name = f"free times of a month, {of}"
    yield name, "server time", median(taken)
    yield name, "statements", len(captured.captured_queries) / TIMES
    yield name, "free starts", float(len(found))
