"""A class never holds more than its places, and who waits comes in when one is free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.models import Practitioner
from casewell.appointments.away import visits_of
from casewell.appointments.models import Absence
from casewell.appointments.models.candidate import wait_for
from casewell.appointments.models.classes import cancel_class, reinstate_class
from casewell.appointments.models.joining import join, put_back, take_out
from casewell.appointments.models.places import (
    AlreadyInBooking,
    BookingFull,
    ClassIsOff,
    NotAGroup,
    TooFewPlaces,
    set_places,
)
from casewell.audit.models import Change
from casewell.cases.models import CaseFull
from casewell.lib.errors import RuleViolation
from tests.appointments.a_class import a_class, filled, inside, queued, waiting

if TYPE_CHECKING:
    from casewell.appointments.models import Booking
    from tests.world import Practice


def verbs_of(record: object) -> list[str]:
    rows = Change.objects.of(record).order_by("id")  # type: ignore[arg-type]
    return list(rows.values_list("verb", flat=True))


def test_the_first_who_waits_has_the_place_of_one_who_cancels(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    eve, _ = queued(northside, one, "Eve", "Flo")

    cy.cancel(30, by=northside.by)

    assert inside(one) == ["Di", "Eve"]
    assert waiting(one) == ["Flo"]
    eve.refresh_from_db()
    assert eve.visit is not None
    assert verbs_of(eve) == ["put on the list", "given a place"]
    assert verbs_of(eve.visit) == ["booked from the waiting list"]


def test_a_place_is_free_too_where_one_is_taken_out_and_where_the_class_grows(
    northside: Practice,
) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve", "Flo", "Gus", "Hal")

    take_out(cy, by=northside.by)
    assert inside(one) == ["Di", "Eve"]

    set_places(one, 4, by=northside.by)
    assert inside(one) == ["Di", "Eve", "Flo", "Gus"]
    assert waiting(one) == ["Hal"]


def test_who_comes_in_by_themselves_can_be_taken_out_and_the_next_comes_in(
    northside: Practice,
) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    eve, _ = queued(northside, one, "Eve", "Flo")
    cy.cancel(30, by=northside.by)
    eve.refresh_from_db()
    assert eve.visit is not None

    take_out(eve.visit, by=northside.by)

    assert inside(one) == ["Di", "Flo"]


def test_one_who_did_not_arrive_keeps_the_place(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")

    cy.mark(did_not_arrive=True, by=northside.by)

    assert inside(one) == ["Cy", "Di"]


def test_nobody_comes_into_a_class_that_has_begun(northside: Practice) -> None:
    one = a_class(northside, places=2, days=-1)
    cy, _ = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")

    cy.cancel(30, by=northside.by)

    assert (inside(one), waiting(one)) == (["Di"], ["Eve"])


def test_an_archived_patient_is_passed_over(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    eve, _ = queued(northside, one, "Eve", "Flo")
    eve.patient.archive(by=northside.by)

    cy.cancel(30, by=northside.by)

    assert (inside(one), waiting(one)) == (["Di", "Flo"], ["Eve"])


def test_one_whose_case_is_full_has_the_place_without_it(northside: Practice) -> None:
    one, knee = a_class(northside, places=2), northside.case("Knee", max_sessions=1)
    cy, _ = filled(northside, one, "Cy", "Di")
    first = wait_for(one, northside.ada, knee, by=northside.by)
    northside.attend(knee)

    cy.cancel(30, by=northside.by)

    first.refresh_from_db()
    assert first.visit is not None
    assert (inside(one), first.visit.case) == (["Di", "Ada"], None)
    assert knee.attendees.count() == 1


def test_one_who_waits_with_a_case_counts_in_it_from_when_they_come_in(
    northside: Practice,
) -> None:
    one, knee = a_class(northside, places=2), northside.case("Knee", max_sessions=1)
    cy, _ = filled(northside, one, "Cy", "Di")
    wait_for(one, northside.ada, knee, by=northside.by)
    assert knee.attendees.count() == 0

    cy.cancel(30, by=northside.by)

    assert list(knee.attendees.values_list("booking", flat=True)) == [one.pk]


def test_one_who_cancelled_and_waits_comes_back_as_the_same_visit(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, di = filled(northside, one, "Cy", "Di")
    cy.cancel(30, by=northside.by)
    filled(northside, one, "Eve")
    wait_for(one, cy.patient, by=northside.by)

    di.cancel(30, by=northside.by)

    cy.refresh_from_db()
    assert (inside(one), cy.cancelled_at) == (["Cy", "Eve"], None)
    assert verbs_of(cy) == ["booked", "cancelled", "reinstated"]


def test_whoever_comes_back_needs_a_place(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, di = filled(northside, one, "Cy", "Di")
    cy.cancel(30, by=northside.by)
    take_out(di, by=northside.by)
    filled(northside, one, "Eve", "Flo")

    with pytest.raises(BookingFull):
        cy.reinstate(by=northside.by)
    with pytest.raises(BookingFull):
        put_back(di, by=northside.by)

    assert inside(one) == ["Eve", "Flo"]
    set_places(one, 4, by=northside.by)
    cy.reinstate(by=northside.by)
    put_back(di, by=northside.by)
    assert inside(one) == ["Cy", "Di", "Eve", "Flo"]


def test_whoever_joins_waits_no_more(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, di = filled(northside, one, "Cy", "Di")
    take_out(di, by=northside.by)
    cy.cancel(30, by=northside.by)
    filled(northside, one, "Eve", "Flo")
    for visit in (cy, di):
        wait_for(one, visit.patient, by=northside.by)
    # Past the list, as before there was one.
    type(one).objects.filter(pk=one.pk).update(max_attendees=4)

    cy.reinstate(by=northside.by)
    put_back(di, by=northside.by)

    assert waiting(one) == []
    with pytest.raises(AlreadyInBooking):
        join(one, di.patient, None, by=northside.by)


def test_one_is_in_a_class_or_waits_for_it_once(northside: Practice) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    [eve] = queued(northside, one, "Eve")

    for patient in (cy.patient, eve.patient):
        with pytest.raises(AlreadyInBooking):
            wait_for(one, patient, by=northside.by)
    with pytest.raises(NotAGroup):
        wait_for(northside.attend().booking, eve.patient, by=northside.by)
    assert waiting(one) == ["Eve"]


def test_who_waits_is_moved_up_and_down_and_taken_off(northside: Practice) -> None:
    one = a_class(northside, places=2)
    filled(northside, one, "Cy", "Di")
    eve, flo, gus = queued(northside, one, "Eve", "Flo", "Gus")

    gus.move(-1, by=northside.by)
    assert waiting(one) == ["Eve", "Gus", "Flo"]
    eve.move(1, by=northside.by)
    assert waiting(one) == ["Gus", "Eve", "Flo"]
    gus.move(-1, by=northside.by)  # is first already
    eve.leave(by=northside.by)
    assert waiting(one) == ["Gus", "Flo"]
    with pytest.raises(RuleViolation):
        eve.move(1, by=northside.by)
    flo.refresh_from_db()
    assert flo.left_at is None


def test_a_class_has_no_fewer_places_than_patients(northside: Practice) -> None:
    one = a_class(northside, places=4)
    filled(northside, one, "Cy", "Di", "Eve")

    with pytest.raises(TooFewPlaces, match="3 patients are in it: take 1 out first"):
        set_places(one, 2, by=northside.by)
    for places in (1, 100):
        with pytest.raises(RuleViolation, match="2 to 99"):
            set_places(one, places, by=northside.by)
    set_places(one, 3, by=northside.by)

    one.refresh_from_db()
    assert one.max_attendees == 3


def test_a_class_is_cancelled_with_everybody_and_put_on_again_with_them(
    northside: Practice,
) -> None:
    one, knee = a_class(northside, places=3), northside.case("Knee", max_sessions=1)
    gone, _ = filled(northside, one, "Cy", "Di")
    join(one, northside.ada, knee, by=northside.by)
    gone.cancel(30, by=northside.by)
    filled(northside, one, "Eve")
    queued(northside, one, "Flo")

    cancel_class(one, 50, "Amy is ill", by=northside.by)

    assert (inside(one), waiting(one)) == ([], ["Flo"])
    assert one.cancelled_at is not None
    with pytest.raises(ClassIsOff):
        join(one, northside.patient("Gus"), None, by=northside.by)

    reinstate_class(one, by=northside.by)

    assert inside(one) == ["Di", "Ada", "Eve"]
    assert list(knee.attendees.live()) == [one.attendees.get(patient=northside.ada)]


def test_a_class_is_not_put_on_again_past_a_case(northside: Practice) -> None:
    one, knee = a_class(northside, places=3), northside.case("Knee", max_sessions=1)
    join(one, northside.ada, knee, by=northside.by)
    cancel_class(one, 50, by=northside.by)
    northside.attend(knee)

    with pytest.raises(CaseFull):
        reinstate_class(one, by=northside.by)

    one.refresh_from_db()
    assert (one.cancelled_at is None, inside(one)) == (False, [])


def test_a_class_goes_and_comes_back_with_those_in_it(northside: Practice) -> None:
    one = a_class(northside, places=2)
    filled(northside, one, "Cy", "Di")

    one.archive(by=northside.by)
    assert inside(one) == []
    one.restore(by=northside.by)

    assert inside(one) == ["Cy", "Di"]


def off(northside: Practice, one: Booking, **fields: Any) -> Absence:
    """Amy is off on the day of the class, and it is settled with its visits."""
    day = one.local_start.date()
    absence: Absence = northside.account.absences.model(
        account=northside.account,
        practitioner=northside.amy,
        from_date=day,
        until_date=day,
        **fields,
    )
    visits = visits_of(northside.account, northside.amy, day, day)
    absence.settle(visits, by=northside.by)
    return absence


def test_a_class_of_one_who_is_off_is_cancelled_whole_and_comes_back(northside: Practice) -> None:
    one = a_class(northside, places=2)
    filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")

    absence = off(northside, one, action=Absence.Action.CANCEL)

    one.refresh_from_db()
    assert (inside(one), waiting(one), one.cancelled_at is None) == ([], ["Eve"], False)
    assert absence.undo(by=northside.by) == (2, 0)
    one.refresh_from_db()
    assert (inside(one), one.cancelled_at) == (["Cy", "Di"], None)


def test_a_class_of_one_who_is_off_is_handed_over_once_and_comes_back(northside: Practice) -> None:
    tom = Practitioner.objects.create(first_name="Tom", last_name="Reid")
    one = a_class(northside, places=2)
    filled(northside, one, "Cy", "Di")

    absence = off(northside, one, action=Absence.Action.HAND_OVER, other_practitioner=tom)

    one.refresh_from_db()
    assert (one.practitioner, verbs_of(one).count("moved")) == (tom, 1)
    assert {entry.former_practitioner for entry in absence.entries.all()} == {northside.amy}
    assert absence.undo(by=northside.by) == (2, 0)
    one.refresh_from_db()
    assert one.practitioner == northside.amy
