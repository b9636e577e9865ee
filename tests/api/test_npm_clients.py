"""`cliniko` of the npm registry, unchanged, runs its main operations against the API.

Its host is fixed, it leaves `q[]` unencoded, follows `links.next` and reads ids as numbers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from tests.api.client import AGENT, basic
from tests.api.clients import Client, client_of, new_patient, next_hour, places, stamp
from tests.races.test_idempotency import key_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site


@pytest.fixture(scope="module")
def cliniko(site: Site) -> Iterator[Client]:
    with client_of("cliniko", site, key_on(site)) as client:
        yield client


def test_cliniko_lists_follows_searches_and_reads_patients(cliniko: Client) -> None:
    email = f"{uuid4().hex}@example.com"
    made = [new_patient(cliniko, email=email) for _ in range(3)]
    ids = [one["id"] for one in made]
    mine = [["email = ?", email]]
    followed = cliniko.gives("getPatients", {"search": mine, "per_page": 1, "follow": True})
    assert [one["id"] for one in followed] == ids
    assert all(isinstance(one, str) for one in ids)
    assert cliniko.gives("summary")["pages"] == 3
    second = cliniko.gives("getPatients", {"search": mine, "per_page": 1, "page": 2})
    assert [one["id"] for one in second] == [ids[1]]
    for search in (["first_name ~~ ?", "Npm%"], ["last_name ~ ?", "lien"], ["id >= ?", ids[0]]):
        found = cliniko.gives("getPatients", {"search": [search, *mine]})
        assert [one["id"] for one in found] == ids, search
    assert cliniko.gives("getPatient", ids[0])["first_name"] == made[0]["first_name"]
    assert cliniko.fails("getPatient", "17")[0] == 404


def test_cliniko_updates_archives_and_deletes_a_patient(cliniko: Client) -> None:
    made = new_patient(cliniko)
    changed = cliniko.gives("updatePatient", made["id"], {"email": "new@example.com"})
    assert (changed["email"], changed["last_name"]) == ("new@example.com", "Client")
    assert changed["referring_doctor_id"] is None
    one = {"search": [["id = ?", made["id"]]]}
    assert cliniko.gives("archivePatient", made["id"]) is None
    assert cliniko.gives("getPatients", one) == []
    [archived] = cliniko.gives("getArchivedPatients", one)
    assert archived["archived_at"]
    assert cliniko.gives("unarchivePatient", made["id"])["archived_at"] is None
    assert cliniko.gives("deletePatient", made["id"]) is None
    assert [gone["id"] for gone in cliniko.gives("getDeletedPatients", one)] == [made["id"]]


def test_cliniko_books_moves_and_cancels_an_appointment(cliniko: Client) -> None:
    patient, start, where = new_patient(cliniko), next_hour(), places(cliniko)
    sent = where | {"patient_id": int(patient["id"]), "starts_at": stamp(start)}
    made = cliniko.gives("createIndividualAppointment", sent)
    assert made["starts_at"] == stamp(start)
    read = cliniko.gives("getIndividualAppointment", made["id"])
    assert {name: read[name] for name in sent} == sent
    assert (read["repeats"], read["repeated_from_id"]) == (None, None)
    conflicts = ("individualAppointment", made["id"]), ("getConflicts",)
    assert isinstance(cliniko.chain(*conflicts)["conflicts"]["exist"], bool)
    later = stamp(start + timedelta(minutes=15))
    moved = cliniko.gives("updateIndividualAppointment", made["id"], {"starts_at": later})
    assert moved["starts_at"] == later
    search = {"search": [["starts_at >= ?", later], ["starts_at <= ?", later]]}
    found = [one["id"] for one in cliniko.gives("getIndividualAppointments", search)]
    assert made["id"] in found
    booked = {"search": [["patient_ids ~ ?", patient["id"]]]}
    [booking] = cliniko.gives("getBookings", booked)
    assert (booking["id"], booking["patient_id"]) == (made["id"], int(patient["id"]))
    one = {"search": [["id = ?", made["id"]]]}
    assert cliniko.gives("cancelIndividualAppointment", made["id"]) is None
    [cancelled] = cliniko.gives("getCancelledIndividualAppointments", one)
    assert cancelled["cancelled_at"]
    assert cliniko.gives("getIndividualAppointments", one) == []


def test_cliniko_deletes_an_appointment(cliniko: Client) -> None:
    patient, start = new_patient(cliniko), next_hour()
    sent = places(cliniko) | {"patient_id": patient["id"], "starts_at": stamp(start)}
    made = cliniko.gives("createIndividualAppointment", sent)
    assert cliniko.gives("deleteIndividualAppointment", made["id"]) is None
    one = {"search": [["id = ?", made["id"]]]}
    [deleted] = cliniko.gives("getDeletedIndividualAppointments", one)
    assert deleted["deleted_at"] == deleted["archived_at"]


def test_cliniko_reads_and_changes_the_attendee_of_an_appointment(cliniko: Client) -> None:
    patient = new_patient(cliniko)
    booked = places(cliniko) | {"patient_id": patient["id"], "starts_at": stamp(next_hour())}
    booking = cliniko.gives("createIndividualAppointment", booked)
    own = {"search": [["patient_id = ?", patient["id"]]]}
    [listed] = cliniko.gives("getAttendees", own)
    ids = {"booking_id": int(booking["id"]), "patient_id": int(patient["id"])}
    assert {name: listed[name] for name in ids} == ids
    assert cliniko.gives("updateAttendee", listed["id"], {"arrived": True})["arrived"] is True
    assert cliniko.gives("getAttendee", listed["id"])["arrived"] is True


def test_cliniko_keeps_medical_alerts_and_blocks_time(cliniko: Client) -> None:
    patient = new_patient(cliniko)
    of_patient = {"search": [["patient_id = ?", patient["id"]]]}
    alert = {"patient_id": int(patient["id"]), "name": "Latex"}
    made = cliniko.gives("createMedicalAlert", alert)
    changed = cliniko.gives("updateMedicalAlert", made["id"], {"name": "Latex, severe"})
    assert (changed["name"], changed["patient_id"]) == ("Latex, severe", alert["patient_id"])
    assert [one["id"] for one in cliniko.gives("getMedicalAlerts", of_patient)] == [made["id"]]
    assert cliniko.gives("deleteMedicalAlert", made["id"]) is None
    assert cliniko.gives("getMedicalAlerts", of_patient) == []
    start, where = next_hour(), places(cliniko)
    sent = {name: where[name] for name in ("business_id", "practitioner_id")}
    sent |= {"starts_at": stamp(start), "ends_at": stamp(start + timedelta(hours=1))}
    block = cliniko.gives("createUnavailableBlock", sent)
    read = cliniko.gives("getUnavailableBlock", block["id"])
    assert {name: read[name] for name in sent} == sent
    assert cliniko.gives("deleteUnavailableBlock", block["id"]) is None
    one = {"search": [["id = ?", block["id"]]]}
    assert [gone["id"] for gone in cliniko.gives("getDeletedUnavailableBlocks", one)]


def test_cliniko_reads_the_practice(cliniko: Client) -> None:
    """One of each list is read again by its id, and is the same."""
    for name, one in (
        ("AppointmentTypes", "AppointmentType"),
        ("Businesses", "Business"),
        ("Contacts", "Contact"),
        ("Practitioners", "Practitioner"),
        ("ReferralSourceTypes", "ReferralSourceType"),
        ("Users", "User"),
    ):
        listed = cliniko.gives(f"get{name}", {"per_page": 2})
        assert listed, name
        if one != "User":  # that name is the key's own user
            assert cliniko.gives(f"get{one}", listed[0]["id"]) == listed[0]
    doctors = cliniko.gives("getContacts", {"search": [["type_code = ?", 1]]})
    assert {one["type_code"] for one in doctors} == {1}
    assert cliniko.gives("getInactivePractitioners") == []
    assert all(one["patient_id"] for one in cliniko.gives("getReferralSources"))
    amy = cliniko.gives("getPractitioners")[0]
    numbers = cliniko.chain(("practitioner", amy["id"]), ("getPractitionerReferenceNumbers",))
    assert {one["practitioner_id"] for one in numbers} == {int(amy["id"])}


def test_cliniko_reads_invoices_and_keeps_prices(cliniko: Client) -> None:
    tax = cliniko.gives("createTax", {"name": "GST by npm", "rate": "12.5", "amount": "12.5"})
    item = {"name": "Tape", "item_type": "Product", "price": "7.50", "tax_id": tax["id"]}
    made = cliniko.gives("createBillableItem", item)
    assert made["price"] == "7.50"
    dearer = cliniko.gives("updateBillableItem", made["id"], {"price": "8.0"})
    assert cliniko.gives("getBillableItem", made["id"]) == dearer
    assert cliniko.gives("deleteBillableItem", made["id"]) is None
    assert made["id"] not in [one["id"] for one in cliniko.gives("getBillableItems")]
    assert tax["id"] in [one["id"] for one in cliniko.gives("getTaxes")]

    invoice = cliniko.gives("getInvoices", {"per_page": 2})[0]
    assert cliniko.gives("getInvoice", invoice["id"]) == invoice


def test_cliniko_tells_archived_businesses_and_reads_what_others_made(
    cliniko: Client, site: Site
) -> None:
    maker = {"Authorization": basic(key_on(site)), "User-Agent": AGENT}
    with httpx.Client(base_url=f"{site.address}/v1", headers=maker) as program:
        business = program.post("/businesses", json={"business_name": "Gone"}).json()["id"]
        concession = program.post("/concession_types", json={"name": "Student"}).json()["id"]
        assert program.post(f"/businesses/{business}/archive").status_code == 204
    for name in ("ArchivedBusinesses", "DeletedBusinesses"):
        gone = {"search": [["id = ?", business]]}
        assert [one["business_name"] for one in cliniko.gives(f"get{name}", gone)] == ["Gone"]
    assert business not in [one["id"] for one in cliniko.gives("getBusinesses")]
    assert cliniko.gives("getConcessionType", concession)["name"] == "Student"
    assert concession in [one["id"] for one in cliniko.gives("getConcessionTypes")]


def test_cliniko_reads_the_settings_and_who_it_is(cliniko: Client) -> None:
    user = cliniko.gives("getUser")
    assert user["email"] == "admin@demo.example"
    public = cliniko.gives("getPublicSettings")
    assert public
    assert set(public) <= set(cliniko.gives("getSettings"))


def test_cliniko_reads_and_deletes_a_file_that_was_sent_by_a_presigned_form(
    cliniko: Client, site: Site
) -> None:
    patient = new_patient(cliniko)["id"]
    maker = {"Authorization": basic(key_on(site)), "User-Agent": AGENT}
    with httpx.Client(base_url=f"{site.address}/v1", headers=maker) as program:
        form = program.get(f"/patients/{patient}/attachment_presigned_post").json()
        file = {"file": ("letter.txt", b"Dear colleague")}
        sent = httpx.post(form["url"], data=form["fields"], files=file)
        assert sent.status_code == 201
        body = {"patient_id": patient, "upload_url": sent.headers["Location"]}
        assert program.post("/patient_attachments", json=body).status_code == 201
    own = {"search": [["patient_id = ?", patient]]}
    [file_row] = cliniko.gives("getPatientAttachments", own)
    assert (file_row["filename"], file_row["patient_id"]) == ("letter.txt", int(patient))
    content = cliniko.chain(("patientAttachment", file_row["id"]), ("getContent",))
    assert bytes(content["data"]) == b"Dear colleague"
    assert cliniko.gives("deletePatientAttachment", file_row["id"]) is None
    assert cliniko.gives("getPatientAttachments", own) == []
