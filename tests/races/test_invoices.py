"""Invoices that many issue, pay, void and credit at one moment: numbers and sums hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from casewell.invoices.models import Allocation, DraftInvoice, Invoice
from casewell.invoices.models import payment as payments
from casewell.lib.errors import RuleViolation
from casewell.lib.postgres_roles import RUNTIME
from casewell.tenancy.scope import account_scope
from tests import database
from tests.invoices.till import Till
from tests.scale.conftest import large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.soak import Trials
    from tests.world import Practice

__all__ = ["large"]
PAUSE = 0.3  # seconds in which the others look


def issue_at_once(wanted: int, kills: int, *words: str) -> dict[str, int]:
    """What came of processes that issue and are killed, in the database at hand."""
    environment = os.environ | {
        "DATABASE_URL": database.server().url(RUNTIME, connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "casewell.config.settings",
    }
    command = [sys.executable, "-m", "tests.races.issuing", str(wanted), str(kills), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_numbers_have_no_gap_and_no_double_though_processes_are_killed(
    large: Practice, trials: Trials
) -> None:
    wanted = trials(short=40, full=2000)
    came = issue_at_once(wanted, kills=wanted // 8)
    with account_scope(large.account):
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
        written = set(Invoice.objects.values_list("pk", flat=True))
        kept = set(DraftInvoice.objects.values_list("pk", flat=True))
        lines = Invoice.objects.exclude(items=None).count()

    trials.note("issued", len(numbers))
    trials.note("processes killed", came["killed"])
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= wanted
    assert (came["refused"], came["killed"] > 0) == (0, True)
    assert (written & kept, lines) == (set(), len(numbers))


def test_without_the_lock_two_would_have_the_same_number(large: Practice) -> None:
    assert issue_at_once(400, 0, "unlocked")["refused"] > 0


@pytest.fixture
def till(large: Practice) -> Till:
    with account_scope(large.account):
        return Till.of(large)


def both(till: Till, *acts: Callable[[], Any]) -> list[bool]:
    """Whether each of what is done at the same moment was done, or refused."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> bool:
        try:
            with account_scope(till.practice.account):
                barrier.wait(timeout=30)
                act()
        except RuleViolation:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@contextmanager
def without_locks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody waits for anybody, and looks long before it writes."""

    def read(invoice: Invoice) -> Invoice:
        return Invoice.objects.select_related("account", "patient").get(pk=invoice.pk)

    def read_all(invoices: Any) -> list[Invoice]:
        keys = {invoice.pk for invoice in invoices}
        found = Invoice.objects.with_balance().filter(pk__in=keys).order_by("id")
        return list(found.select_related("account", "patient"))

    def late(*args: Any, **kwargs: Any) -> Any:
        time.sleep(PAUSE)
        return make(*args, **kwargs)

    make = Allocation.make
    with monkeypatch.context() as patched:
        patched.setattr(Invoice, "held", read)
        patched.setattr(payments, "held_in_order", read_all)
        patched.setattr(Allocation, "make", late)
        yield


def acts_on(till: Till, invoice: Invoice) -> dict[str, Callable[[], Any]]:
    """What somebody may do with it: pay all of it, void it, credit all of it."""
    by, item = till.practice.by, invoice.items.get()
    return {
        "pay": lambda: till.pay("100", {invoice: "100"}),
        "void": lambda: Invoice.objects.get(pk=invoice.pk).void("Wrong", by=by),
        "credit": lambda: invoice.credit({item: Decimal(1)}, by=by),
    }


def one_too_many(till: Till, first: str, second: str) -> bool:
    """Whether an invoice over which two act at once is settled twice, or void and paid."""
    with account_scope(till.practice.account):
        invoice = till.invoice_of("100")
        acts = acts_on(till, invoice)
    both(till, acts[first], acts[second])
    with account_scope(till.practice.account):
        now = Invoice.objects.with_balance().get(pk=invoice.pk)
        return now.allocated > 100 or bool(now.voided_at and (now.allocated or now.credits.count()))


@pytest.mark.parametrize(
    ("first", "second"), [("pay", "pay"), ("pay", "void"), ("credit", "pay"), ("credit", "void")]
)
def test_of_two_who_act_on_an_invoice_at_once_one_waits_for_the_other(
    till: Till, trials: Trials, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    wrong = [one_too_many(till, first, second) for _ in range(trials(short=3, full=100))]
    trials.note("settled twice", sum(wrong))
    assert not any(wrong)

    # On a busy machine the two may miss each other now and then.
    with without_locks(monkeypatch):
        assert any(one_too_many(till, first, second) for _ in range(10))
