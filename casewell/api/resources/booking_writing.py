"""What a client may set on bookings of any kind: when, where, with whom; and taking them away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec

from casewell.accounts.models import Business, Practitioner
from casewell.accounts.roles import Permission
from casewell.api.bodies import BLANK, Body, shown
from casewell.api.calls import Answer
from casewell.api.errors import Invalid, NotThere
from casewell.api.routes import Route
from casewell.api.writing import Writable
from casewell.appointments.models import CancellationReason
from casewell.appointments.models.clashes import CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from casewell.api.calls import Call
    from casewell.appointments.models import Booking

LONGEST = timedelta(days=1)
YEARS = range(1900, 2200)
Note = Annotated[str, msgspec.Meta(max_length=10_000)]


class CancelBody(Body):
    """Why it is cancelled; who says nothing has another reason."""

    cancellation_reason: Literal[10, 20, 30, 31, 40, 50, 60]
    cancellation_note: Note | None
    apply_to_repeats: bool | None


class ConflictsFound(msgspec.Struct):
    """Whether there are any."""

    exist: bool


class ConflictsRow(msgspec.Struct):
    """What stands in the way of a booking."""

    conflicts: ConflictsFound


class CancelRoute(Writable):
    """What can be cancelled."""

    def further(self) -> Iterator[Route]:
        yield from super().further()
        path = f"{self.name}/*/cancel"
        yield Route("PATCH", path, self.cancel, self, "cancel", takes=CancelBody)

    def cancel(self, call: Call) -> Answer:
        """Take it off, and say why."""
        call.require(Permission.BOOK)
        record = self.held(call)
        reason, note = reason_in(call.body)
        self.cancel_record(call, record, reason, note)
        return Answer(204)

    def cancel_record(self, call: Call, record: Any, reason: int, note: str) -> None:
        raise NotImplementedError


class BookingResource(Writable):
    """A kind of booking: `kinds` are the choices of its own, by property."""

    reads = Permission.SEE_CALENDAR
    creates = changes = Permission.BOOK
    removes = Permission.DELETE_BOOKINGS
    kinds: ClassVar[dict[str, QuerySet[Any, Any]]] = {}

    def chosen(self, values: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        """The records that ids in `values` name, each by its relation's name; what is `known`
        already is not looked for, and may be what nobody could choose any more.

        Raises Invalid, which names all that cannot be chosen.
        """
        choices = {
            "business_id": Business.objects.live(),
            "practitioner_id": Practitioner.objects.active(),
        } | self.kinds
        wanted = {name: rows for name, rows in choices.items() if name in values}
        return named(values, wanted, known)

    def further(self) -> Iterator[Route]:
        yield from super().further()
        path = f"{self.name}/*/conflicts"
        act = self.conflicts
        yield Route("GET", path, act, self, "conflicts", status=200, gives=ConflictsRow)

    def conflicts(self, call: Call) -> Answer:
        """Whether another booking stands in its way; closed doors are no booking."""
        call.require(self.reads)
        rows = self.records(call.account).filter(archived_at=None, cancelled_at=None)
        one = rows.filter(pk=call.ids[0]).first()
        if one is None:
            raise NotThere
        exist = any(clash.key != CLOSED for clash in one.clashing())
        return Answer(200, {"conflicts": {"exist": exist}})


def reason_in(body: dict[str, Any]) -> tuple[int, str]:
    """Why something is cancelled, and the note to it. Raises Invalid."""
    sent = CancelBody.read(body, creating=False)
    reason = sent.get("cancellation_reason", CancellationReason.OTHER.value)
    return reason, sent.get("cancellation_note") or ""


def named(
    values: dict[str, Any], choices: dict[str, QuerySet[Any, Any]], known: dict[str, Any]
) -> dict[str, Any]:
    """The records of `choices` whose ids are in `values`, by their relations' names.

    A relation that is `known` to have that id is left out. Raises Invalid.
    """
    found, errors = {}, {}
    for name, rows in choices.items():
        key = None if values[name] is None else int(values[name])
        if key is None or key != known.get(name):
            found[shown(name)] = rows.filter(pk=key).first() if key is not None else None
            if found[shown(name)] is None:
                errors[shown(name)] = BLANK if key is None else "must exist"
    if errors:
        raise Invalid(errors)
    return found


def span_of(start: datetime, end: datetime) -> dict[str, datetime]:
    """The time of a booking. Raises Invalid for what is no time to book."""
    if start.year not in YEARS:
        raise Invalid({"starts_at": "is no time to book"})
    if not start < end <= start + LONGEST:
        raise Invalid({"ends_at": "must be after the start, within a day"})
    return {"starts_at": start, "ends_at": end}


def after(start: datetime, length: timedelta) -> datetime:
    """The moment so much later; where there is none, the start itself."""
    try:
        return start + length
    except OverflowError:
        return start


def moved(one: Booking, values: dict[str, Any], length: timedelta) -> dict[str, datetime]:
    """The new time of a booking that has one; empty where it stays. Raises Invalid.

    `length` is its length where its end is not given.
    """
    start = values.get("starts_at") or one.starts_at
    span = span_of(start, values.get("ends_at") or after(start, length))
    return {name: moment for name, moment in span.items() if getattr(one, name) != moment}
