"""The ways on from a case that refuses a visit, as pages show them before one is taken.

Source: docs/domain.md#usage.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from casewell.accounts.case_policy import WhenFull
from casewell.appointments.ways_on import HELPS, Door, Impasse
from casewell.cases.models import CaseFull
from casewell.cases.successor_form import SuccessorForm, asks_of_a_new_cycle
from casewell.web.forms import prepared
from casewell.web.requests import key_in

if TYPE_CHECKING:
    from casewell.appointments.models import Attendee
    from casewell.lib.errors import RuleViolation
    from casewell.web.requests import PracticeRequest

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


@dataclass(frozen=True)
class Choice:
    """One way on, and what it does in words; `why_not` where it cannot be taken."""

    way: Way
    label: str
    means: str
    why_not: str = ""


class WaysOn(Impasse):
    """The ways on for one door, as the page shows them."""

    def __init__(self, request: PracticeRequest, door: Door) -> None:
        super().__init__(request.account, door, by=request.actor)
        self.request, self.refusal = request, ""

    def refuse(self, refusal: RuleViolation) -> None:
        """Keep why it was refused, and look at the case anew."""
        self.refusal = str(refusal)
        self.why = refusal.code if isinstance(refusal, CaseFull) else self.sent_why

    @property
    def sent_why(self) -> str:
        """Why it was refused when the sender chose."""
        sent = self.request.POST.get("why", "")
        return sent if sent in HELPS else "case_full"

    @property
    def headline(self) -> str:
        if self.has_room:
            return f"“{self.case}” has room again: {self.case.usage}"
        if self.case.usage.is_full:
            return f"“{self.case}” is full: {self.case.usage}"
        return f"“{self.case}” does not take this: {self.case.usage}"

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
            WhenFull.REPLACE: self._replace,
            WhenFull.RAISE: self._raise,
            WhenFull.FOLLOW: self._follow,
        }
        found = [makers[way]() for way in HELPS[self.why]]
        if self.door.without:
            found.append(Choice(Way.WITHOUT, self.door.without, self.door.without_means))
        return found

    def _replace(self) -> Choice:
        leaves = self.room.attendee
        means = f"{named(leaves)} stays booked and leaves the case." if leaves else ""
        return self._choice(WhenFull.REPLACE, means)

    def _raise(self) -> Choice:
        limit = self.case.usage.limit
        means = f"The case then has more than its {limit} sessions; the reason is kept with it."
        return self._choice(WhenFull.RAISE, means)

    def _follow(self) -> Choice:
        coming = len(self.coming)
        means = "A new case takes this visit."
        if coming:
            taken = f"{coming} coming visit{'s' * (coming != 1)}"
            means = (
                f"A new case takes this and the {taken} ticked below, in order of time until it "
                "is full; the rest stays where it is."
            )
        return self._choice(WhenFull.FOLLOW, means)

    def _choice(self, way: WhenFull, means: str) -> Choice:
        return Choice(Way(way.value), str(way.label), means, self.why_not(way))


def named(visit: Attendee) -> str:
    """A visit as a sentence begins: whose, when, with whom."""
    return f"{visit.in_words} with {visit.booking.practitioner}"
