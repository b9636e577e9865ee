"""Which case a visit belongs to: the choices that a booking's panel shows, one of them proposed."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from casewell.cases.look_ahead import Prospect, blocks, in_short, look_ahead
from casewell.cases.models import shares_cap, the_one_that_fits
from casewell.cases.usage import Status, Usage
from casewell.invoices.usual import usual_amounts
from casewell.invoices.visits import invoiced_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from casewell.appointments.models import Attendee
    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient

NONE, NEW = "none", "new"
SHOWN = 6  # cases, before the rest is folded away


@dataclass(frozen=True)
class CaseChoice:
    """One case of the patient, as it would take a visit on the date."""

    case: PatientCase
    usage: Usage
    status: Status
    reason: str
    chosen: bool

    @property
    def fits(self) -> bool:
        return self.status is Status.OPEN


@dataclass(frozen=True)
class CaseChoices:
    """The patient's open cases, which of them is chosen, and whether that was our proposal."""

    choices: list[CaseChoice]
    chosen: str
    proposed: bool
    ahead: Sequence[Prospect] = ()
    refused: bool = False
    amount_ahead: str = ""

    def of(self, pk: int | None) -> PatientCase | None:
        """The case with that id, where it is one of them."""
        return next((choice.case for choice in self.choices if choice.case.pk == pk), None)

    @property
    def open_count(self) -> int:
        return sum(choice.fits for choice in self.choices)

    @property
    def usable(self) -> list[CaseChoice]:
        """What is shown at once: the chosen case and those that fit, of very many the latest."""
        fitting = [choice for choice in self.choices if choice.chosen or choice.fits]
        return [*fitting[:SHOWN], *(choice for choice in fitting[SHOWN:] if choice.chosen)]

    @property
    def others(self) -> list[CaseChoice]:
        """What is folded away: full or expired on that date, or one of very many."""
        shown = {choice.case.pk for choice in self.usable}
        return [choice for choice in self.choices if choice.case.pk not in shown]

    @property
    def others_in_words(self) -> str:
        """How many are folded away, and why."""
        fitting = sum(choice.fits for choice in self.others)
        rest = len(self.others) - fitting
        if not fitting:
            return f"{rest} more, full or expired on that date"
        also = f", {rest} full or expired on that date" if rest else ""
        return f"{len(self.others)} more: {fitting} open{also}"

    @property
    def needs_search(self) -> bool:
        """Whether so many are folded away that one looks for them by words."""
        return len(self.others) > SHOWN

    @property
    def left_out(self) -> str:
        """That no case is chosen though one would fit: more often forgotten than meant."""
        if self.chosen != NONE or not self.open_count:
            return ""
        return f"{self.open_count} open case{'s' * (self.open_count > 1)}, none chosen."

    @property
    def warning(self) -> str:
        """What is wrong with the chosen case on that date, or on those dates, as a sentence."""
        alone = len(self.ahead) == 1
        said = [*(self.ahead[0].warnings if alone else [in_short(self.ahead)]), self.amount_ahead]
        if not any(said):
            return ""
        follows = (
            "Saving it asks what to do instead."
            if self.refused
            else "It can be saved all the same."
        )
        return " ".join([*filter(None, said), follows])


def choices_for(
    patient: Patient,
    day: date,
    *,
    chosen: str | None = None,
    visit: Attendee | None = None,
    kind: int | None = None,
    ahead_of: Callable[[PatientCase], list[Prospect]] | None = None,
) -> CaseChoices:
    """The choices for a visit of `patient` on `day`, local to its business.

    `chosen` is a case's id, "none" or "new"; None lets the only case that fits be proposed.
    `visit` is the one that is there already: the case that it is in is offered even when closed.
    `kind` is the type, by its id, of one that is not.
    `ahead_of` looks ahead where there are more visits than one.
    """
    keep = visit.case_id if visit else None
    offered = Q(archived_at=None, closed_at=None) | Q(pk=keep)
    rows = patient.cases.filter(offered).with_usage().with_amounts()
    cases = list(rows.select_related("account", "contact", "programme").order_by("-id"))
    proposal = the_one_that_fits(cases, day) if chosen is None else None
    picked = chosen if chosen is not None else (str(proposal.pk) if proposal else NONE)
    found = [_choice(case, day, picked) for case in cases]
    joined = next((c for c in cases if str(c.pk) == picked and c.pk != keep), None)
    former = next((c for c in cases if c.pk == keep), None)
    ahead: list[Prospect] = []
    if joined:
        ahead = ahead_of(joined) if ahead_of else _ahead(joined, day, visit, former)
    return CaseChoices(
        choices=_usable_first(found),
        chosen=picked,
        proposed=proposal is not None,
        ahead=ahead,
        refused=bool(joined and blocks(joined, ahead)),
        amount_ahead=_amount_ahead(joined, patient, visit, kind) if joined else "",
    )


def _amount_ahead(
    case: PatientCase, patient: Patient, visit: Attendee | None, kind: int | None
) -> str:
    """That the visit's invoice, or what its type costs, has no room in the case's amount."""
    amount = case.amount
    if amount is None:
        return ""
    if amount.is_used_up:
        return f"Its amount is used up: {amount} is invoiced."
    then = amount.with_more(_price_of(case, patient, visit, kind))
    return f"Invoiced, it would bring the case to {then}." if then.is_passed else ""


def _price_of(
    case: PatientCase, patient: Patient, visit: Attendee | None, kind: int | None
) -> Decimal:
    """What the visit is invoiced with or, where it is not yet, what its type costs."""
    if visit and (invoiced := invoiced_for(case.account, [visit.pk])):
        return invoiced
    chosen = visit.booking.appointment_type_id if visit else kind
    return usual_amounts(case.account, [chosen], patient)[chosen] if chosen else Decimal()


def _ahead(
    case: PatientCase, day: date, visit: Attendee | None, former: PatientCase | None
) -> list[Prospect]:
    """What the visit would pass in `case`; nothing where it would not count there."""
    known = []
    if visit:
        there, here = copy(visit), copy(visit)
        there.case, here.case = case, former
        if not there.counts:
            return []
        if former and here.counts and shares_cap(former, case):
            known = [day]
    return look_ahead(case, [day], known=known)


def _choice(case: PatientCase, day: date, picked: str) -> CaseChoice:
    status = case.status_on(day)
    return CaseChoice(case, case.usage, status, case.reason_on(day), str(case.pk) == picked)


def _usable_first(choices: Iterable[CaseChoice]) -> list[CaseChoice]:
    return sorted(choices, key=lambda choice: not (choice.chosen or choice.fits))
