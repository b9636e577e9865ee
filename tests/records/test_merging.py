"""Two patients become one: who stays, who went, what is told of it and who may not be merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casewell.audit.models import Change
from casewell.events.models import Event
from casewell.patients.models import Patient, PatientMerged, PatientRedirect
from casewell.records.models import Merge, NotMergeable
from casewell.tenancy.scope import account_scope
from tests.events.world import listen
from tests.records.world import merged

if TYPE_CHECKING:
    from tests.world import Practice


def test_the_one_that_went_is_archived_and_its_id_leads_on(
    northside: Practice, ben: Patient
) -> None:
    merged(northside, ben)

    ben.refresh_from_db()
    assert ben.merged_with == northside.ada
    assert None not in (ben.archived_at, ben.merged_at)
    assert northside.account.patients.at_id(ben.pk) == northside.ada
    with pytest.raises(PatientMerged):
        ben.restore(by=northside.by)


def test_empty_fields_are_filled_by_choice_and_no_other_is_touched(northside: Practice) -> None:
    mobile = {"phone_type": "Mobile", "number": "0400 000 001"}
    home = {"phone_type": "Home", "number": "03 9000 0000"}
    ben = northside.patient(
        email="ben@example.com",
        occupation="Nurse",
        address_1="1 Hill St",
        city="Sydney",
        notes="Theirs",
        phone_numbers=[mobile | {"number": "0400000001"}, home],
    )
    Patient.objects.filter(pk=northside.ada.pk).update(
        notes="Ours", city="Perth", phone_numbers=[mobile]
    )

    merged(northside, ben, take=["email", "address", "notes", "phone_numbers", "medicare"])

    ada = Patient.objects.get(pk=northside.ada.pk)
    assert (ada.email, ada.notes, ada.occupation) == ("ben@example.com", "Ours", "")
    assert (ada.address_1, ada.city) == ("", "Perth")  # half of an address is none
    assert ada.phone_numbers == [mobile, home]
    assert northside.account.patients.live().matching("9000 0000").get() == ada


def test_history_tells_on_both_and_one_event_goes_out(northside: Practice, ben: Patient) -> None:
    listen(northside, types=["patient.merged", "patient.updated"])

    merged(northside, ben)

    [theirs] = Change.objects.of(ben).filter(verb="merged")
    [ours] = Change.objects.of(northside.ada).filter(verb="took over")
    assert theirs.changes["merged_with"] == [None, northside.ada.pk]
    assert ours.changes == {"merged_with": [None, ben.pk]}
    told = Event.objects.order_by("id").values_list("type", "target_id")
    assert list(told) == [("patient.merged", ben.pk), ("patient.updated", northside.ada.pk)]


def test_merging_again_changes_nothing_and_the_other_way_round_is_refused(
    northside: Practice, ben: Patient
) -> None:
    merge = merged(northside, ben)

    assert merged(northside, ben) == merge
    with pytest.raises(NotMergeable, match="was merged into"):
        Merge.make(ben, northside.ada, by=northside.by)
    with pytest.raises(NotMergeable, match="two different"):
        merged(northside, northside.ada)
    assert Merge.objects.count() == 1


def test_an_archived_patient_takes_nobody_in_and_can_be_the_one_that_goes(
    northside: Practice, ben: Patient
) -> None:
    ben.archive(by=northside.by)

    with pytest.raises(NotMergeable, match="archived"):
        Merge.make(ben, northside.ada, by=northside.by)
    merge = merged(northside, ben)
    merge.undo(by=northside.by)
    ben.refresh_from_db()
    assert ben.archived_at is not None


def test_another_practices_patient_is_not_there(elsewhere: Practice, northside: Practice) -> None:
    with pytest.raises(KeyError):
        merged(northside, elsewhere.ada)
    with account_scope(elsewhere.account):
        assert PatientRedirect.objects.count() == 0


@pytest.mark.parametrize("verb", ["make", "undo"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    northside: Practice, verb: str
) -> None:
    counts = []
    for visits in (1, 3):
        ben = northside.patient("Ben", "Rossi")
        case = northside.case(patient=ben)
        for _ in range(visits):
            northside.attend(case)
        merge = merged(northside, ben) if verb == "undo" else None
        with CaptureQueriesContext(connection) as sent:
            merge.undo(by=northside.by) if merge else merged(northside, ben)
        counts.append(len(sent))
        if merge is None:
            Merge.objects.get(gone=ben).undo(by=northside.by)

    assert counts[0] == counts[1]
