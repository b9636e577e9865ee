"""Two patients become one: all that the one has comes to the other, table by table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from casewell.appointments.models.candidate import wait_for
from casewell.appointments.models.joining import join, take_out
from casewell.audit.models import Change
from casewell.events.models import Event
from casewell.patients.models import Patient, PatientMerged, PatientRedirect, Relationship
from casewell.records.keys import COLLISIONS, PUT_AWAY, STAYS, all_keys, moving_keys
from casewell.records.models import Merge, NotMergeable
from casewell.records.tasks import gather_late, gather_merged
from casewell.tenancy.scope import account_scope
from tests.appointments.a_class import a_class, filled
from tests.events.world import listen
from tests.invoices.till import Till
from tests.records.rows import Rows, owned_by
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.appointments.models import Booking
    from tests.world import Practice


@pytest.fixture
def ben(northside: Practice) -> Patient:
    return northside.patient("Ben", "Rossi")


def merged(northside: Practice, gone: Patient, **fields: Any) -> Merge:
    """`gone` into Ada."""
    return Merge.make(northside.ada, gone, by=northside.by, **fields)


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


def test_who_waits_for_a_class_twice_or_is_in_it_waits_no_more(
    northside: Practice, ben: Patient
) -> None:
    full, other = a_class(northside, places=2), a_class(northside, places=2, days=3)
    for one in (full, other):
        filled(northside, one, "Cleo", "Dora")
    for patient in (northside.ada, ben):
        wait_for(full, patient, northside.case(patient=patient), by=northside.by)
    join_instead(northside, other, northside.ada)
    wait_for(other, ben, by=northside.by)

    merged(northside, ben)

    waits = northside.account.class_candidates.waiting()
    assert [(w.booking_id, w.patient_id) for w in waits] == [(full.pk, northside.ada.pk)]
    assert owned_by(ben) == {}


def join_instead(practice: Practice, one: Booking, patient: Patient) -> None:
    """Put the patient into a full class, in the place of somebody in it."""
    take_out(one.attendees.order_by("id")[0], by=practice.by)
    join(one, patient, None, by=practice.by)


def test_of_two_places_in_one_booking_one_is_put_away(northside: Practice, ben: Patient) -> None:
    booking = northside.attend().booking
    account = northside.account
    twin = account.attendees.create(booking=booking, patient=ben, case=northside.case(patient=ben))

    merge = merged(northside, ben)

    live = account.attendees.get(booking=booking, archived_at=None)
    assert live == twin  # it is in a case, and the other was in none
    assert live.patient_id == northside.ada.pk
    assert len(merge.put_away) == 1
    merge.undo(by=northside.by)
    whose = account.attendees.filter(booking=booking, archived_at=None).values_list("patient")
    assert set(whose) == {(ben.pk,), (northside.ada.pk,)}


def test_a_cancelled_place_gives_way_to_one_that_stands(northside: Practice, ben: Patient) -> None:
    cancelled = northside.attend(cancelled_at=NOON)
    twin = northside.account.attendees.create(booking=cancelled.booking, patient=ben)

    assert merged(northside, ben).put_away == [cancelled.pk]
    assert northside.ada.attendees.filter(archived_at=None).get() == twin


def test_what_the_two_are_to_one_another_stays_behind(northside: Practice, ben: Patient) -> None:
    cleo = northside.patient("Cleo", "Wu")
    between = Relationship.objects.create(
        patient=ben, related_patient=northside.ada, relation=Relationship.Relation.SIBLING
    )
    other = Relationship.objects.create(
        patient=cleo, related_patient=ben, relation=Relationship.Relation.PARENT
    )

    merged(northside, ben)

    between.refresh_from_db()
    other.refresh_from_db()
    assert (between.patient, other.related_patient) == (ben, northside.ada)


def test_how_the_one_that_stays_came_is_kept(northside: Practice, ben: Patient) -> None:
    account = northside.account
    web = account.referral_source_types.create(name="The web")
    ours = account.referral_sources.create(patient=northside.ada, referral_source_type=web)
    theirs = account.referral_sources.create(patient=ben, referral_source_type=web)

    merged(northside, ben)

    assert account.referral_sources.get(patient=northside.ada) == ours
    assert account.referral_sources.get(patient=ben) == theirs


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


def test_what_is_written_to_the_one_that_went_is_brought_after_it(
    northside: Practice, ben: Patient
) -> None:
    merge = merged(northside, ben)
    late = northside.attend(patient=ben)  # by who had begun before

    assert (merge.gather(by=northside.by), merge.gather(by=northside.by)) == (1, 0)

    late.refresh_from_db()
    assert late.patient == northside.ada
    merge.undo(by=northside.by)
    late.refresh_from_db()
    assert late.patient == ben


def test_the_jobs_bring_it_soon_after_and_each_hour_and_leave_what_is_undone(
    northside: Practice, ben: Patient
) -> None:
    merge = merged(northside, ben)
    waiting = ProcrastinateJob.objects.filter(task_name="gather_merged")
    assert waiting.get().args == {"account_id": northside.account.pk, "merge_id": merge.pk}
    soon = northside.attend(patient=ben)
    gather_merged(account_id=northside.account.pk, merge_id=merge.pk)
    later = northside.attend(patient=ben)
    gather_late(0)
    for late in (soon, later):
        late.refresh_from_db()
        assert late.patient == northside.ada

    merge.undo(by=northside.by)
    theirs = northside.attend(patient=ben)
    gather_late(0)
    assert merge.gather(by=northside.by) == 0
    theirs.refresh_from_db()
    assert theirs.patient == ben


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
