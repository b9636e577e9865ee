"""What the API asks of the database: few statements, whatever the page's size, and any page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.contract import built, resource
from tests.api.examples import EXAMPLES
from tests.world import NOON

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice

# A key's first call of a minute notes that it was used; none begins between two calls.
pytestmark = pytest.mark.usefixtures("at_noon")
UNCOUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET LOCAL")
READ, LIST = 2, 3
listed = pytest.mark.parametrize("name", [n for n in built() if resource(n).lists])


def statements(program: Program, path: str) -> int:
    """How many statements a call takes, that of its key among them, when it is not the first."""
    program.get(path)
    with CaptureQueriesContext(connection) as captured:
        program.get(path)
    return sum(not one["sql"].startswith(UNCOUNTED) for one in captured.captured_queries)


@listed
def test_a_list_takes_three_statements_and_a_record_two(
    name: str, program: Program, northside: Practice
) -> None:
    key = EXAMPLES[name].make(northside)
    assert statements(program, f"/{name}?per_page=1") <= LIST
    if resource(name).has_items:
        assert statements(program, f"/{name}/{key}") <= READ


@pytest.mark.parametrize("name", ["attendees", "individual_appointments", "bookings"])
def test_many_rows_take_no_more_statements_than_one(
    name: str, program: Program, northside: Practice
) -> None:
    case = northside.case()
    northside.attend(case)
    alone = statements(program, f"/{name}?per_page=1")
    for day in (1, 2):
        northside.attend(case, at=NOON + timedelta(days=day))
    assert statements(program, f"/{name}?per_page=3") == alone == LIST
    assert statements(program, f"/{name}?per_page=1&page=2") == LIST


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("attendees", ""),
        ("attendees", "&sort=updated_at:desc"),
        ("individual_appointments", "&sort=starts_at:desc&q[]=did_not_arrive:=false"),
        ("individual_appointments", "&sort=updated_at"),
        ("bookings", "&order=desc"),
        ("patient_cases", "&sort=name:desc"),
    ],
)
def test_all_pages_together_are_the_whole_list_in_its_order(
    name: str, order: str, program: Program, northside: Practice
) -> None:
    for day in (2, 1, 3, 5, 4):
        northside.attend(northside.case(f"Case {day}"), at=NOON + timedelta(days=day))
    whole = program.get(f"/{name}?per_page=100{order}")[name]
    pages = [program.get(f"/{name}?per_page=2&page={page}{order}") for page in (1, 2, 3)]
    assert [one for page in pages for one in page[name]] == whole
    assert {page["total_entries"] for page in pages} == {5}
    assert program.get(f"/{name}?per_page=2&page=4{order}")[name] == []


def test_the_orders_are_what_they_say(program: Program, northside: Practice) -> None:
    days = (2, 1, 3)
    made = {day: northside.attend(at=NOON + timedelta(days=day)).booking_id for day in days}
    for order, expected in (("", [2, 1, 3]), ("?sort=starts_at", [1, 2, 3])):
        body = program.get(f"/individual_appointments{order}")
        ids = [int(one["id"]) for one in body["individual_appointments"]]
        assert ids == [made[day] for day in expected]
