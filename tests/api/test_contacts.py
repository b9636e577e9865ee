"""Contacts through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from casewell.contacts.models import Contact

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_whatever_tells_who_it_is_makes_a_contact_and_nothing_makes_none(program: Program) -> None:
    made = program.post("/contacts", {"email": "front@clinic.example"})
    assert (made["type"], made["type_code"], made["first_name"]) == ("Standard", 0, None)
    assert str(Contact.objects.get(pk=made["id"])) == "front@clinic.example"

    status, body = program.call("POST", "/contacts", {"type_code": 1, "first_name": " "})
    assert (status, list(body["errors"])) == (422, ["last_name"])


def test_a_contact_without_anything_to_be_called_by_says_so(program: Program) -> None:
    made = program.post("/contacts", {"notes": "The man with the dog"})
    assert str(Contact.objects.get(pk=made["id"])) == "Contact without a name"


def test_the_country_is_told_by_its_code(program: Program) -> None:
    made = program.post("/contacts", {"last_name": "Lee", "country_code": "nz"})
    assert (made["country"], made["country_code"]) == ("New Zealand", "nz")
    kept = program.patch(f"/contacts/{made['id']}", {"city": "Auckland"})
    assert (kept["country"], kept["city"]) == ("New Zealand", "Auckland")
    assert program.patch(f"/contacts/{made['id']}", {"country_code": None})["country"] is None


def test_a_null_takes_a_contacts_values_away(program: Program, northside: Practice) -> None:
    doctor = northside.doctor(doctor_type="specialist", provider_number="2426621B")
    nothing = {"type_code": None, "doctor_type": None, "provider_number": None, "title": None}
    changed = program.patch(f"/contacts/{doctor.pk}", nothing)
    assert changed["type"] == "Standard"
    assert [changed[name] for name in ("doctor_type", "provider_number", "title")] == [None] * 3


def test_a_kind_that_is_none_is_refused_by_name(program: Program) -> None:
    status, body = program.call("POST", "/contacts", {"last_name": "Lee", "type_code": 7})
    assert (status, list(body["errors"])) == (422, ["type_code"])
