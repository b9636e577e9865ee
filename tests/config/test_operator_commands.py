"""The operator at the terminal: apps approved and suspended, operators made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.config.conftest import Run

NEW = [
    *("--name", "Exercises", "--vendor", "Example Pty Ltd", "--contact", "hello@example.com"),
    *("--pattern", "*.Example.com/patients", "--pattern", "app.example.com/p"),
]


def test_an_app_is_approved_suspended_and_approved_again(run: Run) -> None:
    approved = run("apps", "approve", *NEW, "--signed")
    stored = "https://*.example.com/patients, https://app.example.com/p"
    assert (approved.returncode, approved.stdout) == (0, f"Approved Exercises: {stored}\n")

    first, *patterns = run("apps", "list").stdout.splitlines()
    key, _, told = first.partition("  ")
    assert told == "approved  Exercises (Example Pty Ltd, hello@example.com), signed launch"
    assert [pattern.strip() for pattern in patterns] == stored.split(", ")

    assert run("apps", "suspend", "exercises", "--why", "x").stdout == "Suspended Exercises\n"
    assert "  suspended  Exercises" in run("apps", "list").stdout
    assert run("apps", "approve", key).returncode == 0

    twice = run("apps", "approve", *NEW)
    assert (twice.returncode, twice.stdout) == (1, "")
    assert "is an address of “Exercises” already" in twice.stderr
    assert run("apps", "list").stdout.count("Exercises") == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["approve"], "Name one that is on the list"),
        (["approve", "Exercises", *NEW], "Name one that is on the list"),
        (["approve", *NEW[:-4]], "Name one that is on the list"),
        (["approve", "Nothing"], "There is no such app"),
        (["suspend", "12345678901234567890"], "There is no such app"),
        (["approve", *NEW[:6], "--pattern", "*.co.uk"], "*.co.uk: Anybody can get"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_words(
    run: Run, command: list[str], words: str
) -> None:
    refused = run("apps", *command)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_user_becomes_an_operator_and_is_one_no_more(run: Run) -> None:
    ada = ["--email", "ada@op.example", "--first-name", "Ada", "--last-name", "Byron"]
    made = run("user", "create", *ada, "--password-stdin", typed="a long walk uphill\n")
    assert made.returncode == 0

    named = ["--email", "Ada@op.example"]
    yes, no = run("user", "operator", *named), run("user", "operator", *named, "--no")
    assert yes.stdout == "ada@op.example is an operator now.\n"
    assert no.stdout == "ada@op.example is no operator now.\n"
    assert run("user", "operator", "--email", "x@y.example").returncode == 1
