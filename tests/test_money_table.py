"""docs/money-and-letters.md is whole and true: each behaviour once, by tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ["M1", "M2", "M3", "M4", "M5"]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "money-and-letters.md").read_text().splitlines()
    if line.startswith("| M")
]


def test_each_behaviour_of_money_and_letters_is_listed_once_in_its_order() -> None:
    assert [row[0] for row in ROWS] == NUMBERS


def test_every_behaviour_says_where_it_is_and_names_tests_that_exist() -> None:
    code = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^(?:    )?def (test_\w+)\(", code, re.MULTILINE))

    for number, what, where, shown in ROWS:
        named = set(re.findall(r"`(test_\w+)`", shown))
        assert what, number
        assert where, number
        assert named, number
        assert named <= known, number
