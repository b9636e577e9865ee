"""A booking into a case through the API, and where its time goes: statement by statement."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from itertools import count
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.accounts.models import Account

PATH = "/v1/individual_appointments"
FIRST = datetime(2027, 1, 4, 0, 0, tzinfo=UTC)
TIMES = 40
WORDS = re.compile(r"^(SELECT|INSERT INTO|UPDATE|WITH)\b.*?\"?((?:[a-z]+_)[a-z]+)\"", re.DOTALL)
Row = tuple[str, str, float]


def looked_at(port: int, headers: dict[str, str], account: Account) -> Iterator[Row]:
    """What, of what, and milliseconds: the whole by HTTP, then by parts in this process."""
    bodies = _bodies(account)
    yield "a booking with case", "alone, by HTTP", _alone(port, headers, bodies)
    whole, statements = _apart(headers, bodies)
    yield "a booking with case", "alone, in process", whole
    yield "a booking with case", f"{len(statements)} statements", sum(statements.values())
    for name, taken in statements.items():
        yield "a booking with case", name, taken


def _bodies(account: Account) -> Iterator[dict[str, Any]]:
    """A booking each, at times of their own, into a case without a limit."""
    from casewell.tenancy.scope import account_scope

    with account_scope(account):
        ada = account.patients.order_by("pk")[0]
        case = account.patient_cases.create(patient=ada, name="Without a limit")
        keys = {
            "business_id": account.businesses.get().pk,
            "practitioner_id": account.practitioners.order_by("pk").values_list("pk")[0][0],
            "appointment_type_id": account.appointment_types.get().pk,
            "patient_id": case.patient_id,
            "patient_case_id": case.pk,
        }
    for number in count():
        start = FIRST + timedelta(hours=number)
        yield {name: str(key) for name, key in keys.items()} | {
            "starts_at": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{start + timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        }


def _alone(port: int, headers: dict[str, str], bodies: Iterator[dict[str, Any]]) -> float:
    taken = []
    for _ in range(TIMES):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{PATH}",
            data=json.dumps(next(bodies)).encode(),
            headers=headers | {"Content-Type": "application/json"},
        )
        began = time.perf_counter()
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
            answer.read()
        taken.append(1000 * (time.perf_counter() - began))
    return median(taken)


def _apart(
    headers: dict[str, str], bodies: Iterator[dict[str, Any]]
) -> tuple[float, dict[str, float]]:
    """The whole, and what each statement took of it, by its place, verb and table."""
    from django.db import connection
    from django.test import Client

    wholes: list[float] = []
    each: dict[str, list[float]] = {}
    for round_ in range(TIMES):
        statements: list[tuple[str, float]] = []

        def told(
            execute: Any, sql: Any, *rest: Any, into: list[tuple[str, float]] = statements
        ) -> Any:
            began = time.perf_counter()
            try:
                return execute(sql, *rest)
            finally:
                into.append((str(sql), 1000 * (time.perf_counter() - began)))

        with connection.execute_wrapper(told):
            began = time.perf_counter()
            answer = Client().post(
                PATH, next(bodies), "application/json", SERVER_NAME="localhost", headers=headers
            )
            whole = 1000 * (time.perf_counter() - began)
        if answer.status_code != 201:
            raise SystemExit(f"{PATH}: {answer.status_code} {answer.content!r}")
        if round_:  # the first one compiles
            wholes.append(whole)
            for place, (sql, taken) in enumerate(statements, 1):
                each.setdefault(_name(place, sql), []).append(taken)
    return median(wholes), {name: median(taken) for name, taken in each.items()}


def _name(place: int, statement: str) -> str:
    found = WORDS.match(statement)
    words = f"{found[1].lower()} {found[2]}" if found else statement.split()[0].lower()
    held = ", held" if "FOR NO KEY UPDATE" in statement else ""
    return f"{place}. {words}{held}"
