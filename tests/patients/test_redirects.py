"""A former id goes on answering: with the patient that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from casewell.patients.models import Patient, PatientRedirect
from casewell.tenancy.scope import account_scope
from tests.world import signed_in

if TYPE_CHECKING:
    from tests.world import Practice

GONE = 4_000_000


def test_a_former_id_is_the_patient_that_it_was_merged_into(northside: Practice) -> None:
    patients = northside.account.patients
    PatientRedirect.leave(GONE, to=northside.ada)

    assert patients.at_id(GONE) == patients.at_id(northside.ada.pk) == northside.ada
    with pytest.raises(Patient.DoesNotExist):
        patients.at_id(GONE + 1)


def test_a_second_merging_takes_former_ids_along(northside: Practice) -> None:
    ben = northside.patient()
    PatientRedirect.leave(GONE, to=ben)
    PatientRedirect.leave(ben.pk, to=northside.ada)

    assert northside.account.patients.at_id(GONE) == northside.ada
    assert northside.account.patients.at_id(ben.pk) == northside.ada
    assert northside.account.patient_redirects.filter(patient=northside.ada).count() == 2


def test_an_id_leads_once_and_not_to_itself(northside: Practice) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientRedirect.leave(northside.ada.pk, to=northside.ada)
    PatientRedirect.leave(GONE, to=northside.ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientRedirect.objects.create(former_id=GONE, patient=northside.patient())


def test_another_practices_former_id_is_none(elsewhere: Practice, northside: Practice) -> None:
    with account_scope(elsewhere.account):
        PatientRedirect.leave(GONE, to=elsewhere.ada)

    with pytest.raises(Patient.DoesNotExist):
        northside.account.patients.at_id(GONE)


def test_the_page_of_a_former_id_leads_to_the_patient(northside: Practice) -> None:
    ben = northside.patient()
    Patient.objects.filter(pk=ben.pk).update(merged_at="2026-03-03T00:00:00Z")
    PatientRedirect.leave(GONE, to=northside.ada)
    PatientRedirect.leave(ben.pk, to=northside.ada)
    client = signed_in(northside.member)

    for former in (GONE, ben.pk):
        answer = client.get(f"/northside/patients/{former}")
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/northside/patients/{northside.ada.pk}",
        )
    assert client.get(f"/northside/patients/{GONE + 1}").status_code == 404
