"""What is written down of a change, and by whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from casewell.accounts.models import ApiKey
from casewell.audit.actors import Actor
from casewell.audit.models import Change, recorded
from casewell.patients.models import Patient

if TYPE_CHECKING:
    from tests.world import Practice


def edit(patient: Patient, by: Actor, **values: object) -> None:
    with recorded(patient, "edited", by=by):
        for name, value in values.items():
            setattr(patient, name, value)
        patient.save()


def test_a_new_record_is_written_down_with_the_values_it_has(northside: Practice) -> None:
    cleo = Patient(first_name="Cleo", last_name="Ng", date_of_birth=date(1961, 3, 12))

    with recorded(cleo, "created", by=northside.by):
        cleo.save()

    row = Change.objects.of(cleo).get()
    assert (row.verb, row.target_type, row.target_id) == ("created", "patients.patient", cleo.pk)
    assert row.changes["first_name"] == [None, "Cleo"]
    assert row.changes["date_of_birth"] == [None, "1961-03-12"]
    assert {"notes", "archived_at", "id", "account", "created_at"} & set(row.changes) == set()


def test_a_change_is_written_down_with_what_was_and_what_is(northside: Practice) -> None:
    jane = northside.doctor()

    edit(northside.ada, northside.by, city="Perth", referring_doctor=jane)

    row = Change.objects.of(northside.ada).get()
    assert row.changes == {"city": ["", "Perth"], "referring_doctor": [None, jane.pk]}
    assert row.user == northside.member.user


def test_a_save_that_changes_nothing_leaves_no_row(northside: Practice) -> None:
    edit(northside.ada, northside.by, city=northside.ada.city)

    assert not Change.objects.of(northside.ada).exists()


def test_what_is_undone_leaves_no_row(northside: Practice) -> None:
    with transaction.atomic():
        edit(northside.ada, northside.by, city="Perth")
        transaction.set_rollback(True)

    assert not Change.objects.of(northside.ada).exists()


def test_an_error_in_the_block_is_no_change(northside: Practice) -> None:
    with pytest.raises(ZeroDivisionError), recorded(northside.ada, "edited", by=northside.by):
        _ = 1 / 0

    assert not Change.objects.of(northside.ada).exists()


def test_the_history_comes_latest_first_and_of_that_record_alone(northside: Practice) -> None:
    edit(northside.ada, northside.by, city="Perth")
    edit(northside.patient(), northside.by, city="Hobart")
    edit(northside.ada, northside.by, city="Cairns")

    rows = Change.objects.of(northside.ada)
    assert [row.changes["city"] for row in rows] == [["Perth", "Cairns"], ["", "Perth"]]


def test_the_row_names_the_key_or_the_job_that_acted(northside: Practice) -> None:
    key, _ = ApiKey.issue(northside.member)

    edit(northside.ada, Actor(member=northside.member, api_key=key), city="Perth")
    edit(northside.ada, Actor(job="reminders"), city="Cairns")

    by_job, by_key = Change.objects.of(northside.ada)
    assert (by_key.user, by_key.api_key, by_key.job) == (northside.member.user, key, "")
    assert (by_job.user, by_job.api_key, by_job.job) == (None, None, "reminders")


def test_an_actor_is_a_member_or_a_job_and_never_both_or_neither(northside: Practice) -> None:
    for member, job in ((None, ""), (northside.member, "reminders")):
        with pytest.raises(ValueError, match="a member or a job"):
            Actor(member=member, job=job)

    assert str(northside.by) == "Rita Desk"
    assert str(Actor(job="reminders")) == "reminders"


def test_a_key_acts_only_with_its_member(northside: Practice) -> None:
    key, _ = ApiKey.issue(northside.member)

    with pytest.raises(ValueError, match="key"):
        Actor(job="reminders", api_key=key)
