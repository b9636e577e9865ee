"""When a visit starts is said of its own row, and is never another time than its booking's."""

from __future__ import annotations

import importlib
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from casewell.appointments.models import Attendee, CancellationReason
from casewell.audit.models import Change
from tests.appointments.a_class import a_class, filled

if TYPE_CHECKING:
    from datetime import datetime

    from tests.world import Practice

LATER = timedelta(days=3, hours=1)


def starts() -> set[datetime]:
    return set(Attendee.objects.values_list("starts_at", flat=True))


def check_keys() -> None:
    """As the end of the transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_all_visits_of_a_class_move_with_it_the_cancelled_too(northside: Practice) -> None:
    group = a_class(northside)
    visits = filled(northside, group, "Bo", "Cy", "Di")
    visits[0].cancel(CancellationReason.SICK, by=northside.by)
    visits[1].archive(by=northside.by)
    first = group.starts_at

    assert starts() == {first}
    group.move(starts_at=first + LATER, ends_at=group.ends_at + LATER, by=northside.by)

    assert starts() == {first + LATER}
    check_keys()


def test_the_database_refuses_a_visit_at_another_time_than_its_booking(northside: Practice) -> None:
    visit = northside.attend()
    check_keys()

    Attendee.objects.update(starts_at=visit.booking.starts_at + LATER)

    with pytest.raises(IntegrityError, match="starts_with_its_booking"), transaction.atomic():
        check_keys()
    Attendee.objects.update(starts_at=visit.booking.starts_at)


def test_the_history_of_a_visit_leaves_the_time_to_that_of_its_booking(northside: Practice) -> None:
    visit = northside.attend()
    told = [set(row.changes) for row in Change.objects.of(visit)]
    assert told
    assert all("starts_at" not in names for names in told)


def test_visits_that_were_there_before_are_given_the_start_of_their_booking(
    northside: Practice,
) -> None:
    visit = northside.attend()
    Attendee.objects.update(starts_at=visit.booking.starts_at + LATER)
    migration = importlib.import_module("casewell.appointments.migrations.0012_starts_of_visits")

    migration.fill(apps, SimpleNamespace(connection=connection))

    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL app.account_id = '{northside.account.pk}'")
    assert starts() == {visit.booking.starts_at}
