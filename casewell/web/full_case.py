"""A case that refuses a visit is no dead end: through a door, by the way on that was chosen.

Source: docs/domain.md#usage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction

from casewell.cases.models import CaseFull
from casewell.lib.errors import RuleViolation
from casewell.web.requests import key_in
from casewell.web.ways_on import Way, WaysOn, named

if TYPE_CHECKING:
    from casewell.appointments.models.linking import Succession
    from casewell.appointments.ways_on import Door
    from casewell.web.requests import PracticeRequest


class Stuck(Exception):  # noqa: N818 - a fact, as all refusals are
    """A case refuses, and here is what can be done; None where the sender wants none of it."""

    def __init__(self, dialogue: FullCase | None) -> None:
        super().__init__(dialogue.refusal if dialogue else "")
        self.dialogue = dialogue


def pass_door(request: PracticeRequest, door: Door) -> None:
    """Go through `door`, by the way on that the sender chose where its case refuses.

    Raises Stuck where there is something to choose, else what the act itself raises; then nothing
    is changed.
    """
    asked = request.POST.get("way", "")
    mine = request.POST.get("full_case", "") == str(door.case.pk)
    dialogue = FullCase(request, door)
    if mine and asked == Way.BACK:
        raise Stuck(None)
    try:
        with transaction.atomic():
            if mine and asked in set(Way):
                dialogue.take(Way(asked))
            else:
                door.enter(door.case)
    except RuleViolation as refusal:
        if not mine and not isinstance(refusal, CaseFull):
            raise
        dialogue.refuse(refusal)
        raise Stuck(dialogue) from refusal


class FullCase(WaysOn):
    """The ways on for one door, and taking one of them."""

    def take(self, way: Way) -> None:
        """Do what was chosen. Raises RuleViolation."""
        self.why = self.sent_why
        releasing = key_in(self.request.POST.get("releasing")) if way is Way.REPLACE else 0
        self.hold({*(self.ticked if way is Way.FOLLOW else set()), releasing})
        acts = {Way.REPLACE: self._let_leave, Way.RAISE: self._grant, Way.FOLLOW: self._succeed}
        if way in acts:
            acts[way]()
        else:
            self.door.enter(None if way is Way.WITHOUT else self.case)

    def _let_leave(self) -> None:
        """The visit that was shown, and no other, makes room."""
        key = key_in(self.request.POST.get("releasing"))
        leaving = self.case.attendees.told().filter(pk=key).first()
        if self.replace(leaving) and leaving:
            self._say(f"{named(leaving)} stays booked and has left “{self.case}”.")
        else:
            self._say(f"“{self.case}” had room again: nothing left it.")

    def _grant(self) -> None:
        reason = self.request.POST.get("raise_reason", "").strip()[:255]
        to = key_in(self.request.POST.get("raise_to"))
        self.raise_limit(to, reason)
        self._say(f"“{self.case}” now has {to} sessions.")

    def _succeed(self) -> None:
        if not self.form.is_valid():
            raise RuleViolation("Please look at what is said of the next case.")
        done, stayed = self.follow(self.form.instance, self.ticked, close=self.closes)
        self._say(in_words(done, closed=self.closes, stayed=stayed))

    def _say(self, sentence: str) -> None:
        messages.success(self.request, sentence)


def in_words(done: Succession, *, closed: bool, stayed: int = 0) -> str:
    """What became of the visits when a case was followed."""
    moved, former = len(done.moved), done.successor.predecessor
    stayed += len(done.stayed)
    said = f"“{done.successor}” is started with {moved} of the visits to come."
    if stayed:
        said += f" It is full with them: {stayed} stayed in “{former}”."
    return f"{said} “{former}” is closed." if closed else said
