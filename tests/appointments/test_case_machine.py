"""A patient's cases and visits, driven at random beside a model: counts, positions and status
never part. `bin/soak` takes 100,000 steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from casewell.appointments.models import Attendee
from casewell.appointments.models.linking import link_in_bulk, room_for, succeed, to_come_in
from casewell.cases.models import Approval, PatientCase, draft_of_successor
from tests.appointments.case_model import Case
from tests.appointments.merge_steps import MOST, MergeSteps
from tests.appointments.visit_steps import DAYS, PICKS

if TYPE_CHECKING:
    from tests.soak import Trials
    from tests.world import Practice

STEPS = 50
LIMITS = st.none() | st.integers(1, 4)
# Finding a smaller failure takes minutes, which `bin/soak` has.
SHORT = (Phase.generate,)


class Machine(MergeSteps):
    """One patient's cases, beside what is done to the visits; after each step all is compared."""

    @initialize(limits=st.tuples(LIMITS, LIMITS), flags=st.tuples(*[st.booleans()] * 3), day=DAYS)
    def start_with_two_cases_and_visits(
        self, limits: tuple[int | None, ...], flags: tuple[bool, ...], day: int
    ) -> None:
        for limit in limits:
            self.open_a_case(limit, 0, flags)
        for pick in range(4):
            self.book(day + pick, pick, alone=False)
            self.book(-day - pick, pick, alone=True)

    @precondition(lambda self: len(self.model.cases) < MOST)
    @rule(limit=LIMITS, elsewhere=st.integers(0, 1), flags=st.tuples(*[st.booleans()] * 3))
    def open_a_case(self, limit: int | None, elsewhere: int, flags: tuple[bool, ...]) -> None:
        blocks, cancelled, absent = flags
        case = self.practice.case(
            patient=self.patient,
            max_sessions=limit,
            sessions_elsewhere=elsewhere,
            include_cancelled_attendees=cancelled,
            include_dna_attendees=absent,
            limit_action="block" if blocks else "warn",
        )
        self.model.cases[case.pk] = Case(limit, elsewhere, cancelled, absent, blocks)

    @precondition(lambda self: self.model.cases)
    @rule(pick=PICKS, limit=LIMITS, flags=st.tuples(st.booleans(), st.booleans()))
    def edit_a_case(self, pick: int, limit: int | None, flags: tuple[bool, bool]) -> None:
        """Lower or raise the limit, switch what counts: the one door that may leave 7 of 5."""
        case, one = self.case(pick)
        case.max_sessions = one.max_sessions = limit
        one.cancelled_count, one.absent_count = flags
        case.include_cancelled_attendees, case.include_dna_attendees = flags
        case.save()

    @precondition(lambda self: self.model.cases)
    @rule(pick=PICKS, closed=st.booleans(), archived=st.booleans())
    def close_or_archive(self, pick: int, closed: bool, archived: bool) -> None:
        case, one = self.case(pick)
        case.close(by=self.by) if closed else case.reopen(by=self.by)
        case.archive(by=self.by) if archived else case.restore(by=self.by)
        one.closed, one.archived = closed, archived

    @precondition(lambda self: self.model.cases)
    @rule(pick=PICKS, to=st.integers(1, 6))
    def raise_the_limit(self, pick: int, to: int) -> None:
        case, one = self.case(pick)
        limit = one.limit
        with self.alike(refused=limit is None or to <= limit):
            Approval.raise_limit(case, to, "The insurer agreed", by=self.by)
            portions = [*(one.granted.values() or [limit or 0]), to - (limit or 0)]
            ids = case.approvals.live().order_by("id").values_list("pk", flat=True)
            one.granted = dict(zip(ids, portions, strict=True))

    @precondition(lambda self: any(one.granted for one in self.model.cases.values()))
    @rule(pick=PICKS)
    def withdraw_an_approval(self, pick: int) -> None:
        _case, one = self.case(pick)
        if one.granted:
            pk, _ = one.granted.popitem()
            Approval.objects.get(pk=pk).withdraw(by=self.by)

    @precondition(lambda self: self.model.visits and self.model.cases)
    @rule(pick=PICKS, into=PICKS)
    def displace(self, pick: int, into: int) -> None:
        (attendee, visit), (case, one) = self.visit(pick), self.case(into)
        room = room_for(case, attendee.booking.starts_at)
        counted = self.model.counted(case.pk)
        last = self.model.visits[counted[-1]] if counted else None
        assert (room.attendee is not None) is bool(last and last.day > max(visit.day, 0))
        if room.attendee and last and visit.case != case.pk and not (one.closed or one.archived):
            attendee.link_to(case, releasing=room.attendee, by=self.by)
            last.case, visit.case = None, case.pk

    @precondition(lambda self: self.model.cases and len(self.model.cases) < MOST)
    @rule(pick=PICKS, limit=LIMITS)
    def follow_with_a_successor(self, pick: int, limit: int | None) -> None:
        case, one = self.case(pick)
        coming = [visit.pk for visit in to_come_in(case)]
        assert coming == [n for n in self.model.counted(case.pk) if self.model.visits[n].day > 0]
        draft = draft_of_successor(case)
        draft.max_sessions = limit
        done = succeed(case, draft, visits=coming, by=self.by)
        new = Case(limit, 0, one.cancelled_count, one.absent_count, one.blocks, after=case.pk)
        self.model.cases[done.successor.pk] = new
        for pk in coming[:limit]:
            self.model.visits[pk].case = done.successor.pk
        one.closed = True

    @precondition(lambda self: self.model.visits and self.model.cases)
    @rule(into=PICKS, picks=st.sets(PICKS, max_size=4))
    def link_several(self, into: int, picks: set[int]) -> None:
        case, one = self.case(into)
        chosen = {self.nth(pick, self.model.visits) for pick in picks}
        coming = [n for n in chosen if not self.model.visits[n].archived]
        coming = [n for n in coming if self.model.visits[n].case != case.pk]
        former = {n: self.model.visits[n].case for n in coming}
        before = len(self.model.counted(case.pk))
        for n in coming:
            self.model.visits[n].case = case.pk
        shut = bool(coming) and (one.closed or one.archived)
        refused = shut or self.model.refuses(case.pk, before)
        with self.alike(refused=refused):
            link_in_bulk(case, add=chosen, by=self.by)
        for n, home in former.items() if refused else ():
            self.model.visits[n].case = home

    @invariant()
    def counts_positions_and_status_are_those_of_the_model(self) -> None:
        type(self).steps += 1
        today = self.practice.account.today()
        for case in PatientCase.objects.filter(patient=self.patient).with_usage(self.now):
            counted = len(self.model.counted(case.pk))
            assert (case.usage.counted, case.usage.used) == (counted, self.model.used(case.pk))
            assert case.usage.limit == self.model.cases[case.pk].limit
            assert case.status_on(today) == self.model.status(case.pk)
        rows = Attendee.objects.filter(patient=self.patient).with_position()
        positions = {row.pk: row.position for row in rows if row.position}
        assert positions == self.model.positions()


# Several, so that `bin/soak -n 2` takes two at a time.
@pytest.mark.parametrize("part", range(4))
def test_counts_positions_and_status_never_part_from_the_model(
    northside: Practice, trials: Trials, part: int
) -> None:
    Machine.practice, Machine.steps = northside, 0

    run(
        seed(part + (trials.seed if trials.in_full else 0))(Machine),
        settings=settings(
            max_examples=trials(2, 500),
            stateful_step_count=STEPS,
            deadline=None,
            phases=SHORT if not trials.in_full else tuple(Phase),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    trials.note("steps", Machine.steps)
    assert Machine.steps > trials.n
