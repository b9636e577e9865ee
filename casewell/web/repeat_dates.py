"""The dates of a booking that is to repeat: what speaks against each, and what to do about it.

Source: docs/domain.md#series.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from casewell.appointments.models.clashes import CLOSED, clashes_of
from casewell.appointments.models.repeating import book_series, occurrences
from casewell.appointments.repeat_form import RepeatForm
from casewell.appointments.ways_on import Door
from casewell.cases.look_ahead import in_short, look_ahead
from casewell.lib.errors import RuleViolation
from casewell.lib.formats import formats
from casewell.tenancy.ids import new_id
from casewell.web.series import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, time

    from casewell.appointments.models import Booking, Clash
    from casewell.audit.actors import Actor
    from casewell.cases.look_ahead import Prospect
    from casewell.cases.models import PatientCase
    from casewell.lib.recurrence import Rule
    from casewell.patients.models import Patient
    from casewell.web.requests import PracticeRequest

LOOK = "look"  # the button that shows the dates, and books nothing
LOOK_FIRST = "Look at the dates first: {} Send it again to go on."
NOTHING_LEFT = "All dates are left out: leave one of them in."


class Act(StrEnum):
    """What is done about a date."""

    BOOK = "book"
    WITHOUT = "without"
    SKIP = "skip"


ACTS = {Act.BOOK: "Book", Act.WITHOUT: "Book without the case", Act.SKIP: "Leave out"}


@dataclass
class DateLine:
    """One date of the series; `prospect` where it would join the case."""

    booking: Booking
    clashes: list[Clash]
    act: Act = Act.BOOK
    prospect: Prospect | None = None
    usual: time | None = None

    @property
    def day(self) -> date:
        return self.booking.local_start.date()

    @property
    def is_put_off(self) -> bool:
        """Whether clocks are put forward over its time that day, so that it is later."""
        return self.usual is not None and self.booking.local_start.time() != self.usual

    @property
    def is_booked(self) -> bool:
        return self.act is not Act.SKIP

    @property
    def warnings(self) -> list[str]:
        """What speaks against it, as sentences; nothing where it is left out."""
        if not self.is_booked:
            return []
        return [*map(str, self.clashes), *(self.prospect.warnings if self.prospect else [])]


@dataclass
class Dates:
    """All dates of the series, in order, or why there are none."""

    lines: list[DateLine] = field(default_factory=list)
    refusal: str = ""
    beyond: str = ""
    with_case: bool = False

    def look_ahead(self, case: PatientCase) -> list[Prospect]:
        """What of `case` those would pass that are to join it; noted at each."""
        self.with_case = True
        if self.beyond in (Act.WITHOUT, Act.SKIP):
            for line in self._looked_at(case):
                if line.prospect and not line.prospect.fits:
                    line.act, line.prospect = Act(self.beyond), None
        return [line.prospect for line in self._looked_at(case) if line.prospect]

    def _looked_at(self, case: PatientCase) -> list[DateLine]:
        joining = [line for line in self.lines if line.act is Act.BOOK]
        found = look_ahead(case, [line.day for line in joining])
        for line, prospect in zip(joining, found, strict=True):
            line.prospect = prospect
        return joining

    @property
    def acts(self) -> list[tuple[Act, str]]:
        """What can be done about a date, with its words."""
        return [(act, word) for act, word in ACTS.items() if self.with_case or act != Act.WITHOUT]

    @property
    def do_not_fit(self) -> int:
        """How many would pass something of the case."""
        return sum(1 for line in self.lines if line.prospect and not line.prospect.fits)

    @property
    def booked(self) -> list[DateLine]:
        return [line for line in self.lines if line.is_booked]

    @property
    def clock(self) -> time | None:
        """The time of day of all, but for those that clocks skip."""
        return self.lines[0].usual

    @property
    def in_short(self) -> str:
        """How many are booked, from when to when."""
        booked = self.booked
        if not booked:
            return NOTHING_LEFT
        words, left = formats(), len(self.lines) - len(booked)
        span = " – ".join(words.weekday(booked[at].day) for at in (0, -1))
        said = [f"{counted(booked[0].booking, len(booked))}, {span}."]
        without = sum(line.act is Act.WITHOUT for line in booked)
        if self.with_case and without:
            said.append(f"{without} without the case.")
        if left:
            said.append(f"{left} left out.")
        return " ".join(said)

    @property
    def known(self) -> str:
        """The keys of what clashes with any of them, as a form sends them back."""
        return " ".join(clash.key for line in self._later for clash in line.clashes)

    @property
    def _later(self) -> list[DateLine]:
        """Those that are booked, but for the first of all, which the panel shows by itself."""
        return [line for line in self.lines[1:] if line.is_booked]

    @property
    def ahead(self) -> str:
        """Where they pass what of the case, as a sentence; empty where all fit."""
        return in_short([line.prospect for line in self.lines if line.prospect])

    def unseen(self, request: PracticeRequest) -> str:
        """Why to look at them first; empty where the sender has, or there is nothing to see."""
        if self.refusal or not self.booked:
            return self.refusal or NOTHING_LEFT
        if "look" in request.POST:
            return LOOK_FIRST.format(self.ahead or "they are below.")
        if self.ahead and self.ahead != request.POST.get("known_ahead", ""):
            return LOOK_FIRST.format(self.ahead)
        known = {CLOSED, *request.POST.get("known_dates", "").split()}
        known |= set(request.POST.get("known_clashes", "").split())
        taken = sum(any(c.key not in known for c in line.clashes) for line in self._later)
        said = "on one of them" if taken == 1 else f"on {taken} of them"
        return LOOK_FIRST.format(f"something else is booked {said}.") if taken else ""


class Repeats:
    """How often the booking of a panel repeats, and what was said about single dates."""

    def __init__(self, request: PracticeRequest) -> None:
        sent = request.POST if request.method == "POST" else request.GET
        self.form = RepeatForm(sent if "repeat" in sent else None)
        self.said = _acts_in(sent.getlist("dates"))
        self.beyond = sent.get("beyond", "")

    @cached_property
    def rule(self) -> Rule | None:
        """How often; None where it does not repeat, or it is not said well enough."""
        return self.form.rule if self.form.is_bound and self.form.is_valid() else None

    @property
    def is_refused(self) -> bool:
        return self.form.is_bound and not self.form.is_valid()

    def dates(self, first: Booking, patient: Patient | None) -> Dates | None:
        """What repeats from `first` on, which is not stored yet; None where nothing does."""
        if self.rule is None:
            return None
        try:
            bookings = occurrences(first, self.rule)
        except RuleViolation as refusal:
            return Dates(refusal=str(refusal))
        against = clashes_of(bookings, [patient] if patient else [])
        lines = [DateLine(*pair) for pair in zip(bookings, against, strict=True)]
        for line in lines:
            line.act = self.said.get(str(line.day), Act.BOOK)
            line.usual = first.local_start.time()
        return Dates(lines, beyond=self.beyond)


@dataclass(frozen=True)
class Wanted:
    """What a valid panel asks for: `one` booking, not stored yet, or it and its repeats."""

    one: Booking
    rule: Rule | None
    dates: Dates | None

    @property
    def joining(self) -> list[Booking]:
        """Those that are to join the case."""
        lines = self.dates.lines if self.dates else []
        return [line.booking for line in lines if line.act is Act.BOOK] if lines else [self.one]

    def book(self, patient: Patient, case: PatientCase | None, *, by: Actor) -> int:
        """Store them; the id of the first. Raises as `Booking.book` does."""
        if self.rule is None:
            return int(self.one.book(patient, case, by=by).booking_id)
        return self._book_all(self.rule, patient, case, by)

    def book_with_nobody(self, *, by: Actor) -> int:
        """The same of blocks and classes. Raises BookingConflict."""
        if self.rule is not None:
            return self._book_all(self.rule, None, None, by)
        (self.one.block if self.one.is_block else self.one.open_class)(by=by)
        return int(self.one.pk)

    def _book_all(
        self, rule: Rule, patient: Patient | None, case: PatientCase | None, by: Actor
    ) -> int:
        acts = [line.act for line in self.dates.lines] if self.dates else []
        # Anew each time: what a refused attempt left in them would be stored by the next.
        whole = zip(occurrences(self.one.elsewhere(pk=new_id()), rule), acts, strict=True)
        kept = [(one, act) for one, act in whole if act is not Act.SKIP]
        outside = {one.pk for one, act in kept if act is Act.WITHOUT}
        bookings = [one for one, _ in kept]
        book_series(bookings, rule, patient, case, outside=outside, by=by)
        return int(bookings[0].pk)

    def door(self, case: PatientCase, enter: Callable[[PatientCase | None], None]) -> Door:
        """The way of those that are to join `case`."""
        joining = self.joining
        alone = len(joining) == 1
        return Door(
            case=case,
            enter=enter,
            start=joining[0].local_start,
            count=len(joining),
            without="Book without a case" if alone else "Book all of them without a case",
            without_means=f"{'It counts' if alone else 'They count'} in no case; “{case}” stays "
            "as it is.",
        )


def _acts_in(texts: Iterable[str]) -> dict[str, Act]:
    """What was chosen by day, from texts such as `2026-03-04:skip`; what is none is left out."""
    found = (text.rpartition(":") for text in texts)
    return {day: Act(act) for day, _, act in found if act in set(Act)}
