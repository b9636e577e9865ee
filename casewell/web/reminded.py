"""The reminders of a visit in words: by which way, when, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from casewell.letters.models import Communication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewell.appointments.models import Attendee


@dataclass(frozen=True)
class Reminded:
    """One reminder. `of_another_time` is one that told a start from which the visit was moved."""

    way: str
    at: datetime
    state: str
    of_another_time: bool


def reminders_of(visit: Any) -> Iterator[Reminded]:
    """Those of a visit of `with_reminders`, the first one first."""
    for told in visit.reminded:
        sent, failed = told["mailed"] or told["texted"], told["mail_failed"] or told["text_failed"]
        yield Reminded(
            way=str(Communication.Way(told["way"]).label),
            at=datetime.fromisoformat(told["at"]),
            state="sent" if sent else "not sent" if failed else "on its way",
            of_another_time=_start(told) != _booked_start(visit),
        )


def _start(told: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(told["starts_at"])


def _booked_start(visit: Attendee) -> datetime:
    return visit.booking.starts_at
