"""Each built resource, written to: what may be sent comes back, what may not is told by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from casewell.accounts.roles import Role
from casewell.api.bodies import shown
from casewell.api.routes import table
from tests.api.client import program_of
from tests.api.contract import can_write, listed, permitted, resource
from tests.api.examples import EXAMPLES
from tests.api.test_contract import each, path_of, records

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

writable = pytest.mark.parametrize("name", [one for one in listed() if can_write(one)])


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
def test_who_may_not_write_does_so_by_no_verb(name: str, northside: Practice) -> None:
    northside.member.role = Role.BOOKKEEPER
    northside.member.save()
    reader = program_of(northside)
    key = EXAMPLES[name].make(northside)
    for route in table().routes:
        if route.resource.name == name and route.method != "GET":
            path = "/" + route.pattern.replace("*", str(key))
            assert reader.call(route.method, path, {})[0] == 403, (route.method, path)
