"""The reference to read, and its examples.

`CASEWELL_REWRITE=1 bin/test tests/api/test_reference.py` writes the examples anew.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from casewell.api.openapi.examples import FILE
from casewell.api.openapi.names import path_of
from casewell.api.routes import table
from tests.api.reference_examples import example_calls, shape_of
from tests.world import words_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.api.client import Program
    from tests.world import Practice

HOW = "CASEWELL_REWRITE=1 bin/test tests/api/test_reference.py"


def test_the_examples_are_what_these_calls_answer(program: Program, northside: Practice) -> None:
    made = example_calls(program, northside)
    assert {call["status"] for calls in made.values() for call in calls} <= {200, 201}
    if os.environ.get("CASEWELL_REWRITE"):
        FILE.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert shape_of(json.loads(FILE.read_text())) == shape_of(made), HOW


def test_the_first_page_says_what_holds_for_all_and_leads_to_each(db: None, client: Client) -> None:
    page = client.get("/docs/api", headers={"Host": "testserver"}).content.decode()
    assert "http://testserver/v1" in page
    assert 'href="/v1/openapi.json"' in page
    for one in table().resources:
        assert f'href="/docs/api/{one.name}"' in page
    assert "429" in words_in(page)


@pytest.mark.parametrize("name", [one.name for one in table().resources])
def test_a_resources_page_has_its_operations_fields_filters_and_an_example(
    name: str, db: None, client: Client
) -> None:
    answer = client.get(f"/docs/api/{name}")
    page = answer.content.decode()
    assert answer.status_code == 200
    for route in table().routes:
        if route.resource.name == name:
            assert f"<td>{route.method}</td><td><code>{path_of(route)}</code></td>" in page
    [one] = [r for r in table().resources if r.name == name]
    for field in (
        *one.filters,
        *(f for row in one.row_types for f in row.__struct_encode_fields__),
    ):
        assert f"<code>{field}</code>" in page
    assert "Answers 200" in words_in(page)


def test_what_is_no_resource_has_no_page(db: None, client: Client) -> None:
    assert client.get("/docs/api/nothing").status_code == 404
