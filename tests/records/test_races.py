"""A patient is merged away while others write to the same patient: nothing is lost or left."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from threading import Barrier, Event
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from casewell.appointments.models import Attendee
from casewell.cases.models import PatientCase, WrongPatient
from casewell.invoices.models import DraftInvoice, Invoice, Payment
from casewell.lib.reruns import by_and_by
from casewell.patients.models import MedicalAlert, Patient
from casewell.records.models import Merge, NotMergeable
from casewell.records.tasks import gather
from casewell.tenancy.scope import account_scope
from tests.invoices.till import Till
from tests.records.rows import owned_by
from tests.scale.conftest import large  # noqa: F401 - a database whose rows are committed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.soak import Trials
    from tests.world import Practice

LONGEST_PAUSE = 0.03  # seconds between what somebody reads and what they write


class Race:
    """Ben goes to Ada while five people work on Ben, each as a request does: read, then write."""

    def __init__(self, practice: Practice, till: Till, seed: int) -> None:
        self.practice, self.till = practice, till
        self.choose = random.Random(seed)  # noqa: S311 - no secret
        self.pauses = [self.choose.uniform(0, LONGEST_PAUSE) for _ in range(6)]
        with account_scope(practice.account):
            self.ada, self.ben = practice.patient("Ada", "Twin"), practice.patient("Ben", "Twin")
            self.case = practice.case(patient=self.ben, max_sessions=9).pk
            self.loose = practice.attend(patient=self.ben).pk
            self.done = practice.attend(patient=self.ben).pk
            self.bill = till.invoice_of("90", patient=self.ben).pk
            self.before = self.held_by_both()

    def held_by_both(self) -> dict[str, int]:
        both = (owned_by(one) for one in (self.ada, self.ben))
        counts: dict[str, int] = {}
        for owned in both:
            for name, ids in owned.items():
                counts[name] = counts.get(name, 0) + len(ids)
        return counts

    def run(self) -> None:
        acts = [self.merge, self.book, self.link, self.issue, self.alert, self.pay]
        barrier = Barrier(len(acts))

        def one(number: int) -> None:
            with closing(connection):
                barrier.wait()
                try:
                    by_and_by(lambda: self.scoped(acts[number], self.pauses[number]))
                except WrongPatient:  # is told, and sends the form again
                    self.scoped(acts[number], 0)

        with ThreadPoolExecutor(len(acts)) as pool:
            list(pool.map(one, range(len(acts))))

    def scoped(self, act: Callable[[float], None], pause: float) -> None:
        with account_scope(self.practice.account):
            act(pause)

    def patient(self) -> Patient:
        """Whom the page of Ben's id leads to just now."""
        return self.practice.account.patients.at_id(self.ben.pk)

    def merge(self, pause: float) -> None:
        time.sleep(pause)
        Merge.make(self.ada, self.ben, by=self.practice.by)

    def book(self, pause: float) -> None:
        patient, case = self.patient(), PatientCase.objects.get(pk=self.case)
        time.sleep(pause)
        self.practice.booking().book(patient, case, by=self.practice.by)

    def link(self, pause: float) -> None:
        visit, case = Attendee.objects.get(pk=self.loose), PatientCase.objects.get(pk=self.case)
        time.sleep(pause)
        visit.link_to(case, by=self.practice.by)

    def issue(self, pause: float) -> None:
        visit = Attendee.objects.select_related("patient__account", "booking").get(pk=self.done)
        time.sleep(pause)
        DraftInvoice.for_visit(visit).issue(by=self.practice.by)

    def alert(self, pause: float) -> None:
        patient = self.patient()
        time.sleep(pause)
        MedicalAlert.raise_for(patient, "Latex", by=self.practice.by)

    def pay(self, pause: float) -> None:
        bill = Invoice.objects.select_related("patient").get(pk=self.bill)
        time.sleep(pause)
        Payment.receive(
            bill.patient,
            Decimal(90),
            payment_type=self.till.cash,
            business=self.practice.business,
            paid_on=self.practice.account.today(),
            pays={bill: Decimal(90)},
            by=self.practice.by,
        )

    def late(self) -> int:
        """How many rows are at the one that went, before they are brought after it."""
        with account_scope(self.practice.account):
            return sum(map(len, owned_by(self.ben).values()))

    def settle(self) -> None:
        """What the job does a moment later."""
        with account_scope(self.practice.account):
            gather(Merge.objects.filter(gone=self.ben))

    def added(self) -> dict[str, int]:
        """How many rows there are more than before, at both of them."""
        with account_scope(self.practice.account):
            now = self.held_by_both()
        return {k: n - self.before.get(k, 0) for k, n in now.items() if n != self.before.get(k, 0)}


@pytest.fixture
def till(large: Practice) -> Till:  # noqa: F811
    with account_scope(large.account):
        return Till.of(large)


def test_nothing_is_lost_and_nothing_left_behind(
    large: Practice,  # noqa: F811
    till: Till,
    trials: Trials,
) -> None:
    left = late = 0
    for trial in range(trials(short=5, full=200)):
        race = Race(large, till, trials.seed + trial)
        race.run()
        late += race.late()
        race.settle()
        left += race.late()
        assert race.added() == {
            "appointments.attendee.patient": 1,
            "invoices.allocation.patient": 1,
            "invoices.invoice.patient": 1,
            "invoices.payment.patient": 1,
            "patients.medicalalert.patient": 1,
            "patients.patientredirect.patient": 1,
        }
        with account_scope(large.account):
            visits = Attendee.objects.filter(patient=race.ada, case=race.case)
            assert visits.count() == 2
    trials.note("rows brought after the merge", late)
    trials.note("rows left behind", left)
    assert left == 0


def test_who_read_before_the_merge_and_writes_after_it_leaves_a_row_until_it_is_gathered(
    large: Practice,  # noqa: F811
    till: Till,
) -> None:
    """The control: without the gathering, there is something to be left behind."""
    race, merged = Race(large, till, 1), Event()

    def write_late() -> None:
        with closing(connection), account_scope(large.account):
            patient = race.patient()
            merged.wait(timeout=30)
            MedicalAlert.raise_for(patient, "Latex", by=large.by)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_late)
        race.scoped(race.merge, 0.1)
        merged.set()
        writing.result()

    assert race.late() == 1
    race.settle()
    assert race.late() == 0


def test_of_two_who_merge_each_the_other_way_one_is_refused_and_of_two_the_same_way_none(
    large: Practice,  # noqa: F811
    till: Till,
    trials: Trials,
) -> None:
    for trial in range(trials(short=5, full=200)):
        race = Race(large, till, trials.seed + trial)
        pair = (race.ada, race.ben)
        opposed = at_once(large, [pair, pair[::-1]])
        assert {type(one) for one in opposed} == {Merge, NotMergeable}
        again = Race(large, till, trials.seed + trial)
        alike = at_once(large, [(again.ada, again.ben)] * 2)
        assert len({merge.pk for merge in alike}) == 1


def at_once(practice: Practice, pairs: list[tuple[Patient, ...]]) -> list[Any]:
    """What each is answered who merges a pair: the merge, or why not."""
    barrier = Barrier(len(pairs))

    def one(pair: tuple[Patient, ...]) -> Any:
        kept, gone = pair

        def act() -> Merge:
            with account_scope(practice.account):
                return Merge.make(kept, gone, by=practice.by)

        with closing(connection):
            barrier.wait()
            try:
                return by_and_by(act)
            except NotMergeable as refused:
                return refused

    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(one, pairs))
