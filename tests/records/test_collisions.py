"""What only one of the two can have: one gives way in a merge, or stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.appointments.models.candidate import wait_for
from casewell.appointments.models.joining import join, take_out
from casewell.patients.models import Relationship
from tests.appointments.a_class import a_class, filled
from tests.records.rows import owned_by
from tests.records.world import merged
from tests.world import NOON

if TYPE_CHECKING:
    from casewell.appointments.models import Booking
    from casewell.patients.models import Patient
    from tests.world import Practice


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
