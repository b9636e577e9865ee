"""The tables of behaviours are whole and true: each once, in order, by tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CASES = ["C1", "C1a", *(f"C{number}" for number in range(2, 38))]
TABLES = {
    "booking": [f"B{number}" for number in range(1, 21)],
    "cases": CASES,
    "money-and-letters": [f"M{number}" for number in range(1, 6)],
}
ROW = re.compile(r"\| [A-Z]\d")
KNOWN = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:    )?def (test_\w+)\(", file.read_text(), re.MULTILINE)
}


def rows(table: str) -> list[list[str]]:
    """The cells of a page's table: number, behaviour, where, shown by."""
    lines = (ROOT / "docs" / f"{table}.md").read_text().splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if ROW.match(line)
    ]


@pytest.mark.parametrize("table", TABLES)
def test_each_behaviour_is_listed_once_in_its_order(table: str) -> None:
    assert [row[0] for row in rows(table)] == TABLES[table]


@pytest.mark.parametrize("table", TABLES)
def test_every_behaviour_says_where_it_is_and_names_tests_that_exist(table: str) -> None:
    for number, what, where, shown in rows(table):
        named = set(re.findall(r"`(test_\w+)`", shown))
        assert what, number
        assert where, number
        assert named, number
        assert named <= KNOWN, number
