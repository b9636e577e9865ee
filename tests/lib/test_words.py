"""By which words a person is found."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewell.lib.words import LONGEST_WORD, date_word, searched_words, tails_of, words_of

NAMES = st.text(st.characters(categories=["L", "Mn", "Pd"]), max_size=80)


def finds(query: str, words: set[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in searched_words(query))


@given(st.lists(NAMES, max_size=4))
def test_a_person_is_found_by_the_whole_name_as_it_is_written(names: list[str]) -> None:
    assert finds(" ".join(names), words_of(*names))


@given(st.text())
def test_no_word_is_empty_or_longer_than_its_column(text: str) -> None:
    words = words_of(text) | set(searched_words(text)) - tails_of([text])

    assert all(words)
    assert all(len(word) <= LONGEST_WORD for word in words_of(text))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ross", True),
        ("ADA ROSSI", True),
        ("rossi a", True),
        ("zoe", True),
        ("Zoë", True),
        ("annem", True),
        ("anne-marie", True),
        ("marie", True),
        ("o'brien", True),
        ("OBRIEN", True),
        ("ossi", False),
        ("rossi ben", False),
    ],
)
def test_a_name_is_found_by_the_start_of_each_word(query: str, found: bool) -> None:
    assert finds(query, words_of("Ada Zoé", "Rossi-O’Brien", None, "Anne-Marie")) is found


@pytest.mark.parametrize("query", ["0400 000 123", "0400000123", "123", "000 123", "(04) 00000"])
def test_a_phone_is_found_by_any_run_of_its_digits(query: str) -> None:
    assert finds(query, tails_of(["0400 000 123"]))


@pytest.mark.parametrize("query", ["999", "0400 000 124"])
def test_another_phone_is_not_found(query: str) -> None:
    assert not finds(query, tails_of(["0400 000 123"]))


@pytest.mark.parametrize(
    "query", ["1961-03-12", "12/3/1961", "12.03.1961", "12-3-1961", "12/3/61", " 12/03/1961 "]
)
def test_a_birth_date_is_found_however_it_is_written(query: str) -> None:
    assert searched_words(query) == [date_word(date(1961, 3, 12))]


def test_a_year_of_two_digits_is_never_ahead() -> None:
    assert searched_words("1/1/05") == ["2005-01-01"]
    assert searched_words("29/2/68") == ["1968-02-29"]


@pytest.mark.parametrize("query", ["", "  ", "'", "+", "- -"])
def test_a_query_without_a_letter_or_digit_looks_for_nothing(query: str) -> None:
    assert searched_words(query) == []
