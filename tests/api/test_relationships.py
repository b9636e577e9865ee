"""Relationships between patients, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_a_relation_is_told_by_its_code_and_in_words(program: Program, northside: Practice) -> None:
    ada, ben = northside.ada.pk, northside.patient().pk
    sent = {"patient_id": ada, "related_patient_id": ben, "relation": 10}

    made = program.post("/relationships", sent)

    assert (made["relation"], made["relation_description"]) == (10, "Parent")
    changed = program.patch(f"/relationships/{made['id']}", {"relation": 70})
    assert (changed["relation"], changed["relation_description"]) == (70, "Other")
    assert program.get(f"/relationships?q[]=patient_id:={ada}")["total_entries"] == 1
    assert program.get(f"/relationships?q[]=patient_id:={ben}")["total_entries"] == 0


def test_a_relation_is_between_two_patients_who_are_here(
    program: Program, elsewhere: Practice, northside: Practice
) -> None:
    ada, gone = northside.ada.pk, northside.patient()
    gone.archive(by=northside.by)
    for other in (elsewhere.ada.pk, gone.pk, 7):
        sent = {"patient_id": other, "related_patient_id": ada, "relation": 20}
        status, body = program.call("POST", "/relationships", sent)
        assert (status, body["errors"]) == (422, {"patient": "must exist"})
    themselves = {"patient_id": ada, "related_patient_id": ada, "relation": 20}
    status, body = program.call("POST", "/relationships", themselves)
    assert (status, body["errors"]) == (422, {"base": "Nobody is their own relative."})


def test_a_relation_of_no_known_kind_is_refused(program: Program, northside: Practice) -> None:
    other = northside.patient().pk
    sent = {"patient_id": northside.ada.pk, "related_patient_id": other, "relation": 11}
    status, body = program.call("POST", "/relationships", sent)
    assert (status, list(body["errors"])) == (422, ["relation"])
