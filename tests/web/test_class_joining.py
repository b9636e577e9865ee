"""A class is joined from its page: by one patient, for several at once, or its queue is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from casewell.appointments.models.joining import join
from tests.appointments.a_class import a_class, filled, inside, queued, waiting
from tests.web.classes import page_of
from tests.web.pages import said, text_of

if TYPE_CHECKING:
    from django.test import Client

    from casewell.patients.models import Patient
    from tests.world import Practice


def joining(patient: Patient | None, **fields: Any) -> dict[str, Any]:
    """What the form sends by which a patient joins."""
    return {"patient": patient.pk if patient else "", "case": "none"} | fields


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
