"""What is done at random to a patient's visits, one by one, and what the model says of it."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from casewell.appointments.models import Attendee
from casewell.cases.models import PatientCase
from casewell.lib.errors import RuleViolation
from tests.appointments.case_model import Case, Model, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.appointments.models import Booking
    from tests.world import Practice

PICKS = st.integers(0, 99)
DAYS = st.integers(-30, 30)


class VisitSteps(RuleBasedStateMachine):
    """One patient's visits; `practice` and `steps` are set by the test."""

    practice: Practice
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.patient = self.practice.patient()
        self.by = self.practice.by
        self.now = timezone.now()
        self.model = Model()

    def nth(self, pick: int, among: dict[int, Any]) -> int:
        return list(among)[pick % len(among)]

    def visit(self, pick: int) -> tuple[Attendee, Visit]:
        pk = self.nth(pick, self.model.visits)
        return Attendee.objects.get(pk=pk), self.model.visits[pk]

    def case(self, pick: int) -> tuple[PatientCase, Case]:
        pk = self.nth(pick, self.model.cases)
        return PatientCase.objects.get(pk=pk), self.model.cases[pk]

    def booking_on(self, day: int) -> Booking:
        """An appointment of that day which is not stored yet."""
        return self.practice.booking(self.now + timedelta(days=day, seconds=-1))

    @contextmanager
    def alike(self, *, refused: bool) -> Iterator[list[bool]]:
        """The product refuses just what the model refuses; whether it did is written down."""
        told: list[bool] = []
        try:
            yield told
            told.append(False)
        except RuleViolation:
            told.append(True)
        assert told[0] is refused

    @contextmanager
    def guarded(self, visit: Visit) -> Iterator[Any]:
        """Change `visit` in the model; where its case refuses, it is as it was, and True is told.

        Yields a list to which the outcome is written at the end.
        """
        case, former = visit.case, copy.copy(visit)
        before = len(self.model.counted(case)) if case else 0
        told: list[bool] = []
        yield told
        refused = bool(visit.case and case == visit.case and self.model.refuses(case or 0, before))
        if refused:
            vars(visit).update(vars(former))
        told.append(refused)

    def joins(self, case: int, extra: int = 1) -> bool:
        """Whether the model lets so many more into the case."""
        one = self.model.cases[case]
        room = one.limit is None or not one.blocks
        taken = len(self.model.counted(case)) + one.elsewhere
        return not (one.closed or one.archived) and (room or taken + extra <= (one.limit or 0))

    @rule(day=DAYS, pick=PICKS, alone=st.booleans())
    def book(self, day: int, pick: int, alone: bool) -> None:
        case = None if alone or not self.model.cases else self.case(pick)[0]
        booking = self.booking_on(day)
        with self.alike(refused=case is not None and not self.joins(case.pk)):
            made = booking.book(self.patient, case, by=self.by)
            self.model.visits[made.pk] = Visit(day, case.pk if case else None)

    @precondition(lambda self: self.model.visits and self.model.cases)
    @rule(pick=PICKS, into=PICKS)
    def link(self, pick: int, into: int) -> None:
        (attendee, visit), (case, one) = self.visit(pick), self.case(into)
        if visit.case == case.pk:
            return
        former, visit.case = visit.case, case.pk
        counts, before = self.model.counts(visit), len(self.model.counted(case.pk)) - 1
        refused = one.closed or one.archived or (counts and self.model.refuses(case.pk, before))
        with self.alike(refused=refused):
            attendee.link_to(case, by=self.by)
        if refused:
            visit.case = former

    @precondition(lambda self: self.model.visits)
    @rule(pick=PICKS)
    def unlink(self, pick: int) -> None:
        attendee, visit = self.visit(pick)
        attendee.unlink(by=self.by)
        visit.case = None

    @precondition(lambda self: self.model.visits)
    @rule(pick=PICKS, cancelled=st.booleans())
    def cancel_or_reinstate(self, pick: int, cancelled: bool) -> None:
        attendee, visit = self.visit(pick)
        with self.guarded(visit) as told:
            visit.cancelled = cancelled
        with self.alike(refused=told[0]):
            attendee.cancel(50, by=self.by) if cancelled else attendee.reinstate(by=self.by)

    @precondition(lambda self: self.model.visits)
    @rule(pick=PICKS, absent=st.booleans())
    def mark(self, pick: int, absent: bool) -> None:
        attendee, visit = self.visit(pick)
        with self.guarded(visit) as told:
            visit.absent = absent
        with self.alike(refused=told[0]):
            attendee.mark(did_not_arrive=absent, by=self.by)

    @precondition(lambda self: self.model.visits)
    @rule(pick=PICKS, archived=st.booleans())
    def archive_or_restore(self, pick: int, archived: bool) -> None:
        attendee, visit = self.visit(pick)
        with self.guarded(visit) as told:
            visit.archived = archived
        with self.alike(refused=told[0]):
            attendee.archive(by=self.by) if archived else attendee.restore(by=self.by)

    @precondition(lambda self: self.model.visits)
    @rule(pick=PICKS, day=DAYS)
    def move(self, pick: int, day: int) -> None:
        attendee, visit = self.visit(pick)
        start = self.now + timedelta(days=day, seconds=-1)
        end = start + timedelta(minutes=45)
        attendee.booking.move(starts_at=start, ends_at=end, by=self.by)
        visit.day = day
