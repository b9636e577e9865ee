"""`cliniko-api-client` of the npm registry, unchanged, runs its main operations against the API.

It updates by PUT, cancels by DELETE with a body, and writes filters as axios does.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.api.clients import Client, client_of, new_patient, next_hour, places, stamp
from tests.races.test_idempotency import key_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site

CALLED = count()


@pytest.fixture(scope="module")
def typed(site: Site) -> Iterator[Client]:
    with client_of("cliniko-api-client", site, key_on(site)) as client:
        yield client


def test_the_typed_client_lists_searches_and_keeps_patients(typed: Client) -> None:
    assert typed.gives("testConnection") is True
    made = new_patient(typed, email="typed@example.com", phone_number="0400 000 000")
    page = typed.gives("getPatients", [], 2)
    assert len(page["patients"]) == 50
    assert page["total_entries"] > 100
    assert set(page["links"]) == {"self", "next", "previous"}
    found = typed.gives("searchPatients", made["first_name"], "Client", "typed@")
    assert [one["id"] for one in found["patients"]] == [made["id"]]
    assert found["total_entries"] == 1
    assert "next" not in found["links"]
    whole = made | {"notes": "Prefers mornings"}  # as read, links and all
    assert typed.gives("updatePatient", made["id"], whole)["notes"] == "Prefers mornings"
    assert typed.gives("getPatient", made["id"])["email"] == "typed@example.com"
    assert typed.gives("deletePatient", made["id"]) is None
    assert typed.fails("getPatient", made["id"]) == (404, {"status": "404", "error": "Not Found"})
    status, said = typed.fails("createPatient", {"first_name": "Nameless"})
    assert (status, said["errors"]) == (422, {"last_name": "can't be blank"})


def test_the_typed_client_books_moves_and_cancels(typed: Client) -> None:
    patient, start = new_patient(typed), next_hour()
    span = {"starts_at": stamp(start), "ends_at": stamp(start + timedelta(minutes=45))}
    sent = places(typed) | span | {"patient_id": int(patient["id"]), "notes": "First"}
    made = typed.gives("createAppointment", sent)
    assert (made["ends_at"], made["notes"]) == (span["ends_at"], "First")
    assert made["patient"]["links"]["self"].endswith(f"/patients/{patient['id']}")
    again = typed.gives("updateAppointment", made["id"], {"notes": "Second"})
    assert (again["notes"], again["starts_at"]) == ("Second", span["starts_at"])
    day = {"date": span["starts_at"]}, {"date": span["ends_at"]}
    ranged = typed.gives("getAppointmentsByDateRange", *day)["individual_appointments"]
    assert made["id"] in [one["id"] for one in ranged]
    assert typed.gives("getTodaysAppointments")["total_entries"] >= 0
    assert typed.gives("cancelAppointment", made["id"], "Feeling better") is None
    assert typed.fails("getAppointment", made["id"])[0] == 404


def test_the_typed_client_reads_the_practice(typed: Client) -> None:
    for plural, one in (
        ("Practitioners", "Practitioner"),
        ("AppointmentTypes", "AppointmentType"),
        ("Businesses", "Business"),
    ):
        [listed, *_] = next(
            value for value in typed.gives(f"get{plural}").values() if isinstance(value, list)
        )
        assert typed.gives(f"get{one}", listed["id"]) == listed
    kind = {"name": f"Npm {next(CALLED)}", "duration_in_minutes": 20, "max_attendees": 1}
    assert typed.gives("createAppointmentType", kind)["duration_in_minutes"] == 20
