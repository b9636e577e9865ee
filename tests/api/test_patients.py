"""Patients through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.api.client import BASE

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def test_a_patient_is_made_read_changed_archived_and_put_back(
    program: Program, northside: Practice
) -> None:
    made = program.post(
        "/patients",
        {
            "first_name": "Grace",
            "last_name": "Hopper",
            "date_of_birth": "1976-12-09",
            "patient_phone_numbers": [{"number": "0400 000 000", "phone_type": "Mobile"}],
            "nobody_knows": 1,
        },
    )
    path = f"/patients/{made['id']}"
    assert made["links"] == {"self": BASE + path}
    assert program.get(path) == made
    changed = program.patch(path, {"email": "grace@example.com"})
    assert changed["email"] == "grace@example.com"
    for asked in ("email:=GRACE@example.com", "last_name:=hopper", "first_name:=gRACE"):
        assert [one["id"] for one in program.get(f"/patients?q[]={asked}")["patients"]] == [
            made["id"]
        ], asked
    for other in ("email:=grace@example.co", "last_name:=Hop", "first_name:=Grace Hopper"):
        assert program.get(f"/patients?q[]={other.replace(' ', '%20')}")["total_entries"] == 0
    assert changed["patient_phone_numbers"] == made["patient_phone_numbers"]
    assert program.call("POST", f"{path}/archive") == (204, None)
    assert program.call("GET", path)[0] == 404
    assert program.get(f"{path}?q[]=archived_at:*")["archived_at"]
    assert program.get("/patients/archived")["total_entries"] == 1
    assert program.post(f"{path}/unarchive")["archived_at"] is None
    listed = program.get("/patients?per_page=1&page=2&sort=created_at")
    assert [one["first_name"] for one in listed["patients"]] == ["Grace"]
    assert listed["total_entries"] == 2
    assert listed["links"] == {
        "self": f"{BASE}/patients?page=2&per_page=1&sort=created_at",
        "previous": f"{BASE}/patients?page=1&per_page=1&sort=created_at",
    }


def test_a_name_is_needed_and_a_wrong_type_is_named(program: Program) -> None:
    status, body = program.call("POST", "/patients", {"first_name": "", "email": 5})
    assert (status, body["message"]) == (422, "Validation Failed")
    assert body["errors"] == {"last_name": "can't be blank", "email": "must be a string"}


def test_the_countrys_name_and_code_go_together_unless_both_are_sent(
    program: Program, northside: Practice
) -> None:
    path = f"/patients/{northside.ada.pk}"
    both = ("country", "country_code")
    for sent, kept in (
        ({"country_code": "NZ"}, ("New Zealand", "NZ")),
        ({"country": "australia"}, ("australia", "AU")),
        ({"country": "Atlantis"}, ("Atlantis", None)),
        ({"country": "The lucky country", "country_code": "AU"}, ("The lucky country", "AU")),
        ({"occupation": "Baker"}, ("The lucky country", "AU")),
        ({"country_code": None}, (None, None)),
    ):
        answer = program.patch(path, sent)
        assert tuple(answer[name] for name in both) == kept, sent
