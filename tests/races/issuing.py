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

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES = 4
KILLED_BY_US, REFUSED = -signal.SIGKILL, 3


def main(wanted: int, kills: int, *, locked: bool) -> None:
    """Keep PROCESSES forks issuing until so many were issued; kill one now and then."""
    django.setup()
    from casewell.accounts.models import Account
    from casewell.invoices.models import InvoiceTerms

    if not locked:
        InvoiceTerms.next_number = _next_without_a_lock  # type: ignore[method-assign]
    account = Account.objects.get(slug="northside")
    counted = _counted_later(account)
    rng = random.Random(7)  # noqa: S311 - whom to kill
    workers: dict[int, int] = {}
    refused = killed = 0
    while next(counted) < wanted and not (refused and not locked):
        while len(workers) < PROCESSES:
            pid = os.fork() or _issue_for_ever(account)
            workers[pid] = pid
        time.sleep(rng.uniform(0.02, 0.1))
        if killed < kills:
            os.kill(rng.choice(list(workers)), signal.SIGKILL)
            killed += 1
        refused += sum(code == REFUSED for code in _ended(workers))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    sys.stdout.write(json.dumps({"killed": killed, "refused": refused}))


def _ended(workers: dict[int, int]) -> list[int]:
    """The exit codes of those that are no more."""
    codes = []
    for pid in list(workers):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            del workers[pid]
            codes.append(os.waitstatus_to_exitcode(status))
    return codes


def _counted_later(account: Any) -> Iterator[int]:
    """How many are issued, each time over a connection that is closed before the next fork."""
    from django.db import connection

    from casewell.invoices.models import Invoice
    from casewell.tenancy.scope import account_scope

    while True:
        with account_scope(account):
            number = Invoice.objects.count()
        connection.close()
        yield number


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
