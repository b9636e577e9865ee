"""The page of long runs."""

from __future__ import annotations

from tests.soak import in_words, page_of, rows_in

ONE = ["200", "over-allocations: 0", "12.1", "passed", "2026-11-22, seed 7, 2 cores (a, b)"]
OTHER = ["", "", "3.0", "failed", "2026-11-23, seed 8, 2 cores"]


def test_a_run_of_one_test_leaves_the_rows_of_others_on_the_page() -> None:
    first = in_words("tests/races/test_x.py::test_no_two_win[30]")
    page = page_of({first: ONE, "b": OTHER})

    assert first == "no two win[30]"
    assert rows_in(page) == {first: ONE, "b": OTHER}
    assert rows_in(page_of(rows_in(page) | {"b": ONE})) == {first: ONE, "b": ONE}
    assert rows_in("") == {}
