"""What real programs send and rely on, of every resource: whole records sent back, ids as numbers,
properties that nobody knows, bodies where none belongs, older parameters, fractions and offsets.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from casewell.api.routes import table
from tests.api.contract import can_write, listed, resource
from tests.api.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.client import Program
    from tests.world import Practice

each = pytest.mark.parametrize("name", [one for one in listed() if resource(one).has_items])
creatable = pytest.mark.parametrize(
    "name", [one for one in listed() if can_write(one) and resource(one).creates]
)
changeable = pytest.mark.parametrize(
    "name",
    [n for n in listed() if can_write(n) and resource(n).changes and resource(n).has_items],
)
# As some clients send them along, on whatever they send.
UNKNOWN = {
    "preferred_name": "Al",
    "address": {"line_1": "1 Road", "nested": [{"a": None}]},
    "medicare_number": 12,
    "links": {"self": "https://elsewhere.example/v1/patients/1"},
    "id": "1",
    "created_at": "2001-01-01T00:00:00Z",
    "": [],
}


def made(name: str, program: Program, practice: Practice) -> tuple[str, dict[str, Any]]:
    """The path of a new record, and its answer."""
    path = f"/{name}/{EXAMPLES[name].make(practice)}"
    return path, program.get(path)


@each
def test_an_id_is_text_that_a_number_holds_and_its_address_ends_in_it(
    name: str, program: Program, northside: Practice
) -> None:
    _, answer = made(name, program, northside)
    assert re.fullmatch(r"\d{11,15}", answer["id"])
    assert int(answer["id"]) < 2**53
    assert re.search(r"/(\d+)$", answer["links"]["self"])[1] == answer["id"]  # type: ignore[index]
    assert not {"error", "errors"} & set(answer)


@changeable
@pytest.mark.parametrize("verb", ["PUT", "PATCH"])
def test_a_record_that_is_sent_back_as_it_was_read_stays_as_it_is(
    name: str, verb: str, program: Program, northside: Practice
) -> None:
    path, answer = made(name, program, northside)
    status, again = program.call(verb, path, answer)
    assert status == 200, again
    assert again | {"updated_at": ""} == answer | {"updated_at": ""}


@changeable
def test_a_record_is_sent_back_with_its_relations_as_numbers(
    name: str, program: Program, northside: Practice
) -> None:
    path, answer = made(name, program, northside)
    flat = {}
    for field, value in answer.items():
        link = value["links"]["self"] if isinstance(value, dict) and "links" in value else ""
        found = re.search(r"/(\d+)$", link)
        if link:
            flat[f"{field}_id"] = int(found[1]) if found else None
        else:
            flat[field] = value
    status, again = program.call("PUT", path, flat)
    assert status == 200, again
    assert again | {"updated_at": ""} == answer | {"updated_at": ""}


def as_numbers(value: Any) -> Any:
    """Ids as numbers; other texts as they are."""
    if isinstance(value, list):
        return [as_numbers(one) for one in value]
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def as_texts(value: Any) -> Any:
    """Ids as text."""
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return str(value) if isinstance(value, int) else value


@creatable
@pytest.mark.parametrize("spelt", [as_numbers, as_texts])
def test_ids_are_taken_as_numbers_and_as_text_beside_properties_that_nobody_knows(
    name: str, spelt: Callable[[Any], Any], program: Program, northside: Practice
) -> None:
    sent = EXAMPLES[name].body(northside)
    spelled = {n: spelt(v) if n.endswith(("_id", "_ids")) else v for n, v in sent.items()}
    known = resource(name).body.types()
    unknown = {n: value for n, value in UNKNOWN.items() if n not in known}
    status, answer = program.call("POST", f"/{name}", spelled | unknown)
    assert status == 201, answer
    assert answer["id"] != "1"
    assert not answer["created_at"].startswith("2001")


@each
def test_a_delete_and_an_archive_may_bring_a_body(
    name: str, program: Program, northside: Practice
) -> None:
    routes = {(one.method, one.pattern) for one in table().routes}
    for method, end in (("DELETE", ""), ("POST", "/archive")):
        bodies: list[Any] = [[], {}, {"cancellation_reason": "Feeling better", "id": 5}]
        for body in bodies:
            if (method, f"{name}/*{end}") in routes:
                path, _ = made(name, program, northside)
                assert program.call(method, path + end, body) == (204, None), (method, body)


@each
def test_a_list_overlooks_parameters_that_are_none_of_its_own(name: str, program: Program) -> None:
    plain = program.get(f"/{name}")
    asked = "beta=true&patient_id=7&status=x&updated_since=2026-01-01&from=2026-01-01&order=desc"
    other = program.get(f"/{name}?{asked}&page=0&per_page=50")
    assert other["total_entries"] == plain["total_entries"]
    assert "next" not in other["links"]
    for route in table().routes:
        if route.pattern == f"{name}/deleted":
            assert program.get(f"/{name}/deleted?beta=true&q[]=id:>0")["total_entries"] == 0


def test_times_are_compared_with_fractions_and_offsets_however_they_are_written(
    program: Program, northside: Practice
) -> None:
    northside.attend()  # at noon in Sydney: 2026-03-03T01:00:00Z
    for text, found in (
        ("2026-03-03T01:00:00.000Z", 1),
        ("2026-03-03T01:00:00.001Z", 0),
        ("2026-03-03T01:00Z", 1),
        ("2026-03-03T12:00:00+11:00", 1),
        ("2026-03-03T12:00:01+1100", 0),
        ("2026-03-02T20:00:00-05:00", 1),
        ("2026-03-03", 1),
        ("2026-03-04", 0),
    ):
        for written in (text, quote(text)):
            path = f"/individual_appointments?q[]=starts_at:>={written}"
            assert program.get(path)["total_entries"] == found, written


def test_every_refusal_is_json_and_no_success_looks_like_one(
    program: Program, northside: Practice
) -> None:
    path = f"/patients/{northside.ada.pk}"
    for method, where, body, status in (
        ("GET", "/patients?q[]=x:=1", None, 400),
        ("GET", "/patients/17", None, 404),
        ("GET", "/nothing", None, 404),
        ("DELETE", "/patients", None, 405),
        ("POST", "/patients", {}, 422),
        ("PUT", path, {"first_name": 5}, 422),
    ):
        answer = program.send(method, where, body)
        assert answer.status_code == status, where
        assert "application/json" in answer.headers["Content-Type"]
        said = json.loads(answer.content)
        assert status == 404 or isinstance(said["message"], str)
        assert all(isinstance(text, str) for text in said.get("errors", {}).values())
