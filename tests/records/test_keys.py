"""All that the one has comes to the other, table by table, by the keys that lead to a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from casewell.records.keys import COLLISIONS, PUT_AWAY, STAYS, all_keys, moving_keys
from tests.invoices.till import Till
from tests.records.rows import Rows, owned_by
from tests.records.world import merged

if TYPE_CHECKING:
    from casewell.patients.models import Patient
    from tests.world import Practice


def test_of_every_table_that_names_a_patient_the_row_moves(
    northside: Practice, ben: Patient
) -> None:
    """A new table is made a row of by itself; one that cannot be says so here."""
    made = Rows(northside, ben).make_all()
    assert set(made) == set(moving_keys())

    merged(northside, ben)

    for name, key in moving_keys().items():
        made[name].refresh_from_db()
        assert getattr(made[name], key.field.attname) == northside.ada.pk, name
    assert owned_by(ben) == {}


def test_each_key_that_leads_to_a_patient_moves_or_has_a_reason_to_stay() -> None:
    names = {key.name for key in all_keys()}

    assert names == set(moving_keys()) | set(STAYS)
    assert len(names) > len(STAYS) > 0


def test_what_is_unique_for_a_patient_is_decided_and_is_nothing_that_others_hang_on() -> None:
    unique = {c.name: key for key in moving_keys().values() for c in key.constraints}
    parents = {field.remote_field.model for key in moving_keys().values() for field in key.parents}

    assert set(unique) == set(COLLISIONS)
    staying = {key.model for name, key in unique.items() if name not in PUT_AWAY}
    assert staying & parents == set()


def test_the_run_time_role_may_change_whose_a_frozen_row_is_and_not_what_it_says(
    northside: Practice,
) -> None:
    till = Till.of(northside)
    invoice = till.invoice_of("90")
    may: dict[str, bool] = {}
    with connection.cursor() as cursor:
        for key in moving_keys().values():
            table = key.model._meta.db_table
            cursor.execute("SELECT has_column_privilege(%s, %s, 'UPDATE')", [table, key.column])
            may[key.name] = cursor.fetchone()[0]

    assert set(may.values()) == {True}
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        type(invoice).objects.filter(pk=invoice.pk).update(total_amount=1)


def test_a_visit_moves_only_together_with_its_case(northside: Practice, ben: Patient) -> None:
    visit = northside.attend(northside.case(patient=ben))

    with pytest.raises(IntegrityError), transaction.atomic():
        type(visit).objects.filter(pk=visit.pk).update(patient=northside.ada)


def test_cases_keep_their_counts_and_positions(northside: Practice, ben: Patient) -> None:
    ours, theirs = (
        northside.case(max_sessions=4),
        northside.case("Back", patient=ben, max_sessions=3),
    )
    for _ in range(3):
        northside.attend(ours)
        northside.attend(theirs)
    before = [case.usage for case in (ours, theirs)]

    merged(northside, ben)

    found = northside.ada.cases.with_usage().order_by("id")
    assert [case.usage for case in found] == before
    visits = northside.ada.attendees.with_position().order_by("case_id", "id")
    assert [visit.position for visit in visits] == [1, 2, 3, 1, 2, 3]
