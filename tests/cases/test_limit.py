"""The case guards its limit, through every door by which a visit can come to count."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import Attendee, Booking
from casewell.audit.models import Change
from casewell.cases.models import (
    CaseClosed,
    CaseFull,
    PatientCase,
    WrongPatient,
    the_one_that_fits,
)
from casewell.cases.usage import Status
from tests.world import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.world import Practice


def full_case(northside: Practice, **fields: Any) -> PatientCase:
    """A case of one session, with one visit in it."""
    knee = northside.case(max_sessions=1, **fields)
    northside.attend(knee)
    return knee


def book(northside: Practice, knee: PatientCase) -> None:
    northside.booking(NOON + timedelta(days=1)).book(northside.ada, knee, by=northside.by)


def link(northside: Practice, knee: PatientCase) -> None:
    northside.attend(None, NOON + timedelta(days=1)).link_to(knee, by=northside.by)


def reinstate(northside: Practice, knee: PatientCase) -> None:
    visit = northside.attend(knee, NOON + timedelta(days=1), cancelled_at=NOON)
    visit.reinstate(by=northside.by)


def arrive_after_all(northside: Practice, knee: PatientCase) -> None:
    visit = northside.attend(knee, NOON + timedelta(days=1), did_not_arrive=True)
    visit.mark(by=northside.by)


def restore_the_visit(northside: Practice, knee: PatientCase) -> None:
    northside.attend(knee, NOON + timedelta(days=1), archived_at=NOON).restore(by=northside.by)


def restore_the_booking(northside: Practice, knee: PatientCase) -> None:
    visit = northside.attend(knee, NOON + timedelta(days=1), archived_at=NOON)
    Booking.objects.filter(pk=visit.booking_id).update(archived_at=NOON)
    Booking.objects.get(pk=visit.booking_id).restore(by=northside.by)


DOORS = [book, link, reinstate, arrive_after_all, restore_the_visit, restore_the_booking]


@pytest.mark.parametrize("door", DOORS)
def test_no_door_lets_a_visit_into_a_full_case_that_blocks(
    northside: Practice, door: Callable[[Practice, PatientCase], None]
) -> None:
    knee = full_case(northside)

    with pytest.raises(CaseFull, match="All 1 sessions"):
        door(northside, knee)

    assert PatientCase.objects.get(pk=knee.pk).usage.counted == 1


@pytest.mark.parametrize("door", DOORS)
def test_every_door_lets_a_visit_into_a_full_case_that_only_warns(
    northside: Practice, door: Callable[[Practice, PatientCase], None]
) -> None:
    knee = full_case(northside, limit_action="warn")

    door(northside, knee)

    assert str(PatientCase.objects.get(pk=knee.pk).usage) == "2 of 1"


def test_the_practices_word_holds_where_the_case_has_none(northside: Practice) -> None:
    northside.account.case_limit_action = "warn"
    northside.account.save()
    knee = full_case(northside)

    book(northside, knee)
    with pytest.raises(CaseFull):
        book(northside, full_case(northside, limit_action="block"))

    assert PatientCase.objects.get(pk=knee.pk).usage.counted == 2


def test_a_cancelled_visit_that_does_not_count_may_join_a_full_case(northside: Practice) -> None:
    knee = full_case(northside)
    visit = northside.attend(None, NOON + timedelta(days=1), cancelled_at=NOON)

    visit.link_to(knee, by=northside.by)

    assert PatientCase.objects.get(pk=knee.pk).usage.counted == 1


def test_an_overused_case_goes_on_with_what_it_has(northside: Practice) -> None:
    knee = northside.case(max_sessions=2)
    first, second = northside.attend(knee), northside.attend(knee, NOON + timedelta(days=1))
    PatientCase.objects.filter(pk=knee.pk).update(max_sessions=1)

    first.mark(arrived=True, by=northside.by)
    second.booking.move(starts_at=NOON, ends_at=NOON + timedelta(hours=1), by=northside.by)

    usage = PatientCase.objects.get(pk=knee.pk).usage
    assert (str(usage), usage.is_overused, usage.left) == ("2 of 1", True, 0)


def test_a_refused_booking_leaves_nothing_behind(northside: Practice) -> None:
    knee = full_case(northside)
    before = (Booking.objects.count(), Attendee.objects.count(), Change.objects.count())

    with pytest.raises(CaseFull):
        book(northside, knee)

    after = (Booking.objects.count(), Attendee.objects.count(), Change.objects.count())
    assert after == before


def test_a_case_made_today_counts_the_visits_of_two_years_ago(northside: Practice) -> None:
    old = northside.attend(None, NOON - timedelta(days=730))
    knee = northside.case(max_sessions=5)

    old.link_to(knee, by=northside.by)
    book(northside, knee)

    usage = PatientCase.objects.with_usage(NOON).get(pk=knee.pk).usage
    assert (usage.counted, usage.used, usage.booked, usage.left) == (2, 1, 1, 3)


def test_a_closed_or_archived_case_takes_nothing_more(northside: Practice) -> None:
    closed, archived = northside.case("Closed"), northside.case("Archived")
    closed.close("Finished", by=northside.by)
    archived.archive(by=northside.by)

    for knee in (closed, archived):
        with pytest.raises(CaseClosed):
            book(northside, knee)


def test_a_visit_joins_no_case_of_another_patient(northside: Practice) -> None:
    bens = northside.case(patient=northside.patient())

    with pytest.raises(WrongPatient):
        northside.attend().link_to(bens, by=northside.by)


def test_the_word_is_the_first_of_archived_closed_expired_full_open(northside: Practice) -> None:
    knee, today = full_case(northside), northside.account.today()

    def word() -> Status:
        return PatientCase.objects.get(pk=knee.pk).status_on(today)

    assert word() is Status.FULL
    PatientCase.objects.filter(pk=knee.pk).update(expiry_date=today - timedelta(days=1))
    assert word() is Status.EXPIRED
    knee.close(by=northside.by)
    assert word() is Status.CLOSED
    knee.archive(by=northside.by)
    assert word() is Status.ARCHIVED


def test_only_a_single_fitting_case_is_proposed(northside: Practice) -> None:
    day = NOON.date()
    full, knee = full_case(northside), northside.case("Knee", expiry_date=day)
    expired = northside.case("Old", expiry_date=day - timedelta(days=1))

    assert the_one_that_fits([full, knee, expired], day) == knee
    assert the_one_that_fits([full, knee, northside.case("Hip")], day) is None
    assert the_one_that_fits([full, expired], day) is None


def test_every_verb_leaves_its_one_change_with_who_and_what(northside: Practice) -> None:
    visit, knee = northside.attend(), northside.case()
    Change.objects.of(visit).count()

    visit.link_to(knee, by=northside.by)
    visit.mark(arrived=True, by=northside.by)
    visit.unlink(by=northside.by)

    rows = Change.objects.of(visit).order_by("id").exclude(verb="booked")
    assert [(row.verb, row.changes, row.user_id) for row in rows] == [
        ("linked", {"case": [None, knee.pk]}, northside.member.user_id),
        ("marked", {"arrived": [False, True]}, northside.member.user_id),
        ("unlinked", {"case": [knee.pk, None]}, northside.member.user_id),
    ]
