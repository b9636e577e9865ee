"""Processes that issue invoices of one practice at once, some of them killed on the way.

`python -m tests.races.issuing <wanted> <kills> [unlocked]`, with DATABASE_URL; it prints a JSON of
what came of it. Django is set up once, and each process is a fork without a connection yet.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import django
import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = 4
LONGEST = 900  # seconds
KILLED_BY_US, REFUSED = -signal.SIGKILL, 3


def main(wanted: int, kills: int, *, locked: bool) -> None:
    """Keep PROCESSES forks issuing until so many were issued; kill one now and then."""
    django.setup()
    from django.db import connection

    from casewell.accounts.models import Account
    from casewell.invoices.models import InvoiceTerms

    if not locked:
        InvoiceTerms.next_number = _next_without_a_lock  # type: ignore[assignment, method-assign]
    account = Account.objects.get(slug="northside")
    held: Any = connection
    held.close()
    held.close_pool()
    workers: set[int] = set()
    try:
        came = _race(account, workers, wanted, kills, locked=locked)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    sys.stdout.write(json.dumps(came))


def _race(
    account: Any, workers: set[int], wanted: int, kills: int, *, locked: bool
) -> dict[str, int]:
    """Let them issue until there are so many, or until one is refused where nothing is locked."""
    rng = random.Random(7)  # noqa: S311 - whom to kill
    refused = killed = 0
    until = time.monotonic() + LONGEST
    while (issued := _issued(account)) < wanted and not (refused and not locked):
        if time.monotonic() > until:
            raise TimeoutError(f"{issued} of {wanted} were issued")
        while len(workers) < PROCESSES:
            workers.add(os.fork() or _issue_for_ever(account))
        time.sleep(rng.uniform(0.02, 0.1))
        if killed < kills:
            os.kill(rng.choice(sorted(workers)), signal.SIGKILL)
            killed += 1
        refused += sum(code == REFUSED for code in _ended(workers))
    return {"killed": killed, "refused": refused}


def _ended(workers: set[int]) -> list[int]:
    """The exit codes of those that are no more."""
    codes = []
    for pid in list(workers):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            workers.remove(pid)
            codes.append(os.waitstatus_to_exitcode(status))
    return codes


def _issued(account: Any) -> int:
    """How many there are, over a connection of its own: no fork inherits one."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(f"SET app.account_id = '{account.pk}'")
        found = connection.execute(
            "SELECT count(*) FROM invoices_invoice WHERE account_id = %s", [account.pk]
        ).fetchone()
    return int(found[0]) if found else 0


def _issue_for_ever(account: Any) -> int:
    """One process: a draft, then the invoice of it, again and again."""
    from django.db import IntegrityError

    from casewell.audit.actors import Actor
    from casewell.invoices.lines import Line
    from casewell.invoices.models import DraftInvoice
    from casewell.tenancy.scope import account_scope

    by = Actor(job="race")
    try:
        while True:
            with _scope_of(account_scope, account) as (patient, practitioner, business):
                draft = DraftInvoice.objects.create(
                    patient=patient,
                    practitioner=practitioner,
                    business=business,
                    issue_date=account.today(),
                    lines=[Line(name="Consultation", unit_price=Decimal(100)).written()],
                )
            with account_scope(account):
                draft.issue(by=by)
    except IntegrityError:
        os._exit(REFUSED)
    except BaseException:
        os._exit(1)


@contextmanager
def _scope_of(scope: Any, account: Any) -> Iterator[tuple[Any, Any, Any]]:
    with scope(account):
        yield (
            account.patients.order_by("id")[0],
            account.practitioners.order_by("id")[0],
            account.businesses.order_by("id")[0],
        )


def _next_without_a_lock(terms: Any) -> int:
    """As the lock is not there: whoever looks at the same time has the same number."""
    from django.db.models import Max

    last = terms.account.invoices.aggregate(last=Max("number"))["last"] or 0
    time.sleep(0.02)
    return int(last) + 1


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), locked="unlocked" not in sys.argv)
