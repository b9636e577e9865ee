"""docs/cases.md is whole and true: each behaviour once, and every test that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ["C1", "C1a", *(f"C{number}" for number in range(2, 38))]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "cases.md").read_text().splitlines()
    if line.startswith("| C")
]


def test_each_behaviour_is_listed_once_in_its_order() -> None:
    assert [row[0] for row in ROWS] == NUMBERS


def test_every_row_says_where_and_names_a_test_or_what_it_waits_for() -> None:
    for number, what, where, shown in ROWS:
        assert what, number
        assert where, number
        assert "`test_" in shown or shown.startswith("comes with"), number


def test_every_named_test_exists() -> None:
    code = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^(?:    )?def (test_\w+)\(", code, re.MULTILINE))
    named = {name for row in ROWS for name in re.findall(r"`(test_\w+)`", row[3])}

    assert named - known == set()
    assert len(named) > len(NUMBERS)
