"""What more visits of a case would meet, said before anything is saved.

Source: docs/domain.md#look-ahead.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casewell.accounts.models import LimitAction
from casewell.cases.models import Programme, cap_uses
from casewell.cases.periods import clock_end
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from casewell.cases.models import CapUse, PatientCase


@dataclass(frozen=True)
class Prospect:
    """The `number`-th of some visits to add, on `day`: what of the case it would pass.

    `makes` is how many sessions are then allocated. `caps` are the periods' counts with it that
    are over.
    """

    number: int
    day: date
    makes: int
    over_limit: bool
    expired_on: date | None
    caps: tuple[CapUse, ...]

    @property
    def warnings(self) -> list[str]:
        """What it would pass, as sentences."""
        said = []
        if self.over_limit:
            said.append(f"It would be number {self.makes}, over the limit.")
        if self.expired_on:
            said.append(f"The case expires on {formats().day(self.expired_on)}, before that day.")
        said += [f"It would make {use} by our records." for use in self.caps]
        return said

    @property
    def fits(self) -> bool:
        return not (self.over_limit or self.expired_on or self.caps)


def look_ahead(
    case: PatientCase,
    days: Sequence[date],
    *,
    leaving: Sequence[date] = (),
    known: Sequence[date] = (),
) -> list[Prospect]:
    """What each visit on `days`, local to its business, would meet if all of them were added.

    Those of `leaving` count in the case and would no longer; those of `known` are among `days`,
    and count for its funder already, in another case.
    """
    usage, ends_on = case.usage, end_with(case, days)
    uses = cap_uses(case, *days)
    added: Counter[object] = Counter()
    for day in (*leaving, *known):
        if use := _use_on(day, uses):
            added[use.period] -= 1
    prospects = []
    for number, day in enumerate(sorted(days), start=1):
        use = _use_on(day, uses)
        if use:
            added[use.period] += 1
            use = use.with_more(added[use.period])
        makes = usage.allocated - len(leaving) + number
        prospects.append(
            Prospect(
                number=number,
                day=day,
                makes=makes,
                over_limit=usage.limit is not None and makes > usage.limit,
                expired_on=ends_on if ends_on and day > ends_on else None,
                caps=(use,) if use and use.is_over else (),
            )
        )
    return prospects


def _use_on(day: date, uses: Sequence[CapUse]) -> CapUse | None:
    """Of these, which are in order and do not overlap, the one whose period the day is in."""
    place = bisect_right(uses, day, key=lambda use: use.period.start) - 1
    return uses[place] if place >= 0 and day in uses[place].period else None


def end_with(case: PatientCase, days: Sequence[date]) -> date | None:
    """The expiry date if there were visits on `days`: a clock may start at the first of them."""
    programme = case.programme
    first = case.first_visit_on if case.expires_on else None
    starts_at_visit = programme and programme.clock_anchor == Programme.Anchor.FIRST_SESSION
    if not (programme and starts_at_visit and days) or case.is_end_given:
        return case.expires_on
    earliest = min([*days, *([first] if first else [])])
    return clock_end(earliest, programme.clock_months, programme.clock_days)


def in_short(prospects: Sequence[Prospect]) -> str:
    """Where a series passes what, as one sentence; empty where all of it fits."""
    passes = {
        "the limit": next((p.number for p in prospects if p.over_limit), None),
        "the expiry date": next((p.number for p in prospects if p.expired_on), None),
        "the sessions of a period": next((p.number for p in prospects if p.caps), None),
    }
    said = [f"{what} at number {number}" for what, number in passes.items() if number]
    if not said:
        return ""
    whole = " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]
    return f"These {len(prospects)} pass {whole}."


def blocks(case: PatientCase, prospects: Sequence[Prospect]) -> bool:
    """Whether saving them would be refused, not only warned about."""
    caps_block = case.programme is not None and case.programme.cap_action == LimitAction.BLOCK
    expiry_blocks = case.account.case_expiry_action == LimitAction.BLOCK
    return any(
        (p.over_limit and case.blocks_when_full)
        or (p.caps and caps_block)
        or (p.expired_on and expiry_blocks)
        for p in prospects
    )
