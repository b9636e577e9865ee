"""The page that tells what of the contract is here."""

from __future__ import annotations

from tests.api.contract import contract
from tests.api.coverage import PAGE, coverage_page


def test_the_page_of_what_is_here_is_current() -> None:
    assert PAGE.read_text() == coverage_page(), "python -m tests.api.coverage"


def test_it_lists_every_operation_of_the_contract_once() -> None:
    rows = [line for line in coverage_page().splitlines() if "| `/" in line]
    assert len(set(rows)) == len(rows) == sum(len(one["endpoints"]) for one in contract().values())
