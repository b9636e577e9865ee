"""The pages of classes: booked, filled, each patient with a state and case of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from casewell.appointments.models import AppointmentType, Attendee, Booking
from casewell.appointments.models.joining import join
from tests.appointments.a_class import a_class, filled, inside, queued, waiting
from tests.web.calendar_feed import feed
from tests.web.pages import SLUG, booked, said, text_of
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from django.test import Client

    from casewell.patients.models import Patient
    from tests.world import Practice

STATEMENTS = 11


def page_of(one: Booking, then: str = "", visit: Attendee | None = None) -> str:
    return f"{SLUG}/bookings/{one.pk}{then}" + (f"?visit={visit.pk}" if visit else "")


def joining(patient: Patient | None, **fields: Any) -> dict[str, Any]:
    """What the form sends by which a patient joins."""
    return {"patient": patient.pk if patient else "", "case": "none"} | fields


@pytest.fixture
def pilates(northside: Practice) -> AppointmentType:
    kind: AppointmentType = northside.account.appointment_types.create(
        name="Pilates", duration_in_minutes=50, max_attendees=8
    )
    return kind


def test_a_class_is_booked_with_nobody_in_it(
    northside: Practice, desk: Client, pilates: AppointmentType
) -> None:
    sent = booked(northside, appointment_type=pilates.pk, places="", notes="Bring a mat")

    done = desk.post(f"{SLUG}/classes/new", sent)

    one = Booking.objects.get(kind=Booking.Kind.GROUP)
    assert done["Location"] == page_of(one)
    assert (one.max_attendees, one.minutes, one.attendees.count()) == (8, 50, 0)
    assert "0 of 8 8 free" in text_of(desk.get(page_of(one)))


def test_a_type_for_one_patient_makes_a_class_only_with_its_places_said(
    northside: Practice, desk: Client
) -> None:
    sent = booked(northside, places="")
    assert "say how many places" in text_of(desk.post(f"{SLUG}/classes/new", sent))
    assert desk.post(f"{SLUG}/classes/new", sent | {"places": 4}).status_code == 302
    assert Booking.objects.get().max_attendees == 4


def test_an_appointment_of_a_type_for_several_is_a_class(
    northside: Practice, desk: Client, pilates: AppointmentType
) -> None:
    knee = northside.case()
    sent = booked(northside, appointment_type=pilates.pk, case=knee.pk)

    desk.post(f"{SLUG}/bookings/new", sent)

    one = Booking.objects.get()
    assert (one.kind, one.max_attendees, inside(one)) == ("group", 8, ["Ada"])
    assert knee.attendees.count() == 1


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


def test_a_patient_joins_and_a_full_class_offers_its_waiting_list(
    northside: Practice, desk: Client
) -> None:
    one = a_class(northside, places=2)
    filled(northside, one, "Cy")
    assert desk.post(page_of(one, "/joining"), joining(northside.ada)).status_code == 302
    ben = northside.patient()

    refused = desk.post(page_of(one, "/joining"), joining(ben))
    assert refused.status_code == 422
    assert "All 2 places are taken." in text_of(refused)
    shown = desk.get(page_of(one, "/joining")).content.decode()
    assert re.search(r'name="wait"[^>]*checked', shown)

    done = desk.post(page_of(one, "/joining"), joining(ben, wait="on"))
    assert any("Ben Wu waits for a place" in one for one in said(done))
    assert (inside(one), waiting(one)) == (["Cy", "Ada"], ["Ben"])


def test_who_comes_in_by_a_cancellation_is_named(northside: Practice, desk: Client) -> None:
    one = a_class(northside, places=2)
    cy, di = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve", "Flo", "Gus")

    done = desk.post(page_of(one, "/cancellation", cy), {"reason": 30, "note": ""})
    assert said(done) == ["Eve Wu has come in from the waiting list."]
    done = desk.post(page_of(one, "/archive", di))
    assert said(done)[-1] == "Flo Wu has come in from the waiting list."
    done = desk.post(page_of(one, "/places"), {"places": 3})
    assert said(done)[-1] == "Gus Wu has come in from the waiting list."
    assert inside(one) == ["Eve", "Flo", "Gus"]


def test_a_new_patient_with_a_new_case_joins(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    new = {
        "new_patient": "yes",
        "patient_new-first_name": "Nia",
        "patient_new-last_name": "Neu",
        "case": "new",
        "case_new-name": "Pack of ten",
        "case_new-limit_kind": "sessions",
        "case_new-max_sessions": "10",
    }

    done = desk.post(page_of(one, "/joining"), joining(None, **new))

    assert done.status_code == 302, text_of(done)
    visit = one.attendees.get()
    assert (str(visit.patient), visit.case and visit.case.name) == ("Nia Neu", "Pack of ten")


def test_a_patient_joins_several_coming_classes_at_once(northside: Practice, desk: Client) -> None:
    classes = [a_class(northside, places=2, days=day) for day in (2, 9, 16, 23)]
    filled(northside, classes[2], "Cy", "Di")
    knee = northside.case("Knee", max_sessions=2)
    also = [one.pk for one in classes[1:]]

    asked = joining(northside.ada, case=knee.pk, case_of=northside.ada.pk, also=also)
    shown = text_of(desk.get(page_of(classes[0], "/joining"), asked))
    assert "over the limit" in shown
    assert "2 of 2, full" in shown

    refused = desk.post(page_of(classes[0], "/joining"), asked | {"also": also[1:2]})
    assert "All 2 places are taken" in text_of(refused)
    assert [inside(one) for one in classes] == [[], [], ["Cy", "Di"], []]

    stuck = desk.post(page_of(classes[0], "/joining"), asked | {"wait": "on"})
    assert stuck.status_code == 422
    assert "“Knee” does not take this" in text_of(stuck)

    way = {"full_case": knee.pk, "why": "case_full", "way": "raise", "raise_to": 3}
    way["raise_reason"] = "Dr Lee agreed"
    done = desk.post(page_of(classes[0], "/joining"), asked | {"wait": "on"} | way)
    assert done.status_code == 302, text_of(done)
    assert [inside(one) for one in classes] == [["Ada"], ["Ada"], ["Cy", "Di"], ["Ada"]]
    assert (waiting(classes[2]), knee.attendees.count()) == (["Ada"], 3)


def test_one_who_is_in_a_class_joins_further_ones_alone(northside: Practice, desk: Client) -> None:
    first, second = (a_class(northside, days=day) for day in (2, 9))
    join(first, northside.ada, None, by=northside.by)
    assert desk.post(page_of(first, "/joining"), joining(northside.ada)).status_code == 422

    done = desk.post(page_of(first, "/joining"), joining(northside.ada, also=[second.pk]))

    assert done.status_code == 302, text_of(done)
    assert (inside(first), inside(second)) == (["Ada"], ["Ada"])


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


def test_a_class_is_cancelled_and_put_on_again(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")

    desk.post(page_of(one, "/cancellation"), {"reason": 50, "note": "Amy is ill"})
    assert inside(one) == []
    assert "The class is cancelled" in text_of(desk.get(page_of(one)))

    desk.post(page_of(one, "/reinstatement"))
    assert inside(one) == ["Cy", "Di"]


def test_a_class_moves_with_everybody(northside: Practice, desk: Client) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")

    answer = desk.post(page_of(one, "/place"), {"start": "2031-05-06T10:00"})

    assert answer.json()["said"].startswith("The class “Standard” moved to ")
    one.refresh_from_db()
    assert one.local_start.isoformat()[:16] == "2031-05-06T10:00"


def test_a_class_becomes_one_of_another_type_with_its_length(
    northside: Practice, pilates: AppointmentType, desk: Client
) -> None:
    one = a_class(northside)
    filled(northside, one, "Cy", "Di")
    assert "Change the type" in text_of(desk.get(page_of(one)))

    refused = desk.post(page_of(one, "/type"), {"appointment_type": "0"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    assert desk.post(page_of(one, "/type"), {"appointment_type": pilates.pk}).status_code == 302

    one.refresh_from_db()
    assert (one.appointment_type_id, one.minutes) == (pilates.pk, 50)
    assert len(inside(one)) == 2
    assert text_of(desk.get(page_of(one))).count("Pilates") >= 1


def test_who_waits_is_moved_and_taken_off(northside: Practice, desk: Client) -> None:
    one = a_class(northside, places=2)
    filled(northside, one, "Cy", "Di")
    eve, flo = queued(northside, one, "Eve", "Flo")

    desk.post(page_of(one, "/waiting"), {"up": flo.pk})
    assert waiting(one) == ["Flo", "Eve"]
    desk.post(page_of(one, "/waiting"), {"off": flo.pk})
    assert waiting(one) == ["Eve"]
    assert desk.post(page_of(one, "/waiting"), {"off": flo.pk}).status_code == 404
    assert desk.post(page_of(one, "/waiting"), {"down": eve.pk}).status_code == 302


def test_a_class_is_one_tile_however_many_are_in_it(northside: Practice, desk: Client) -> None:
    one = a_class(northside, places=2, notes="Bring a mat")
    filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")
    empty = a_class(northside, places=5, days=3)

    [full] = feed(desk, one.local_start.date())["bookings"]
    [other] = feed(desk, empty.local_start.date())["bookings"]

    shown = [full[name] for name in ("kind", "patient", "title", "case", "marks")]
    assert shown == [
        "group",
        "Standard",
        "Class, 1 waiting",
        "2/2",
        ["class_full", "waiting", "note"],
    ]
    assert (other["case"], other["marks"]) == ("0/5", [])


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


def test_the_page_of_a_class_takes_as_many_statements_for_one_as_for_eight(
    northside: Practice, desk: Client
) -> None:
    one = a_class(northside, places=8)
    join(one, northside.ada, northside.case(), by=northside.by)
    desk.get(page_of(one))
    few = statements_of(desk, page_of(one))
    filled(northside, one, *(f"Cy{n}" for n in range(7)))
    queued(northside, one, "Eve", "Flo")

    assert (few, statements_of(desk, page_of(one))) == (STATEMENTS, STATEMENTS)


def test_the_history_of_a_class_names_whose_place_it_was(northside: Practice, desk: Client) -> None:
    one = a_class(northside, places=2)
    cy, _ = filled(northside, one, "Cy", "Di")
    queued(northside, one, "Eve")
    desk.post(page_of(one, "/cancellation", cy), {"reason": 30, "note": ""})

    shown = text_of(desk.get(page_of(one, "/history")))

    assert "cancelled the place of Cy Wu in the class of" in shown
    assert "booked the place of Eve Wu in the class of" in shown
    assert "ended the wait of Eve Wu for the class of" in shown
