"""Each built resource, called: what it answers is the contract's, to the field and the status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from casewell.accounts.roles import Role
from casewell.api.bodies import shown
from casewell.api.routes import table
from casewell.tenancy.scope import account_scope
from tests.api.client import BASE, program_of
from tests.api.contract import (
    can_write,
    facts,
    fields_of,
    listed,
    permitted,
    resource,
    wrong_type,
)
from tests.api.examples import EXAMPLES

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

each = pytest.mark.parametrize("name", listed())
writable = pytest.mark.parametrize("name", [one for one in listed() if can_write(one)])
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


@writable
def test_every_property_that_may_be_sent_comes_back(
    name: str, program: Program, northside: Practice
) -> None:
    example = EXAMPLES[name]
    sent = example.body(northside)
    if resource(name).creates:
        expected = {n for n, p in permitted(name).items() if "create" in (p["on"] or ["create"])}
        assert set(sent) >= expected
        status, made = program.call("POST", f"/{name}", sent)
        assert status == 201, made
        assert unequal(sent, made, example.unanswered) == []
        assert program.get(path_of(name, made["id"])) == made
    if resource(name).changes and records(name):
        key = example.make(northside)
        change = example.change(northside) if example.change else sent
        for verb in ("PATCH", "PUT"):
            status, changed = program.call(verb, path_of(name, key), change)
            assert status == 200, changed
            assert unequal(change, changed, example.unanswered) == []


def unequal(sent: dict[str, Any], answer: dict[str, Any], unanswered: frozenset[str]) -> list[str]:
    """The properties that an answer does not give as they were sent."""
    return [
        f"{name}: {value!r}, not {answer.get(name, answer.get(shown(name)))!r}"
        for name, value in sent.items()
        if name not in unanswered and not _given_back(name, value, answer)
    ]


def _given_back(name: str, value: Any, answer: dict[str, Any]) -> bool:
    if name not in answer and value is None:
        return answer[shown(name)] is None
    if name not in answer:
        links: str = answer[shown(name)]["links"]["self"]
        return links.endswith(f"/{value}")
    return bool(answer[name] == value)


@writable
def test_what_a_new_record_needs_is_asked_for_by_name(name: str, program: Program) -> None:
    if not resource(name).creates:
        return
    needed = {shown(n) for n, p in permitted(name).items() if p["required"]}
    status, body = program.call("POST", f"/{name}", {})
    if needed:
        assert (status, body["message"]) == (422, "Validation Failed")
        assert needed <= set(body["errors"])
        assert all(isinstance(text, str) for text in body["errors"].values())


@writable
def test_a_property_of_a_wrong_type_is_refused_by_name(
    name: str, program: Program, northside: Practice
) -> None:
    if not records(name):
        return
    key = EXAMPLES[name].make(northside)
    for prop, rule in permitted(name).items():
        wrong: Any = 5 if rule["type"] == "boolean" else {"a": [1]}
        wrong = [1] if rule["type"] == "object" else wrong
        if rule["on"] == ["create"] or not resource(name).changes:
            status, body = program.call("POST", f"/{name}", {prop: wrong})
        else:
            status, body = program.call("PATCH", path_of(name, key), {prop: wrong})
        told = resource(name).body.told_as(prop)
        assert (status, told in body["errors"]) == (422, True), (prop, body)


@writable
def test_archiving_cancelling_and_deleting_answer_204_and_hide(
    name: str, program: Program, northside: Practice
) -> None:
    routes = {(r.method, r.pattern) for r in table().routes if r.resource.name == name}
    for method, end in (("POST", "/archive"), ("DELETE", ""), ("PATCH", "/cancel")):
        if (method, f"{name}/*{end}") in routes:
            path = path_of(name, EXAMPLES[name].make(northside))
            body = EXAMPLES[name].cancel if end == "/cancel" else None
            assert program.call(method, path + end, body) == (204, None), (method, end)
            assert program.call("GET", path)[0] == 404, (method, end)
            assert program.call(method, path + end, body)[0] == 404, (method, end)


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


@each
def test_who_may_not_write_does_so_by_no_verb(name: str, northside: Practice) -> None:
    northside.member.role = Role.BOOKKEEPER
    northside.member.save()
    reader = program_of(northside)
    key = EXAMPLES[name].make(northside)
    for route in table().routes:
        if route.resource.name == name and route.method != "GET":
            path = "/" + route.pattern.replace("*", str(key))
            assert reader.call(route.method, path, {})[0] == 403, (route.method, path)
