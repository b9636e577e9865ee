"""The application without what keeps people apart: what the races must be able to catch.

No locks, and no booking that the database itself keeps apart. Before each commit there is a
pause in which the others look: without it a race on a busy machine may happen to end well.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from casewell.config.wsgi import application

# isort: split
# Models can be imported when the application has set Django up, and not before.
from casewell.accounts.invitations import InvitationQuerySet
from casewell.accounts.practice import PractitionerQuerySet
from casewell.api import door
from casewell.appointments.models import Booking
from casewell.appointments.models.booking_queries import BookingQuerySet
from casewell.cases.models import PatientCase
from casewell.patients.models import PatientQuerySet
from casewell.tenancy.postgresql.base import DatabaseWrapper
from casewell.waiting.models.queryset import WaitingEntryQuerySet

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.api.calls import Answer

__all__ = ["application"]

BEFORE_COMMIT = 0.2  # seconds
RowsT = TypeVar(
    "RowsT",
    InvitationQuerySet,
    BookingQuerySet,
    PatientQuerySet,
    PractitionerQuerySet,
    WaitingEntryQuerySet,
)


def read_without_a_lock(case: PatientCase) -> PatientCase:
    return PatientCase.objects.select_related("account").get(pk=case.pk)


def without_a_lock(rows: RowsT, **_: object) -> RowsT:
    return rows.all()


def store_without_exclusion(booking: Booking, **kept: Any) -> None:
    """The check before stays; what the database holds to is left out."""
    booking.exclusive = False
    store(booking, **kept)


def store_all_without_exclusion(
    rows: BookingQuerySet, bookings: list[Booking], **how: Any
) -> list[Booking]:
    """The same of a series, which is stored at once."""
    for one in bookings:
        one.exclusive = False
    return store_all(rows, bookings, **how)


def commit_late(connection: DatabaseWrapper) -> None:
    time.sleep(BEFORE_COMMIT)
    commit(connection)


def each_time(call: object, act: Callable[[], Answer]) -> Answer:
    """No row says that it was done already."""
    return act()


door.once = each_time  # type: ignore[attr-defined]
commit = DatabaseWrapper.commit
DatabaseWrapper.commit = commit_late  # type: ignore[assignment, method-assign]
store, store_all = Booking.save, BookingQuerySet.bulk_create
PatientCase.held = read_without_a_lock  # type: ignore[assignment, method-assign]
InvitationQuerySet.select_for_update = without_a_lock  # type: ignore[assignment, method-assign]
BookingQuerySet.select_for_update = without_a_lock  # type: ignore[assignment, method-assign]
PatientQuerySet.select_for_update = without_a_lock  # type: ignore[assignment, method-assign]
PractitionerQuerySet.select_for_update = without_a_lock  # type: ignore[assignment, method-assign]
WaitingEntryQuerySet.select_for_update = without_a_lock  # type: ignore[assignment, method-assign]
Booking.save = store_without_exclusion  # type: ignore[assignment, method-assign]
BookingQuerySet.bulk_create = store_all_without_exclusion  # type: ignore[assignment, method-assign]
