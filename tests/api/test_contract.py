"""Each built resource, asked: what it answers is the contract's, to the field and the status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from casewell.api.bodies import shown
from casewell.api.routes import table
from casewell.tenancy.scope import account_scope
from tests.api.client import BASE
from tests.api.contract import facts, fields_of, listed, resource, wrong_type
from tests.api.examples import EXAMPLES

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

each = pytest.mark.parametrize("name", listed())
GOOD = {
    "int64": "1897443798099",
    "integer": "10",
    "date-time": "2026-01-31T04:05:06Z",
    "date": "2026-01-31",
    "string": "text",
    "boolean": "true",
    "array": "1897443798099",
}
OPERATORS = {
    "int64": "= != >= > <= < ? !?",
    "integer": "= != >= > <= < ? !?",
    "date-time": ">= > <= < ? !? *",
    "date": "= >= > <= < ? !?",
    "string": "= != ~ ~~ ? !?",
    "boolean": "= !=",
    "array": "~",
}
EVERY_OPERATOR = ["!?", "!=", ">=", "<=", "~~", "?", "*", "=", ">", "<", "~"]
VALUELESS = ("?", "!?", "*")
MISREAD = {
    "int64": "must be a number",
    "integer": "must be a number",
    "date-time": "must be a date and time",
    "date": "must be a date",
    "boolean": "must be true or false",
    "array": "must be a number",
}


def path_of(name: str, key: Any) -> str:
    return f"/{name}/{key}"


def records(name: str) -> bool:
    """Whether it has records with ids of their own."""
    return bool(resource(name).has_items)


def problems(name: str, answer: dict[str, Any]) -> list[str]:
    """What of one record's answer is not as the contract has it."""
    known = fields_of(name, EXAMPLES[name].variant)
    return [f"{f} {wrong}" for f in known if (wrong := wrong_type(answer[f], known[f]))]


@each
def test_a_record_has_every_field_in_the_contracts_type(
    name: str, program: Program, northside: Practice
) -> None:
    key = EXAMPLES[name].make(northside)
    listed = program.get(f"/{name}")[name]
    answer = program.get(path_of(name, key)) if records(name) else listed[0]
    assert set(fields_of(name, EXAMPLES[name].variant)) <= set(answer)
    assert problems(name, answer) == []
    assert answer in listed
    assert "links" not in facts(name)["fields"] or answer["links"]["self"].startswith(BASE)


@each
def test_its_lists_have_the_contracts_envelope(
    name: str, program: Program, northside: Practice
) -> None:
    EXAMPLES[name].make(northside)
    for route in table().routes:
        listing = route.listing
        if route.resource.name != name or listing is None or listing.within:
            continue
        path = "/" + route.pattern
        body = program.get(path)
        assert list(body) == [name, "total_entries", "links"]
        assert body["total_entries"] == len(body[name])
        assert body["links"] == {"self": f"{BASE}{path}?page=1"}


@each
def test_every_filter_takes_the_operators_of_its_type_and_no_others(
    name: str, program: Program
) -> None:
    for field, kind in facts(name)["filters"].items():
        allowed = OPERATORS[kind].split()
        for operator in EVERY_OPERATOR:
            value = "" if operator in VALUELESS else GOOD[kind]
            status, body = program.call("GET", f"/{name}?q[]={field}:{operator}{value}")
            if operator in allowed:
                assert status == 200, (field, operator, body)
            else:
                words = f"Valid operators for {field}: {', '.join(allowed)}"
                assert (status, body) == (400, {"message": words}), operator


@each
def test_a_filters_wrong_value_and_an_unknown_filter_are_told(name: str, program: Program) -> None:
    for field, kind in facts(name)["filters"].items():
        if kind in MISREAD:
            operator = OPERATORS[kind].split()[0]
            status, body = program.call("GET", f"/{name}?q[]={field}:{operator}paid")
            assert (status, body["message"]) == (400, f"Filter value for {field} {MISREAD[kind]}")
    status, body = program.call("GET", f"/{name}?q[]=recall_at:=1")
    assert (status, body) == (400, {"message": "recall_at is not filterable"})


@each
def test_a_record_is_found_by_each_of_its_numbers_times_and_relations(
    name: str, program: Program, northside: Practice
) -> None:
    key = EXAMPLES[name].make(northside)
    answer = program.get(f"/{name}")[name][-1]
    assert not records(name) or answer["id"] == str(key)
    for field, kind in facts(name)["filters"].items():
        for condition in _conditions(field, kind, answer):
            found = program.get(f"/{name}?q[]={quote(condition)}")[name]
            assert answer in found, condition


def _conditions(field: str, kind: str, answer: dict[str, Any]) -> list[str]:
    """Filters that the record fulfils, by what it answers."""
    if not {field, shown(field)} & set(answer):
        return []  # an older name of another
    value = answer.get(field)
    if field.endswith("_id") and (answer.get(shown(field)) or {}).get("links"):
        value = answer[shown(field)]["links"]["self"].rpartition("/")[2]
    if value is None:
        return [] if kind in ("boolean", "array") else [f"{field}:!?"]
    if isinstance(value, bool):
        return [f"{field}:={str(value).lower()}"]
    if kind == "array":
        return [f"{field}:~{one}" for one in value]
    equal = [] if kind == "date-time" else [f"{field}:={value}"]
    if kind == "string":
        return [*equal, f"{field}:~{value[1:3]}", f"{field}:~~%{value[1:]}", f"{field}:?"]
    return [*equal, f"{field}:>={value}", f"{field}:<={value}", f"{field}:?"]


@each
def test_another_practices_record_is_as_if_it_were_not_there(
    name: str, program: Program, northside: Practice, elsewhere: Practice
) -> None:
    with account_scope(elsewhere.account):
        theirs = EXAMPLES[name].make(elsewhere)
    for route in table().routes:
        if route.resource.name != name or "*" not in route.pattern:
            continue
        path = "/" + route.pattern.replace("*", str(theirs))
        body = EXAMPLES[name].cancel if route.method == "PATCH" else {}
        status, _ = program.call(route.method, path, body)
        assert status == 404, (route.method, path)
    if "id" in facts(name)["filters"]:
        assert program.get(f"/{name}?q[]=id:={theirs}")["total_entries"] == 0
