"""What cases and visits should do, as plain Python: the model that a state machine holds against
the product. It knows no database, no lock and no query.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Case:
    """`granted` are live approvals by id; the limit is their sum where there are any."""

    max_sessions: int | None
    elsewhere: int = 0
    cancelled_count: bool = False
    absent_count: bool = False
    blocks: bool = True
    closed: bool = False
    archived: bool = False
    granted: dict[int, int] = field(default_factory=dict)
    after: int | None = None  # the case that it follows

    @property
    def limit(self) -> int | None:
        return sum(self.granted.values()) if self.granted else self.max_sessions


@dataclass
class Visit:
    """`day` is its start, in days from today."""

    day: int
    case: int | None = None
    cancelled: bool = False
    absent: bool = False
    archived: bool = False


@dataclass
class Model:
    """All cases and visits of one patient, by id."""

    cases: dict[int, Case] = field(default_factory=dict)
    visits: dict[int, Visit] = field(default_factory=dict)

    def counts(self, visit: Visit) -> bool:
        case = self.cases.get(visit.case or 0)
        return (
            case is not None
            and not visit.archived
            and (case.cancelled_count or not visit.cancelled)
            and (case.absent_count or not visit.absent)
        )

    def counted(self, case: int) -> list[int]:
        """Ids of the visits that count, in order of start."""
        ids = [n for n, v in self.visits.items() if v.case == case and self.counts(v)]
        return sorted(ids, key=lambda n: (self.visits[n].day, n))

    def used(self, case: int) -> int:
        return sum(self.visits[n].day <= 0 for n in self.counted(case))

    def positions(self) -> dict[int, int]:
        return {n: i for case in self.cases for i, n in enumerate(self.counted(case), start=1)}

    def status(self, case: int) -> str:
        one = self.cases[case]
        full = one.limit is not None and len(self.counted(case)) + one.elsewhere >= one.limit
        facts = {"archived": one.archived, "closed": one.closed, "full": full}
        return next((word for word, holds in facts.items() if holds), "open")

    def refuses(self, case: int, before: int) -> bool:
        """Whether a change is refused by which the case came to count more than `before`."""
        one, counted = self.cases[case], len(self.counted(case))
        over = one.limit is not None and counted + one.elsewhere > one.limit
        return one.blocks and over and counted > before

    def tied_to(self, keys: set[int]) -> set[int]:
        """Those cases and visits with all that is of one another: the case, what it follows."""
        ties = [{n, v.case} for n, v in self.visits.items() if v.case]
        ties += [{n, c.after} for n, c in self.cases.items() if c.after]
        found = set(keys)
        for _ in ties:
            found = found.union(*(tie for tie in ties if tie & found))
        return found & (self.cases.keys() | self.visits.keys())
