"""Several visits at once: linked in bulk, making room in a full case, moved to its successor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from casewell.appointments.models import Attendee
from casewell.appointments.models.linking import link_in_bulk, room_for, succeed, to_come_in
from casewell.audit.models import Change
from casewell.cases.models import (
    CaseClosed,
    CaseFull,
    NotReleased,
    PatientCase,
    Programme,
    WrongPatient,
    draft_of_successor,
)
from tests.world import NOON, Practice


def in_days(practice: Practice, days: int, case: PatientCase | None = None) -> Attendee:
    return practice.attend(case, timezone.now() + timedelta(days=days))


def visits_of(case: PatientCase) -> list[int]:
    return list(case.attendees.in_order().values_list("pk", flat=True))


def test_an_extra_visit_in_a_full_case_takes_the_place_of_the_last(northside: Practice) -> None:
    cycle = northside.case("DVA cycle", max_sessions=3)
    booked = [in_days(northside, day, cycle) for day in (-7, 7, 14)]
    extra = in_days(northside, 3)

    room = room_for(cycle, extra.booking.starts_at)
    assert room.attendee == booked[2]
    assert room.attendee.in_words.startswith("Ada Rossi on ")
    extra.link_to(cycle, releasing=room.attendee, by=northside.by)

    assert visits_of(cycle) == [booked[0].pk, extra.pk, booked[1].pk]
    released = Attendee.objects.get(pk=booked[2].pk)
    assert (released.case, released.state) == (None, "booked")
    assert Change.objects.of(released).values_list("verb", flat=True)[0] == "released"


def test_a_case_whose_visits_have_all_started_says_so_and_gives_no_room(
    northside: Practice,
) -> None:
    cycle = northside.case(max_sessions=1)
    northside.attend(cycle, NOON)

    assert room_for(cycle, NOON) == room_for(cycle, timezone.now())
    assert room_for(cycle, NOON).why_not == "All visits in it have started."


def test_a_visit_after_the_last_one_finds_no_later_visit_to_replace(northside: Practice) -> None:
    cycle = northside.case(max_sessions=1)
    in_days(northside, 3, cycle)

    room = room_for(cycle, timezone.now() + timedelta(days=9))

    assert room.attendee is None
    assert room.why_not.startswith("None in it is later: the last is Ada Rossi on ")


def test_a_case_filled_by_sessions_elsewhere_gives_no_room(northside: Practice) -> None:
    assert "used elsewhere" in room_for(northside.case(max_sessions=2), NOON).why_not


def test_a_visit_that_left_the_case_meanwhile_gives_no_room_and_nothing_changes(
    northside: Practice,
) -> None:
    cycle = northside.case(max_sessions=2)
    first, last = in_days(northside, 5, cycle), in_days(northside, 9, cycle)
    extra = in_days(northside, 3)
    Attendee.objects.filter(pk=last.pk).update(case=None)
    in_days(northside, 10, cycle)

    with pytest.raises(NotReleased, match="is no longer in “Left knee”"):
        extra.link_to(cycle, releasing=last, by=northside.by)

    extra.refresh_from_db()
    assert extra.case is None
    assert first.pk in visits_of(cycle)


def test_a_visit_that_has_started_gives_no_room(northside: Practice) -> None:
    cycle = northside.case(max_sessions=1)
    begun = in_days(northside, -1, cycle)

    with pytest.raises(NotReleased, match="can give up its place no more"):
        in_days(northside, -2).link_to(cycle, releasing=begun, by=northside.by)


def test_a_booking_made_in_a_full_case_takes_the_place_of_the_last(northside: Practice) -> None:
    cycle = northside.case(max_sessions=1)
    last = in_days(northside, 9, cycle)

    extra = northside.booking(timezone.now() + timedelta(days=2)).book(
        northside.ada, cycle, releasing=last, by=northside.by
    )

    assert visits_of(cycle) == [extra.pk]


def test_twelve_visits_of_two_years_are_linked_in_one_go(northside: Practice) -> None:
    old = [northside.attend(None, NOON - timedelta(days=60 * n)) for n in range(12)]
    knee = northside.case()

    linked = link_in_bulk(knee, add=[visit.pk for visit in old], by=northside.by)

    assert (linked.added, linked.removed) == (12, 0)
    assert knee.usage.counted == 12
    assert Change.objects.filter(verb="linked").count() == 12


def test_the_same_list_takes_visits_out_again(northside: Practice) -> None:
    knee = northside.case(max_sessions=2)
    inside = [in_days(northside, day, knee) for day in (1, 2)]
    fresh = in_days(northside, 3)

    linked = link_in_bulk(knee, add=[fresh.pk], remove=[inside[0].pk], by=northside.by)

    assert (linked.added, linked.removed) == (1, 1)
    assert visits_of(knee) == [inside[1].pk, fresh.pk]


def test_a_bulk_that_passes_the_limit_is_refused_as_a_whole(northside: Practice) -> None:
    knee = northside.case(max_sessions=2)
    fresh = [in_days(northside, day) for day in (1, 2, 3)]

    with pytest.raises(CaseFull):
        link_in_bulk(knee, add=[visit.pk for visit in fresh], by=northside.by)

    assert visits_of(knee) == []


def test_a_bulk_takes_visits_out_of_other_cases_only_when_they_are_ticked(
    northside: Practice,
) -> None:
    knee, hip = northside.case("Knee"), northside.case("Hip")
    moved, kept = in_days(northside, 1, hip), in_days(northside, 2, hip)

    link_in_bulk(knee, add=[moved.pk], remove=[kept.pk], by=northside.by)

    assert visits_of(knee) == [moved.pk]
    assert visits_of(hip) == [kept.pk]


def test_visits_of_another_patient_are_refused_in_a_bulk(northside: Practice) -> None:
    other = northside.attend(patient=northside.patient())
    knee = northside.case()

    with pytest.raises(WrongPatient):
        link_in_bulk(knee, add=[other.pk], by=northside.by)


def test_a_closed_case_takes_nobody_in_a_bulk_but_lets_go(northside: Practice) -> None:
    knee = northside.case()
    inside, outside = in_days(northside, -1, knee), in_days(northside, -2)
    knee.close(by=northside.by)

    with pytest.raises(CaseClosed):
        link_in_bulk(knee, add=[outside.pk], by=northside.by)
    link_in_bulk(knee, remove=[inside.pk], by=northside.by)

    assert visits_of(knee) == []


def test_a_successor_takes_the_visits_to_come_in_order_until_it_is_full(
    northside: Practice,
) -> None:
    knee = northside.case(max_sessions=5, condition="Osteoarthritis", claim_number="7")
    seen = in_days(northside, -3, knee)
    coming = [in_days(northside, day, knee) for day in (9, 2, 5)]
    extra = in_days(northside, 1)
    draft = draft_of_successor(knee)
    draft.max_sessions = 3

    ids = [visit.pk for visit in (*to_come_in(knee), extra)]
    done = succeed(knee, draft, visits=ids, by=northside.by)

    assert visits_of(done.successor) == [extra.pk, coming[1].pk, coming[2].pk]
    assert [visit.pk for visit in done.stayed] == [coming[0].pk]
    assert visits_of(knee) == [seen.pk, coming[0].pk]
    former = PatientCase.objects.get(pk=knee.pk)
    assert former.closed_reason == "Followed by “Left knee”"
    assert done.successor.predecessor_id == knee.pk
    assert (done.successor.condition, done.successor.issue_date) == ("Osteoarthritis", None)


def test_a_successor_takes_nobody_elses_visits_and_none_of_a_third_case(
    northside: Practice,
) -> None:
    knee, hip = northside.case("Knee"), northside.case("Hip")
    other = northside.attend(patient=northside.patient())
    third = in_days(northside, 3, hip)

    done = succeed(
        knee, draft_of_successor(knee), visits=[other.pk, third.pk], close=False, by=northside.by
    )

    assert done.moved == []
    assert PatientCase.objects.get(pk=knee.pk).closed_at is None


def test_a_successor_that_its_funder_caps_is_not_made(northside: Practice) -> None:
    rules = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    Programme.objects.filter(pk=rules.pk).update(cap_action="block", cap_sessions=1)
    rules.refresh_from_db()
    knee = northside.case(programme=rules, max_sessions=1)
    now = timezone.now()
    # Both on one day, so in one year, whenever this runs.
    fresh = [northside.attend(None, now + timedelta(minutes=n)) for n in (1, 2)]

    draft = draft_of_successor(knee)
    draft.max_sessions = 5

    with pytest.raises(CaseFull, match="grants no more sessions in"):
        succeed(knee, draft, visits=[visit.pk for visit in fresh], by=northside.by)

    assert PatientCase.objects.count() == 1
