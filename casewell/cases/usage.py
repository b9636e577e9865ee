"""How many sessions a case has used: the one rule, and what follows from its count.

Source: docs/domain.md#usage. Nothing is counted in a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from casewell.cases.models import PatientCase


def uses_a_session(attendee: str = "", case: str = "case__") -> Q:
    """Which attendees use up a session of their case; the case's own flags decide.

    The two words are the lookup paths to the attendee and to its case: `("", "case__")` seen from
    the attendee, `("attendees__", "")` seen from the case.
    """
    return (
        Q(**{f"{attendee}archived_at": None})
        & (
            Q(**{f"{attendee}cancelled_at": None})
            | Q(**{f"{case}include_cancelled_attendees": True})
        )
        & (Q(**{f"{attendee}did_not_arrive": False}) | Q(**{f"{case}include_dna_attendees": True}))
    )


def uses_a_session_of(cases: QuerySet[PatientCase]) -> Q:
    """The same, seen from the attendee of one of `cases`, without joining them.

    For statements over all visits: most are told by their own row, and the cases whose flags count
    the others are looked up once.
    """
    cancelled_too, missed_too = (
        Q(case__in=cases.filter(**{flag: True}).values("pk"))
        for flag in ("include_cancelled_attendees", "include_dna_attendees")
    )
    return (
        Q(archived_at=None)
        & (Q(cancelled_at=None) | cancelled_too)
        & (Q(did_not_arrive=False) | missed_too)
    )


class Status(StrEnum):
    """The word for a case; where several hold, the first of these."""

    ARCHIVED = "archived"
    CLOSED = "closed"
    EXPIRED = "expired"
    FULL = "full"
    OPEN = "open"


@dataclass(frozen=True)
class Usage:
    """What a case's count says. `counted` = `used` (started) + `booked` (still to come).

    Sessions used `elsewhere` take room too: `allocated` = `counted` + `elsewhere`.

    >>> usage = Usage(counted=4, used=3, limit=10, elsewhere=2)
    >>> str(usage), usage.booked, usage.left
    ('6 of 10', 1, 4)
    """

    counted: int
    used: int
    limit: int | None
    elsewhere: int = 0

    def __str__(self) -> str:
        return str(self.allocated) if self.limit is None else f"{self.allocated} of {self.limit}"

    @property
    def allocated(self) -> int:
        return self.counted + self.elsewhere

    @property
    def booked(self) -> int:
        return self.counted - self.used

    @property
    def left(self) -> int | None:
        """Sessions left, 0 when overused; None without a limit."""
        return None if self.limit is None else max(self.limit - self.allocated, 0)

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.allocated >= self.limit

    @property
    def is_overused(self) -> bool:
        return self.limit is not None and self.allocated > self.limit


def status_of(
    *, archived: bool, closed: bool, expiry_date: date | None, usage: Usage, today: date
) -> Status:
    """The one word for a case. A case that expires today is open today.

    >>> from datetime import date
    >>> day = date(2026, 3, 4)
    >>> status_of(archived=False, closed=False, expiry_date=day, usage=Usage(4, 3, 10), today=day)
    <Status.OPEN: 'open'>
    """
    facts = {
        Status.ARCHIVED: archived,
        Status.CLOSED: closed,
        Status.EXPIRED: expiry_date is not None and expiry_date < today,
        Status.FULL: usage.is_full,
    }
    return next((status for status, holds in facts.items() if holds), Status.OPEN)
