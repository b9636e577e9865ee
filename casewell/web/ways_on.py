"""The ways on from a case that refuses a visit: what each would do, said before it is done.

Source: docs/domain.md#usage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from casewell.accounts.case_policy import WhenFull
from casewell.appointments.models.linking import Room, room_for, to_come_in
from casewell.cases.models import CaseFull, PatientCase, cap_uses
from casewell.cases.successor_form import SuccessorForm, asks_of_a_new_cycle
from casewell.web.forms import prepared
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from casewell.appointments.models import Attendee
    from casewell.cases.models import CapUse
    from casewell.lib.errors import RuleViolation
    from casewell.web.requests import PracticeRequest

MOST_SESSIONS = 200
OWN = {"way", "full_case", "why", "releasing", "raise_to", "raise_reason", "follow_close"}
NOT_KEPT = OWN | {"csrfmiddlewaretoken", "once", "next", "follow_visit"}


class Way(StrEnum):
    """Where one goes from a case that refuses."""

    REPLACE = WhenFull.REPLACE.value
    RAISE = WhenFull.RAISE.value
    FOLLOW = WhenFull.FOLLOW.value
    WITHOUT = "none"
    AGAIN = "again"
    BACK = "back"


# What helps where: against the limit, a funder's cap, the last day.
HELPS = {
    "case_full": (Way.REPLACE, Way.RAISE, Way.FOLLOW, Way.WITHOUT),
    "cap_reached": (Way.REPLACE, Way.WITHOUT),
    "case_expired": (Way.FOLLOW, Way.WITHOUT),
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


@dataclass(frozen=True)
class Choice:
    """One way on, and what it does in words; `why_not` where it cannot be taken."""

    way: Way
    label: str
    means: str
    why_not: str = ""


@dataclass
class WaysOn:
    """The ways on for one door, as the page shows them."""

    request: PracticeRequest
    door: Door
    refusal: str = ""
    why: str = field(default="case_full")

    def refuse(self, refusal: RuleViolation) -> None:
        """Keep why it was refused, and look at the case anew."""
        self.refusal = str(refusal)
        self.why = refusal.code if isinstance(refusal, CaseFull) else self.sent_why

    @property
    def sent_why(self) -> str:
        """Why it was refused when the sender chose."""
        sent = self.request.POST.get("why", "")
        return sent if sent in HELPS else "case_full"

    @cached_property
    def case(self) -> PatientCase:
        """The case as it is now."""
        rows = self.request.account.patient_cases.with_usage()
        related = rows.select_related("account", "patient", "programme")
        return related.get(pk=self.door.case.pk)

    @property
    def headline(self) -> str:
        if self.has_room:
            return f"“{self.case}” has room again: {self.case.usage}"
        if self.case.usage.is_full:
            return f"“{self.case}” is full: {self.case.usage}"
        return f"“{self.case}” does not take this: {self.case.usage}"

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

    @cached_property
    def ticked(self) -> set[int]:
        """Of these, those that are ticked: all, until the sender says otherwise."""
        if self.chosen != Way.FOLLOW:
            return {one.pk for one in self.coming}
        return {key_in(key) for key in self.request.POST.getlist("follow_visit")}

    @cached_property
    def form(self) -> SuccessorForm:
        """What the next case is to be."""
        sent = self.request.POST if self.chosen == Way.FOLLOW else None
        return prepared(SuccessorForm(self.case, sent), self.request)

    @property
    def chosen(self) -> str:
        return self.request.POST.get("way", "") if self._is_answered else ""

    @property
    def _is_answered(self) -> bool:
        return self.request.POST.get("full_case", "") == str(self.door.case.pk)

    @property
    def closes(self) -> bool:
        """Whether the case is closed when it is followed; so until the sender says otherwise."""
        return self.chosen != Way.FOLLOW or self.request.POST.get("follow_close") == "yes"

    @property
    def least(self) -> int:
        """The sessions that it takes, at least."""
        return self.case.usage.allocated + self.door.count

    @property
    def raise_to(self) -> str:
        sent = self.request.POST.get("raise_to", "") if self.chosen == Way.RAISE else ""
        return sent or str(self.least)

    @property
    def raise_reason(self) -> str:
        return self.request.POST.get("raise_reason", "") if self.chosen == Way.RAISE else ""

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was sent to the door itself, to be sent again with the choice."""
        sent = self.request.POST.lists()
        names = [(name, values) for name, values in sent if name not in NOT_KEPT]
        return [(n, str(v)) for n, vs in names for v in vs if not n.startswith("next-")]

    @property
    def asks(self) -> list[str]:
        """What the programme asks of a new cycle."""
        return asks_of_a_new_cycle(self.case)

    @property
    def choices(self) -> list[Choice]:
        """What can be done, each with what it means; what cannot is there with the reason."""
        if self.has_room:
            return [Choice(Way.AGAIN, "Go on as you wanted", "Nothing leaves the case for it.")]
        makers = {
            Way.REPLACE: self._replace,
            Way.RAISE: self._raise,
            Way.FOLLOW: self._follow,
        }
        found = [makers[way]() for way in HELPS[self.why] if way in makers]
        if self.door.without:
            found.append(Choice(Way.WITHOUT, self.door.without, self.door.without_means))
        return found

    def _replace(self) -> Choice:
        leaves = self.room.attendee
        means = f"{named(leaves)} stays booked and leaves the case." if leaves else ""
        why_not = self.forbidden(WhenFull.REPLACE) or self.room.why_not
        return Choice(Way.REPLACE, str(WhenFull.REPLACE.label), means, why_not)

    def _raise(self) -> Choice:
        limit = self.case.usage.limit
        means = f"The case then has more than its {limit} sessions; the reason is kept with it."
        why_not = self.forbidden(WhenFull.RAISE)
        if self.least > MOST_SESSIONS:
            why_not = why_not or f"A case has at most {MOST_SESSIONS} sessions."
        return Choice(Way.RAISE, str(WhenFull.RAISE.label), means, why_not)

    def _follow(self) -> Choice:
        coming = len(self.coming)
        means = "A new case takes this visit."
        if coming:
            taken = f"{coming} coming visit{'s' * (coming != 1)}"
            means = (
                f"A new case takes this and the {taken} ticked below, in order of time until it "
                "is full; the rest stays where it is."
            )
        why_not = self.forbidden(WhenFull.FOLLOW)
        return Choice(Way.FOLLOW, str(WhenFull.FOLLOW.label), means, why_not)

    def forbidden(self, way: WhenFull) -> str:
        """Why the sender may not take that way; empty where they may."""
        may = self.request.account.lets(self.request.member.role, way)
        return "" if may else "The practice does not let your role do this."


def named(visit: Attendee) -> str:
    """A visit as a sentence begins: whose, when, with whom."""
    return f"{visit.in_words} with {visit.booking.practitioner}"
