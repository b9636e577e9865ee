"""`bin/casewell apikey …`: keys made, listed and revoked, each told as what a command did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.config.conftest import Run

    Sql = Callable[[str], list[tuple[Any, ...]]]

CREATE = ["apikey", "create", "--account", "hill", "--user", "ada@hill.example"]
LIST = ["apikey", "list", "--account", "hill"]
IN_USE = "SELECT prefix FROM accounts_apikey WHERE revoked_at IS NULL ORDER BY id"


@pytest.fixture
def sql(urls: dict[str, str]) -> Sql:
    """What a statement on the commands' database gives."""

    def asked(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(urls["admin"]) as database:
            cursor = database.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return asked


@pytest.fixture
def practice(run: Run, sql: Sql) -> Run:
    """Commands where there are two practices, Ada in the one, and no key."""
    if not sql("SELECT 1 FROM accounts_account"):
        for slug in ("hill", "lake"):
            run("account", "create", "--name", slug, "--slug", slug, "--time-zone", "UTC")
        names = ["--email", "ada@hill.example", "--first-name", "Ada", "--last-name", "Byron"]
        place = ["--account", "hill", "--role", "scheduler", "--password-stdin"]
        run("user", "create", *names, *place, typed="a long walk uphill\n")
    sql("TRUNCATE accounts_apikey, audit_change")
    return run


def put(sql: Sql, text: str, name: str = "") -> None:
    """A key of Ada's with that text."""
    sql(
        "INSERT INTO accounts_apikey (id, created_at, updated_at, membership_id, name, prefix, "
        f"digest) SELECT 1 + count(*), now(), now(), (SELECT id FROM accounts_membership), '{name}'"
        f", '{text[:6]}', encode(sha256('{text}'), 'hex') FROM accounts_apikey"
    )


def test_a_key_is_made_listed_and_revoked_by_how_it_begins(practice: Run, sql: Sql) -> None:
    made = practice(*CREATE, "--name", "Reports", "--until", "2199-12-31")
    text = made.stdout.strip()
    other = practice(*CREATE).stdout[:6]
    listed = practice(*LIST).stdout.splitlines()

    revoked = practice("apikey", "revoke", text[:6])

    assert re.fullmatch(r"[A-Za-z0-9]{36}-au1", text)
    assert [line.split("  ", 1)[1] for line in listed] == [
        f"{text[:6]}  valid  ada@hill.example  Reports (never used, until 2199-12-31)",
        f"{other}  valid  ada@hill.example  Command line (never used)",
    ]
    assert revoked.stdout == f"Revoked {text[:6]}… of Ada Byron, Scheduler, hill\n"
    assert [line.split("  ")[1] for line in practice(*LIST).stdout.splitlines()] == [other]
    every = practice(*LIST, "--all").stdout.splitlines()
    assert [line.split("  ")[2] for line in every] == ["revoked", "valid"]
    told = sql("SELECT verb, job, user_id FROM audit_change ORDER BY id")
    assert told == [(verb, "command line", None) for verb in ("made", "made", "revoked")]


def test_a_key_is_revoked_by_its_id_or_by_all_of_it_in_its_own_practice_alone(
    practice: Run, sql: Sql
) -> None:
    first, second = "a" * 36, "b" * 36
    put(sql, first)
    put(sql, second)

    in_another = practice("apikey", "revoke", second, "--account", "lake")
    by_id = practice("apikey", "revoke", "1", "--account", "hill")
    by_text = practice("apikey", "revoke", f"{second}-au1")
    again = practice("apikey", "revoke", f"{second}-au1")

    done = [one.returncode for one in (in_another, by_id, by_text, again)]
    assert done == [1, 0, 0, 1]
    assert by_id.stdout.startswith(f"Revoked {first[:6]}…")
    assert by_text.stdout.startswith(f"Revoked {second[:6]}…")
    assert "No key in use is called so" in in_another.stderr + again.stderr


def test_two_keys_that_begin_alike_are_told_apart_by_their_ids(practice: Run, sql: Sql) -> None:
    for end in "ab":
        put(sql, f"twin12{end * 30}")

    refused = practice("apikey", "revoke", "twin12")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Several keys begin so: give the id (bin/casewell apikey list" in refused.stderr
    assert sql(IN_USE) == [("twin12",)] * 2


def test_keys_say_whether_their_member_is_off_and_their_names_command_no_terminal(
    practice: Run, sql: Sql
) -> None:
    put(sql, "a" * 36, name="Red \x1b[31m\u2028line")
    sql("UPDATE accounts_membership SET active = false")
    sql("UPDATE accounts_apikey SET last_used_at = '2026-03-03 01:00:00+00'")

    [line] = practice(*LIST).stdout.splitlines()

    sql("UPDATE accounts_membership SET active = true")
    assert line.split("  ", 2)[2] == (
        "switched-off  ada@hill.example  Red  [31m line (last used 2026-03-03 01:00 UTC)"
    )


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--name", "x" * 101], "--name: Ensure this value has at most 100 characters"),
        (["--until", "2026-01-01"], "--until: Choose today or a later day."),
        (["--user", "nobody@hill.example"], "There is no user “nobody@hill.example”."),
    ],
)
def test_a_key_that_cannot_be_is_refused_with_the_option_that_is_wrong(
    practice: Run, sql: Sql, option: list[str], sentence: str
) -> None:
    refused = practice(*CREATE, *option)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert sql(IN_USE) == []
