"""A case that refuses a visit is no dead end: which ways on there are, and taking one of them.

Source: docs/domain.md#usage.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from casewell.accounts.case_policy import WhenFull
from casewell.appointments.models.linking import (
    Room,
    in_the_place_of,
    room_for,
    succeed,
    to_come_in,
)
from casewell.cases.models import Approval, PatientCase, cap_uses
from casewell.lib.errors import RuleViolation
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from casewell.accounts.models import Account
    from casewell.appointments.models import Attendee
    from casewell.appointments.models.linking import Succession
    from casewell.audit.actors import Actor
    from casewell.cases.models import CapUse

MOST_SESSIONS = 200
# What helps where: against the limit, a funder's cap, the last day.
HELPS = {
    "case_full": (WhenFull.REPLACE, WhenFull.RAISE, WhenFull.FOLLOW),
    "cap_reached": (WhenFull.REPLACE,),
    "case_expired": (WhenFull.FOLLOW,),
}


@dataclass(frozen=True)
class Door:
    """An act by which `count` visits come to count in `case`, the first of them at `start`, on the
    clocks of its business.

    `enter(case)` does it, with that case or, with None, without one; `visits` are the ids of those
    that are there already. `without` and `without_means` say what “without a case” is here.
    """

    case: PatientCase
    enter: Callable[[PatientCase | None], object]
    start: datetime
    visits: frozenset[int] = frozenset()
    count: int = 1
    without: str = ""
    without_means: str = ""


def door_of_many(
    case: PatientCase,
    enter: Callable[[PatientCase | None], object],
    *,
    add: Collection[int],
    remove: Collection[int],
) -> Door:
    """The door by which visits, by their ids, come into `case` while others leave it."""
    rows = case.account.attendees.filter(pk__any_of=add, patient=case.patient_id)
    counting = rows.that_would_join(case)
    first = counting.in_order().select_related("booking__business").first()
    return Door(
        case=case,
        enter=enter,
        start=first.booking.local_start if first else case.created_at,
        visits=frozenset(add) | frozenset(remove),
        count=counting.count() or 1,
    )


class Impasse:
    """A door that is refused: `why` is the refusal's code. `by` looks for a way on."""

    def __init__(self, account: Account, door: Door, *, by: Actor, why: str = "case_full") -> None:
        self.account, self.door, self.by, self.why = account, door, by, why

    @cached_property
    def case(self) -> PatientCase:
        """The case as it is now."""
        rows = self.account.patient_cases.with_usage()
        related = rows.select_related("account", "patient", "programme")
        return related.get(pk=self.door.case.pk)

    @property
    def has_room(self) -> bool:
        """Whether somebody made room meanwhile."""
        if self.why == "case_expired":
            return False
        of_period = self.why == "cap_reached"
        left = (self.cap.left if self.cap else None) if of_period else self.case.usage.left
        return left is None or left >= self.door.count

    @cached_property
    def cap(self) -> CapUse | None:
        """What the funder grants in the period of the one that comes."""
        day = self.door.start.date()
        return next((use for use in cap_uses(self.case, day) if day in use.period), None)

    @cached_property
    def room(self) -> Room:
        """The visit that would leave for the one that comes."""
        if self.door.count > 1:
            return Room(None, "Several are to join at once: take some of the ticks out instead.")
        cap = self.cap if self.why == "cap_reached" else None
        over = cap if cap and cap.is_over else None
        if over or self.case.usage.is_overused:
            return Room(None, f"{over or self.case.usage} are taken: one that leaves is too few.")
        return room_for(self.case, self.door.start, cap.period if cap else None)

    @cached_property
    def coming(self) -> list[Attendee]:
        """What a successor would take over."""
        return [one for one in to_come_in(self.case) if one.pk not in self.door.visits]

    @property
    def least(self) -> int:
        """The sessions that it takes, at least."""
        return self.case.usage.allocated + self.door.count

    def why_not(self, way: WhenFull) -> str:
        """Why that way cannot be taken; empty where it can."""
        if said := self.forbidden(way):
            return said
        if way is WhenFull.REPLACE:
            return self.room.why_not
        if way is WhenFull.RAISE and self.least > MOST_SESSIONS:
            return f"A case has at most {MOST_SESSIONS} sessions."
        return ""

    def forbidden(self, way: WhenFull) -> str:
        """Why `by` may not take that way; empty where they may."""
        may = self.by.member is not None and self.account.lets(self.by.member.role, way)
        return "" if may else "The practice does not let your role do this."

    def hold(self, more: Iterable[int] = ()) -> None:
        """Lock the visits of the door and `more` of them, before any case. Once."""
        self.account.attendees.filter(pk__in={*self.door.visits, *more}).hold()

    def replace(self, leaving: Attendee | None) -> bool:
        """Let that visit make room, and enter; False where there was room again.

        The caller holds it. Raises RuleViolation.
        """
        self._refuse(self.forbidden(WhenFull.REPLACE))
        if leaving is None:
            raise RuleViolation("That visit has left the case meanwhile. Nothing was changed.")
        if self.has_room:
            self.door.enter(self.case)
            return False
        self._refuse(self.room.why_not)
        with in_the_place_of(leaving, self.case, self.door.start, by=self.by):
            self.door.enter(self.case)
        return True

    def raise_limit(self, to: int, reason: str) -> None:
        """Let the case have `to` sessions, and enter. Raises RuleViolation."""
        self._refuse(self.forbidden(WhenFull.RAISE))
        if not reason:
            raise RuleViolation("Say why the limit is raised.")
        if not 0 < to <= MOST_SESSIONS:
            raise RuleViolation(f"Say to how many sessions, at most {MOST_SESSIONS}.")
        Approval.raise_limit(self.case, to, reason, by=self.by)
        raised = self.account.patient_cases.select_related("account", "programme")
        self.door.enter(raised.get(pk=self.case.pk))

    def follow(
        self, successor: PatientCase, ticked: Collection[int], *, close: bool
    ) -> tuple[Succession, int]:
        """Store the next case, enter it, and give it what is `ticked` of the visits to come, until
        it is full; with how many of these stayed for want of room. Raises RuleViolation.
        """
        self._refuse(self.forbidden(WhenFull.FOLLOW))
        limit = successor.max_sessions
        coming = [one.pk for one in self.coming if one.pk in ticked]
        # The visit at hand has its place; the others, in order of time, what is left.
        taken = coming if limit is None else coming[: max(limit - self.door.count, 0)]
        done = start_successor(self.case, successor, visits=set(taken), close=close, by=self.by)
        self.door.enter(done.successor)
        return done, len(coming) - len(taken)

    def _refuse(self, why: str) -> None:
        if why:
            raise RuleViolation(why)


def start_successor(
    case: PatientCase, successor: PatientCase, *, visits: set[int], close: bool, by: Actor
) -> Succession:
    """Store the next case, not stored yet, and give it those visits. Raises RuleViolation."""
    done = succeed(case, successor, visits=visits, close=close, by=by)
    rewrite_words(done.successor)
    return done
