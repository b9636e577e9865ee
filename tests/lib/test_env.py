from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from casewell.lib.env import cell, env, integer, path, words, yes_or_no


def test_a_variable_is_read_and_its_default_is_written_the_same_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CASEWELL_TRIED", "yes")
    assert env("CASEWELL_TRIED", yes_or_no, "no") is True
    monkeypatch.delenv("CASEWELL_TRIED")
    assert env("CASEWELL_TRIED", yes_or_no, "no") is False
    assert env("CASEWELL_TRIED", words, "a, b") == ["a", "b"]


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWELL_TRIED", "")
    assert env("CASEWELL_TRIED", integer, "8") == 8


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEWELL_TRIED", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"CASEWELL_TRIED is not set\."):
        env("CASEWELL_TRIED", str)


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        (yes_or_no, "CASEWELL_TRIED: expected yes or no, not 'maybe'."),
        (integer, "CASEWELL_TRIED: expected a whole number, not 'maybe'."),
        (
            cell,
            "CASEWELL_TRIED: expected two small letters and one or two digits, not 'maybe'.",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_the_variables_name(
    reader: type[object], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWELL_TRIED", "maybe")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env("CASEWELL_TRIED", reader)
    assert str(refusal.value) == sentence


def test_a_path_is_absolute() -> None:
    assert path("~/kept") == Path.home() / "kept"
    assert path("kept") == Path.cwd() / "kept"


@pytest.mark.parametrize("name", ["AU1", "au", "au123", "a1", "au-1", "au1\n", "éü1"])
def test_a_cell_is_what_clients_find_at_the_end_of_a_key(name: str) -> None:
    assert cell("uk12") == "uk12"
    with pytest.raises(ValueError, match="two small letters"):
        cell(name)
