"""Item numbers by programme and discipline, each with its source; what depends on more is empty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from casewell.cases.models import shipped_programmes


@dataclass(frozen=True)
class Items:
    """A programme's item numbers by discipline, in small letters; why there is none for others."""

    by_discipline: dict[str, str]
    known: frozenset[str]
    otherwise: str
    source: str

    def number_for(self, discipline: str) -> str:
        """The item of a discipline; empty where no source settles it."""
        return self.by_discipline.get(discipline.strip().lower(), "")


NO_ITEMS = Items({}, frozenset(), "No item numbers are known for this case.", "")
# What funders' lists say beyond the shipped programmes, read on 2026-11-22.
OTHERS = {
    "au-medicare-better-access": Items(
        {},
        frozenset(),
        "The item depends on how long the visit was and on the practitioner's registration.",
        "Medicare Benefits Schedule, Better Access initiative",
    ),
    "au-medicare-eating-disorder": Items(
        {"dietetics": "82350"},
        frozenset({"82350"}),
        "The item depends on how long the visit was and on the practitioner's registration.",
        "Medicare Benefits Schedule, note MN.16.2",
    ),
    "au-dva-cycle": Items(
        {},
        frozenset(),
        "DVA's item depends on the kind of visit and where it was: give it as the code of the "
        "billable item.",
        "Department of Veterans' Affairs, schedules of fees of allied health",
    ),
}


@cache
def items_of(programme: str) -> Items:
    """The item numbers of a programme by its code; `NO_ITEMS` where nothing is known of it."""
    shipped = shipped_programmes().get(programme, {})
    if "items" not in shipped:
        return OTHERS.get(programme, NO_ITEMS)
    numbers: dict[str, str] = shipped["items"]
    return Items(
        {words: number for number, words in numbers.items()},
        frozenset(numbers),
        "No item is known for this discipline.",
        shipped["source"],
    )
