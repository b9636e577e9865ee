"""The steps of merging and of undoing it, each in the transaction of the whole.

Whoever takes them holds both patients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from casewell.appointments.models import Attendee, ClassCandidate
from casewell.audit.models import record_change, record_changes, recorded
from casewell.patients.models import PatientRedirect
from casewell.records.filling import empty_again
from casewell.tenancy.search import rewrite_words

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from typing import Any

    from casewell.audit.actors import Actor
    from casewell.patients.models import Patient
    from casewell.records.filling import Filled


def put_away_twins(kept: Patient, gone: Patient, moment: datetime, *, by: Actor) -> list[int]:
    """Archive one place of each booking that has both; the ids of those visits.

    Nobody sits in a class twice. The place that stays is one that is not cancelled, then one that
    the patient came to, then one in a case, then that of the one who stays.
    """
    live = Attendee.objects.filter(archived_at=None)
    shared = live.filter(patient=gone, booking__in=live.filter(patient=kept).values("booking"))
    rows = live.filter(
        Q(patient=kept) | Q(patient=gone),
        booking__in=list(shared.values_list("booking", flat=True)),
    )
    by_booking: dict[int, list[Attendee]] = {}
    for row in rows.order_by("id"):
        by_booking.setdefault(row.booking_id, []).append(row)

    def less_wanted(row: Attendee) -> tuple[bool, ...]:
        return (
            row.cancelled_at is not None,
            row.did_not_arrive,
            row.case_id is None,
            row.patient_id == gone.pk,
        )

    twins = [max(places, key=less_wanted) for places in by_booking.values()]
    _set_archived(twins, None, moment, "archived", by)
    return [twin.pk for twin in twins]


def leave_lists(kept: Patient, gone: Patient, *, by: Actor) -> None:
    """Take either off the waiting lists of classes that the other is in, and the one who goes off
    those on which the one who stays is too.
    """
    waiting, live = ClassCandidate.objects.waiting(), Attendee.objects.live()
    theirs, ours = (live.filter(patient=one).values("booking") for one in (gone, kept))
    twice = waiting.filter(patient=kept).values("booking")
    for one in waiting.filter(
        Q(patient=kept, booking__in=theirs)
        | Q(patient=gone, booking__in=ours)
        | Q(patient=gone, booking__in=twice)
    ):
        one.leave(by=by)


def take_out_again(ids: Collection[int], moment: datetime, *, by: Actor) -> None:
    """Restore the visits that `put_away_twins` archived and nobody has touched since."""
    rows = list(Attendee.objects.filter(pk__any_of=ids, archived_at=moment))
    _set_archived(rows, moment, None, "restored", by)


def _set_archived(
    rows: list[Attendee], former: datetime | None, now: datetime | None, verb: str, by: Actor
) -> None:
    if rows:
        found = Attendee.objects.filter(pk__any_of=[row.pk for row in rows])
        found.update(archived_at=now, updated_at=timezone.now())
        record_changes(((row, {"archived_at": [former, now]}) for row in rows), verb, by=by)


def send_away(gone: Patient, kept: Patient, moment: datetime, *, by: Actor) -> None:
    """Archive the one that went, and let its id lead to the one that stays."""
    with recorded(gone, "merged", by=by):
        gone.merged_at, gone.merged_with = moment, kept
        gone.archived_at = gone.archived_at or moment
        _save(gone)
    PatientRedirect.leave(gone.pk, to=kept)


def bring_back(gone: Patient, archived_at: datetime | None, *, by: Actor) -> None:
    """Undo `send_away`."""
    PatientRedirect.objects.filter(former_id=gone.pk).delete()
    with recorded(gone, "unmerged", by=by):
        gone.merged_at, gone.merged_with = None, None
        gone.archived_at = archived_at
        _save(gone)


def _save(gone: Patient) -> None:
    gone.save(update_fields=["merged_at", "merged_with", "archived_at", "updated_at"])


def take_over(kept: Patient, gone: Patient, filled: Filled, *, by: Actor) -> None:
    """Store what `kept` was given of the other's fields, and who came to it."""
    _store(kept, list(filled))
    told: dict[str, Any] = {"merged_with": [None, gone.pk]}
    record_change(kept, "took over", told | filled, by=by)


def give_back(kept: Patient, gone: Patient, filled: Filled, *, by: Actor) -> None:
    """Undo `take_over`, but for what was written into those fields since."""
    emptied = empty_again(kept, filled)
    _store(kept, emptied)
    told: dict[str, Any] = {"merged_with": [gone.pk, None]}
    told |= {name: filled[name][::-1] for name in emptied}
    record_change(kept, "gave back", told, by=by)


def _store(kept: Patient, names: list[str]) -> None:
    kept.save(update_fields=[*names, "updated_at"])
    if names:
        rewrite_words(kept)
