"""Visits and their case, several at once: linked in bulk, making room, moved to the successor."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from casewell.appointments.models.attendee import Attendee
from casewell.audit.models import record_changes, recorded
from casewell.cases.models import WrongPatient
from casewell.cases.terms import local_date

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from casewell.audit.actors import Actor
    from casewell.cases.models import PatientCase
    from casewell.cases.periods import Period


@dataclass(frozen=True)
class Room:
    """The visit that would leave a full case for one more, or why none can."""

    attendee: Attendee | None
    why_not: str = ""


def room_for(case: PatientCase, start: datetime, within: Period | None = None) -> Room:
    """Which visit could leave `case` for one that starts at `start`: the last that is not
    invoiced, if it is later.

    Where a funder's period is full, it is the last `within` that period.
    """
    counted = case.attendees.counted().told()
    if within:
        counted = counted.annotate(day=local_date()).filter(
            day__gte=within.start, day__lt=within.end
        )
    last = counted.uninvoiced().in_order().last()
    if last is None and within and not counted.exists():
        return Room(None, f"No visit of {within.name} is in it, only in other cases.")
    if last is None and counted.exists():
        return Room(None, "All visits in it are invoiced.")
    if last is None:
        return Room(None, "No visit is in it: its sessions were used elsewhere.")
    if last.booking.starts_at <= timezone.now():
        return Room(None, "All visits in it have started.")
    if last.booking.starts_at <= start:
        return Room(None, f"None in it is later: the last is {last.in_words}.")
    return Room(last)


@contextmanager
def in_the_place_of(
    releasing: Attendee, case: PatientCase, start: datetime, *, by: Actor
) -> Iterator[None]:
    """Let `releasing` leave `case` for the visit that the block brings in, which starts at `start`.

    The caller holds all the visits. Raises NotReleased or as `admitting` does.
    """
    with case.admitting() as held:
        releasing.hold()
        releasing.make_room(held, start, by=by)
        yield


@dataclass(frozen=True)
class Linked:
    """How many visits came into a case, and how many left it."""

    added: int
    removed: int


def link_in_bulk(
    case: PatientCase, *, add: Collection[int] = (), remove: Collection[int] = (), by: Actor
) -> Linked:
    """Put visits into `case`, by their ids, and take others out: all of it or nothing.

    Those of `add` may be in another case. Visits of `remove` that are elsewhere meanwhile stay
    there. Raises CaseClosed, WrongPatient or CaseFull.
    """
    with transaction.atomic():
        added = set(add)
        rows = Attendee.objects.filter(archived_at=None, pk__any_of=added.union(remove))
        # Before any case, and in order of their ids, as `link_to` does.
        found = list(rows.select_for_update(no_key=True).order_by("id"))
        if any(one.patient_id != case.patient_id for one in found):
            raise WrongPatient("These appointments are another patient's.")
        coming = [one for one in found if one.pk in added and one.case_id != case.pk]
        going = [one for one in found if one.pk not in added and one.case_id == case.pk]
        with case.admitting() as held:
            if coming:
                held.refuse_unless_open_to(held.patient)
            _put(going, None)
            _put(coming, held)
        # Of what is refused, thousands of changes need not be written first.
        _record(going, None, "unlinked", by)
        _record(coming, case, "linked", by)
    return Linked(len(coming), len(going))


def relink(
    case: PatientCase,
    into: PatientCase,
    *,
    add: Collection[int],
    remove: Collection[int],
    by: Actor,
) -> Linked:
    """As `link_in_bulk`, where `into`, the case or the next one, takes what comes."""
    if into.pk != case.pk:  # this one still lets go
        link_in_bulk(case, remove=remove, by=by)
    return link_in_bulk(into, add=add, remove=remove, by=by)


def _put(visits: list[Attendee], case: PatientCase | None) -> None:
    rows = Attendee.objects.filter(pk__any_of=[one.pk for one in visits])
    rows.update(case=case, updated_at=timezone.now())


def _record(visits: list[Attendee], case: PatientCase | None, verb: str, by: Actor) -> None:
    """Write down of `visits`, as they were before, where they went."""
    to = case.pk if case else None
    record_changes(((one, {"case": [one.case_id, to]}) for one in visits), verb, by=by)


@dataclass(frozen=True)
class Succession:
    """What became of the visits to come when a case was followed by another."""

    successor: PatientCase
    moved: list[Attendee]
    stayed: list[Attendee]


def to_come_in(case: PatientCase) -> list[Attendee]:
    """The visits that a successor of `case` would take over, in order of time."""
    return list(case.attendees.counted().to_come().told().in_order())


def succeed(
    case: PatientCase,
    successor: PatientCase,
    *,
    visits: Iterable[int],
    close: bool = True,
    by: Actor,
) -> Succession:
    """Store `successor`, not stored yet, and give it those `visits`, by id, until it is full.

    They go in order of time; they are visits of `case`, or in no case. Then `case` is closed,
    where `close` says so. Raises WrongPatient or CapReached, and then nothing is stored.
    """
    wanted = set(visits)
    with transaction.atomic():
        rows = Attendee.objects.filter(pk__any_of=wanted, patient=case.patient_id, archived_at=None)
        locked = rows.select_for_update(of=("self",), no_key=True).order_by("id")
        movable = [one for one in locked.told() if one.case_id in {None, case.pk}]
        movable.sort(key=lambda one: (one.booking.starts_at, one.pk))
        former = case.held()
        successor.predecessor = former
        with recorded(successor, "created", by=by):
            successor.save(force_insert=True)
        left = successor.usage.left
        taken = movable if left is None else movable[:left]
        with successor.admitting() as held:
            held.refuse_unless_open_to(former.patient)
            _put(taken, held)
        _record(taken, successor, "moved to the successor", by)
        if close and not former.closed_at:
            former.close(f"Followed by “{successor.name}”", by=by)
    return Succession(successor, taken, movable[len(taken) :])
