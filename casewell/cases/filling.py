"""What a chosen programme writes into the form of a case, and how its expiry reads there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date

from casewell.cases.models import Programme, shipped_programmes
from casewell.cases.periods import clock_end
from casewell.lib.days import is_plausible
from casewell.lib.formats import formats

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from casewell.accounts.models import Account

ANCHORS = {
    Programme.Anchor.ISSUE_DATE: "the issue date",
    Programme.Anchor.FIRST_SESSION: "the first visit",
    Programme.Anchor.PLAN_DATE: "the plan or last review",
    Programme.Anchor.INJURY_DATE: "the injury",
}


class ProgrammeChoices:
    """The programmes that a case can be made under: the practice's own, and shipped ones.

    A shipped one has its code for a key, and becomes the practice's own when a case is saved.
    """

    def __init__(self, account: Account, kept: int | None) -> None:
        self.account = account
        rows = list(account.programmes.order_by("name", "id"))
        self.own = {str(p.pk): p for p in rows if p.archived_at is None or p.pk == kept}
        known = {programme.code for programme in rows}
        self.shipped = {
            code: shipped["name"]
            for code, shipped in shipped_programmes().items()
            if code not in known and shipped["country"] in (None, account.country_code)
        }

    def as_choices(self) -> list[tuple[str, Any]]:
        """For a select: none, then each kind under its heading."""
        own = [(key, _named(programme)) for key, programme in self.own.items()]
        kinds = [("Of this practice", own), ("Come with Casewell", list(self.shipped.items()))]
        return [("", "No programme"), *((heading, rows) for heading, rows in kinds if rows)]

    @property
    def names(self) -> list[str]:
        """What all of them are called."""
        return [*map(str, self.own.values()), *self.shipped.values()]

    def get(self, key: str) -> Programme | None:
        """The programme with that key; a shipped one is not stored yet."""
        if key in self.shipped:
            return Programme.draft(self.account, key)
        return self.own.get(self.key_now(key))

    def key_now(self, key: str) -> str:
        """The key of what was chosen: a shipped one may be the practice's own by now."""
        current = (pk for pk, own in self.own.items() if own.code == key and not own.archived_at)
        return key if key in self.shipped else next(current, key)


def _named(programme: Programme) -> str:
    return f"{programme} (former version)" if programme.archived_at else str(programme)


def filled_by(programme: Programme, discipline: str) -> dict[str, Any]:
    """What the programme says of a case, by the names of the form's fields."""
    sessions = programme.sessions_for(discipline)
    return {
        "limit_kind": "none" if sessions is None else "sessions",
        "max_sessions": sessions,
        "limit_action": programme.limit_action,
        "include_cancelled_attendees": programme.include_cancelled_attendees,
        "include_dna_attendees": programme.include_dna_attendees,
        "referral": bool(programme.referral_type),
        "referral_type": programme.referral_type,
    }


def dates_in(typed: Mapping[str, Any]) -> dict[str, date | None]:
    """The anchors of clocks as they were typed; what is no date is None."""
    found: dict[str, date | None] = {}
    for name in (Programme.Anchor.ISSUE_DATE, Programme.Anchor.PLAN_DATE, "injury_date"):
        found[str(name)] = None
        with suppress(ValueError):
            day = parse_date(str(typed.get(name) or ""))
            found[str(name)] = day if day and is_plausible(day) else None
    return found


def end_in_words(programme: Programme | None, anchors: Mapping[str, date | None]) -> str:
    """Until when the clock of a programme runs, and why; empty where none does.

    `anchors` has the dates by `Programme.Anchor`, the first visit's among them.
    """
    if programme is None or not programme.clock_anchor:
        return ""
    months, days = programme.clock_months, programme.clock_days
    if months is None and days is None:
        return ""
    runs = " and ".join(_length(n, unit) for n, unit in ((months, "month"), (days, "day")) if n)
    anchor, since = anchors.get(programme.clock_anchor), ANCHORS[_anchor(programme)]
    if anchor is not None:
        end = clock_end(anchor, months, days)
        return f"until {formats().day(end)}, {runs} from {since}" if end else ""
    if programme.starts_at_visit:
        return f"starts at first visit, then {runs}"
    return f"{runs} from {since}, once that date is given"


def _anchor(programme: Programme) -> Programme.Anchor:
    return Programme.Anchor(programme.clock_anchor)


def _length(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' * (number != 1)}"
