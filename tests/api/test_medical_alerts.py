"""Medical alerts through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.audit.models import Change
from casewell.patients.models import MedicalAlert

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_an_alert_is_changed_and_the_history_tells(program: Program, northside: Practice) -> None:
    alert = MedicalAlert.raise_for(northside.ada, "Latex", by=northside.by)

    assert program.patch(f"/medical_alerts/{alert.pk}", {"name": " Nuts "})["name"] == "Nuts"

    change = Change.objects.of(alert)[0]
    assert (change.verb, change.changes) == ("edited", {"name": ["Latex", "Nuts"]})
    assert change.api_key is not None


def test_a_patients_alerts_are_theirs_alone_and_removed_ones_apart(
    program: Program, northside: Practice
) -> None:
    gone, here = (
        MedicalAlert.raise_for(northside.ada, name, by=northside.by) for name in ("Latex", "Nuts")
    )
    gone.archive(by=northside.by)
    MedicalAlert.raise_for(northside.patient(), "Wasps", by=northside.by)
    inside = f"/patients/{northside.ada.pk}/medical_alerts"

    assert [one["id"] for one in program.get(inside)["medical_alerts"]] == [str(here.pk)]
    assert [one["id"] for one in program.get(f"{inside}/deleted")["medical_alerts"]] == [
        str(gone.pk)
    ]
    assert program.get("/medical_alerts/deleted")["total_entries"] == 1
    assert program.call("GET", f"{inside}?q[]=patient_id:=1")[0] == 400


def test_an_alert_needs_words_and_a_patient_who_is_here(
    program: Program, elsewhere: Practice, northside: Practice
) -> None:
    gone = northside.patient()
    gone.archive(by=northside.by)
    for patient in (elsewhere.ada.pk, gone.pk, 7):
        status, body = program.call(
            "POST", "/medical_alerts", {"name": "Nuts", "patient_id": patient}
        )
        assert (status, body["errors"]) == (422, {"patient": "must exist"})
    blank = {"name": "  ", "patient_id": northside.ada.pk}
    status, body = program.call("POST", "/medical_alerts", blank)
    assert (status, body["errors"]) == (422, {"name": "can't be blank"})


def test_the_alert_of_an_archived_patient_is_changed_and_stays_theirs(
    program: Program, northside: Practice
) -> None:
    alert = MedicalAlert.raise_for(northside.ada, "Latex", by=northside.by)
    northside.ada.archive(by=northside.by)

    changed = program.patch(f"/medical_alerts/{alert.pk}", {"name": "Nuts"})

    assert changed["patient"]["links"]["self"].endswith(f"/patients/{northside.ada.pk}")
