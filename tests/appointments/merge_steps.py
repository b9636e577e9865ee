"""Patients that become one and two again, in the middle of all that is done to cases and visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule

from casewell.cases.models import PatientCase
from casewell.records.models import Merge
from tests.appointments.case_model import Case, Visit
from tests.appointments.visit_steps import DAYS, VisitSteps

if TYPE_CHECKING:
    from casewell.patients.models import Patient

MOST = 4  # cases of the patient


class MergeSteps(VisitSteps):
    """The patient takes in a twin, gives it back, or becomes another."""

    def __init__(self) -> None:
        super().__init__()
        self.merge: Merge | None = None
        self.twin: Patient | None = None
        self.came: set[int] = set()  # what the twin had
        self.was_there: set[int] = set()  # what the patient had by then

    @precondition(lambda self: self.merge is None and len(self.model.cases) < MOST)
    @rule(days=st.lists(DAYS, max_size=3), limit=st.none() | st.integers(1, 2), outside=DAYS)
    def take_in_a_twin(self, days: list[int], limit: int | None, outside: int) -> None:
        """Merging may not be refused, however full the case of the other one is."""
        twin = self.practice.patient("Ben", "Twin")
        case = self.practice.case(patient=twin, max_sessions=limit, limit_action="warn")
        self.was_there = {*self.model.cases, *self.model.visits}
        home, self.patient = self.patient, twin
        visits = {self.visit_on(day, case): Visit(day, case.pk) for day in days}
        visits[self.visit_on(outside, None)] = Visit(outside)
        self.patient = home
        self.merge, self.twin = Merge.make(home, twin, by=self.by), twin
        self.model.cases[case.pk] = Case(limit, blocks=False)
        self.model.visits |= visits
        self.came = {case.pk, *visits}

    @precondition(lambda self: self.merge is not None)
    @rule()
    def give_the_twin_back(self) -> None:
        """All that hangs on what came goes; it is refused where that was there before."""
        assert self.merge is not None
        assert self.twin is not None
        going = self.model.tied_to(self.came)
        with self.alike(refused=bool(going & self.was_there)) as told:
            self.merge.undo(by=self.by)
        if told[0]:
            return
        theirs = PatientCase.objects.filter(patient=self.twin).with_usage(self.now)
        assert {c.pk: c.usage.counted for c in theirs} == {
            key: len(self.model.counted(key)) for key in going & self.model.cases.keys()
        }
        assert set(self.twin.attendees.values_list("pk", flat=True)) == going - {*self.model.cases}
        for key in going:
            self.model.cases.pop(key, None)
            self.model.visits.pop(key, None)
        self.merge = None

    @rule()
    def become_another(self) -> None:
        """All goes to somebody new; a twin that was taken in before stays."""
        other = self.practice.patient("Cleo", "New")
        Merge.make(other, self.patient, by=self.by)
        self.patient, self.merge = other, None

    def visit_on(self, day: int, case: PatientCase | None) -> int:
        """The id of a new visit of the patient at hand."""
        return int(self.booking_on(day).book(self.patient, case, by=self.by).pk)
