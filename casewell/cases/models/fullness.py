"""Telling receivers that a case has become full: by the visits in it, or by its limit."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from casewell.events.kinds import EventType
from casewell.events.outbox import tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from casewell.cases.models.case import PatientCase

# Fields that decide how many sessions there are, and which visits count.
DECIDING = {"max_sessions", "sessions_elsewhere"} | {
    "include_cancelled_attendees",
    "include_dna_attendees",
}


def tell_full(case: PatientCase) -> None:
    tell(case.account, EventType.CASE_FULL, "patient_cases", [case.pk])


@contextmanager
def told_when_full(case: PatientCase) -> Iterator[None]:
    """Put out an event where the block, which changes its limit, is what makes it full.

    Whatever brings in visits goes through `PatientCase.admitting`, which does the same.
    """
    stored = type(case).objects.with_usage().filter(pk=case.pk)
    before = stored.first()
    yield
    after = stored.get()
    if after.usage.is_full and not (before and before.usage.is_full):
        tell_full(case)


def told_if_filled_by(case: PatientCase, changed: Iterable[str]) -> AbstractContextManager[None]:
    """`told_when_full` where those fields are changed by which a case may become full.

    A new one is full at once where all of its sessions were used elsewhere.
    """
    may_fill = DECIDING.intersection(changed)
    if not may_fill or (case._state.adding and not case.sessions_elsewhere):
        return nullcontext()
    return told_when_full(case)
