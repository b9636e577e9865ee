"""The roster of a class: each patient in it has a state, a case and a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.appointments.models import Attendee
from casewell.appointments.models.joining import join
from tests.appointments.a_class import a_class, filled, queued
from tests.web.classes import page_of
from tests.web.pages import SLUG, text_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice


def test_the_roster_says_of_each_their_state_and_place_in_their_own_case(
    northside: Practice, desk: Client
) -> None:
    one, knee = a_class(northside, places=8), northside.case("Knee", max_sessions=10)
    cy, di, eve = filled(northside, one, "Cy", "Di", "Eve")
    northside.attend(knee)
    join(one, northside.ada, knee, by=northside.by)
    queued_class = text_of(desk.get(page_of(one)))
    assert "4 of 8 4 free" in queued_class
    assert "Knee 2/10" in queued_class

    for visit, word in ((cy, "arrived"), (di, "did_not_arrive")):
        answer = desk.post(page_of(one, "/attendance", visit), {"attendance": word})
        assert answer["Location"] == page_of(one, visit=visit)
    eve.cancel(30, by=northside.by)

    shown = text_of(desk.get(page_of(one)))
    assert "Wu, Cy arrived" in shown
    assert "Wu, Di did not arrive" in shown
    assert "Cancelled or taken out 1 Wu, Eve cancelled no case · Sick" in shown
    assert "3 of 8 5 free" in shown


def test_who_has_confirmed_bears_that_word_alone(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    bo, _ = filled(northside, one, "Bo", "Cy")
    bo.confirm(by=northside.by)

    roster = text_of(desk.get(page_of(one)))

    assert "Wu, Bo confirmed no case" in roster
    assert "Wu, Cy booked no case" in roster


def test_an_address_that_names_no_visit_marks_nobody(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy")
    other = northside.attend()

    for address in ("/attendance", f"/attendance?visit={other.pk}"):
        answer = desk.post(page_of(one, address), {"attendance": "arrived"})
        assert answer.status_code == 404
    assert not Attendee.objects.filter(arrived=True).exists()


def test_each_patient_in_a_class_has_a_note_a_case_and_a_cancellation_of_their_own(
    northside: Practice, desk: Client
) -> None:
    one, knee = a_class(northside), northside.case("Knee")
    [cy] = filled(northside, one, "Cy")
    ada = join(one, northside.ada, None, by=northside.by)
    hip = northside.case("Hip", patient=cy.patient)

    desk.post(page_of(one, "/case", ada), {"case": knee.pk})
    desk.post(page_of(one, "/case", cy), {"case": hip.pk})
    desk.post(page_of(one, "/note", cy), {"notes": "Back row"})
    desk.post(page_of(one, "/note"), {"notes": "Bring a mat"})
    desk.post(page_of(one, "/cancellation", ada), {"reason": 30, "note": ""})

    cy.refresh_from_db()
    ada.refresh_from_db()
    one.refresh_from_db()
    assert (cy.case, ada.case, cy.notes, ada.notes, one.notes) == (
        hip,
        knee,
        "Back row",
        "",
        "Bring a mat",
    )
    assert (cy.cancelled_at, ada.cancellation_reason, one.cancelled_at) == (None, 30, None)
    shown = text_of(desk.get(page_of(one, visit=cy)))
    assert "Hip" in shown
    assert "Back row" in shown
    assert "Invoice" in shown


def test_from_a_class_the_next_few_go_into_a_case(northside: Practice, desk: Client) -> None:
    classes, knee = [a_class(northside, days=day) for day in (2, 9, 16)], northside.case("Knee")
    for one in classes:
        filled(northside, one, f"Cy{one.pk}")
    visits = [join(one, northside.ada, None, by=northside.by) for one in classes]
    sent = {"case": knee.pk, "reach": "next", "n": 1}

    assert desk.post(page_of(classes[0], "/linking"), sent).status_code == 404
    done = desk.post(page_of(classes[0], "/linking", visits[0]), sent)

    assert done["Location"] == page_of(classes[0], visit=visits[0])
    assert set(knee.attendees.values_list("pk", flat=True)) == {visits[0].pk, visits[1].pk}


def test_the_page_of_a_case_links_classes(northside: Practice, desk: Client) -> None:
    one, knee = a_class(northside), northside.case("Knee")
    filled(northside, one, "Cy")
    visit = join(one, northside.ada, None, by=northside.by)

    desk.post(f"{SLUG}/cases/{knee.pk}/appointments", {"visit": [visit.pk]})

    visit.refresh_from_db()
    assert visit.case == knee


def test_lists_lead_to_the_visit_in_the_class(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")
    visit = join(one, northside.ada, None, by=northside.by)
    day = one.local_start.date()
    pages = (
        f"{SLUG}/appointments?when=dates&start={day}&until={day}",
        f"{SLUG}/today/{day}",
        f"{SLUG}/patients/{northside.ada.pk}",
    )

    for address in pages:
        assert page_of(one, visit=visit) in desk.get(address).content.decode(), address
    desk.post(page_of(one, "/attendance", visit), {"attendance": "arrived"})
    visit.refresh_from_db()
    assert visit.arrived


def test_the_history_of_a_class_names_whose_place_it_was(northside: Practice, desk: Client) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")
    desk.post(page_of(one, "/cancellation", cy), {"reason": 30, "note": ""})

    shown = text_of(desk.get(page_of(one, "/history")))

    assert "cancelled the place of Cy Wu in the class of" in shown
    assert "booked the place of Eve Wu in the class of" in shown
    assert "ended the wait of Eve Wu for the class of" in shown
