"""The one rule of counting, and positions that follow from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casewell.appointments.models import Attendee
from casewell.cases.models import PatientCase
from tests.world import NOON, Practice


@pytest.mark.parametrize(
    ("cancelled_count", "absences_count", "counted"),
    [(False, False, 1), (True, False, 2), (False, True, 2), (True, True, 3)],
)
def test_cancelled_and_absent_attendees_count_only_when_the_case_says_so(
    northside: Practice, cancelled_count: bool, absences_count: bool, counted: int
) -> None:
    knee = northside.case(
        include_cancelled_attendees=cancelled_count, include_dna_attendees=absences_count
    )
    northside.attend(knee)
    northside.attend(knee, cancelled_at=NOON)
    northside.attend(knee, did_not_arrive=True)
    northside.attend(knee, archived_at=NOON)

    assert PatientCase.objects.with_usage().get(pk=knee.pk).sessions_counted == counted
    assert [a.counts for a in Attendee.objects.select_related("case")].count(True) == counted


def test_the_first_linked_appointment_is_number_1(northside: Practice) -> None:
    visit = northside.attend(northside.case())

    assert Attendee.objects.with_position().get(pk=visit.pk).position == 1


def test_positions_follow_the_start_times_and_leave_out_what_does_not_count(
    northside: Practice,
) -> None:
    knee = northside.case(max_sessions=10)
    later = northside.attend(knee, NOON + timedelta(days=7))
    northside.attend(knee, NOON + timedelta(days=3), cancelled_at=NOON)
    sooner = northside.attend(knee, NOON)

    positions = {visit.pk: visit.position for visit in Attendee.objects.with_position()}

    assert positions[sooner.pk] == 1
    assert positions[later.pk] == 2
    assert list(positions.values()).count(None) == 1
