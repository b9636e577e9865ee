from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from casewell.config.cli import parser

if TYPE_CHECKING:
    from tests.config.conftest import Run

ADA = ["--email", "Ada@hill.example", "--first-name", "Ada", "--last-name", "Byron"]
PASSWORD = "a long walk uphill\n"


@pytest.mark.parametrize(
    "command",
    [
        ["serve"],
        ["migrate"],
        ["demo"],
        ["check"],
        ["account", "create", "--name", "Hill", "--slug", "hill", "--time-zone", "UTC"],
        ["user", "create", *ADA],
        ["apikey", "create", "--account", "hill", "--user", "ada@hill.example"],
        ["apikey", "list", "--account", "hill"],
        ["apikey", "revoke", "abc123"],
        ["user", "operator", "--email", "ada@hill.example"],
        ["apps", "list"],
        ["apps", "rotate-keys"],
        ["apps", "approve", "Exercises"],
        ["apps", "suspend", "Exercises"],
        ["apps", "check", "--pattern", "*.example.com", "--url", "https://au.example.com/"],
    ],
)
def test_every_command_takes_the_data_folder_before_and_after(command: list[str]) -> None:
    before = parser().parse_args(["--data", "kept", *command])
    after = parser().parse_args([*command, "--data", "kept"])
    assert str(before.data) == str(after.data) == "kept"
    assert parser().parse_args(command).data is None


def test_a_practice_its_user_and_a_key_are_made(run: Run) -> None:
    opened = run("account", "create", "--name", "Hill", "--slug", "hill", "--time-zone", "UTC")
    assert (opened.returncode, opened.stdout) == (0, "Opened Hill, at /hill/\n")

    place = ["--account", "hill", "--role", "administrator", "--password-stdin"]
    made = run("user", "create", *ADA, *place, typed=PASSWORD)
    assert made.stdout == "Made ada@hill.example\nAdmitted: Ada Byron, Administrator\n"

    issued = run("apikey", "create", "--account", "hill", "--user", "Ada@hill.example")
    assert issued.returncode == 0
    assert re.fullmatch(r"[A-Za-z0-9]{36}-au1", issued.stdout.splitlines()[-1])

    again = run("account", "create", "--name", "Hill", "--slug", "hill", "--time-zone", "UTC")
    assert (again.returncode, again.stdout) == (1, "")
    assert "already exists" in again.stderr

    demo = run("demo")
    assert (demo.returncode, demo.stdout) == (1, "")
    assert "the demo stays out of it" in demo.stderr


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["apikey", "create", "--account", "none", "--user", "x@y.example"], "no account “none”"),
        (["apikey", "list", "--account", "none"], "no account “none”"),
        (["apikey", "revoke", "9" * 30], "No key in use is called so"),
        (["user", "create", *ADA, "--role", "scheduler"], "--account and --role go together"),
        (["user", "create", *ADA], "with --password-stdin"),
        (["user", "create", *ADA, "--password-stdin"], "too short"),
        (["account", "create", "--name", "", "--slug", "Hill", "--time-zone", "Mars"], "blank"),
    ],
)
def test_a_refused_command_says_why_and_changes_nothing(
    run: Run, command: list[str], sentence: str
) -> None:
    refused = run(*command)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_check_is_content_with_a_sound_installation(run: Run) -> None:
    checked = run("check")
    assert checked.returncode == 0, checked.stderr
    assert "PostgreSQL: that of DATABASE_URL" in checked.stdout


def test_migrate_has_nothing_to_do_twice(run: Run) -> None:
    assert run("migrate").stdout == "The database is up to date.\n"


@pytest.mark.parametrize(
    ("command", "name", "power"),
    [
        ("check", "admin", "superuser"),
        ("check", "DATABASE_OWNER_URL", "owns"),
        ("serve", "DATABASE_OWNER_URL", "owns"),
    ],
)
def test_a_role_that_sees_everything_is_refused_as_the_run_time_role(
    run: Run, urls: dict[str, str], command: str, name: str, power: str
) -> None:
    refused = run(command, variables={"DATABASE_URL": urls[name]})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert power in refused.stderr
    assert "Traceback" not in refused.stderr


def test_tables_change_as_their_owner_alone(run: Run) -> None:
    refused = run("migrate", variables={"DATABASE_OWNER_URL": ""})
    assert refused.returncode == 1
    assert "give its owner in DATABASE_OWNER_URL" in refused.stderr


def test_an_owner_without_a_run_time_role_is_refused(run: Run) -> None:
    refused = run("check", variables={"DATABASE_URL": ""})
    assert refused.returncode == 1
    assert "DATABASE_OWNER_URL is given without DATABASE_URL" in refused.stderr


def test_a_database_that_is_not_there_is_told_without_its_password(run: Run) -> None:
    nowhere = "postgresql://casewell:hush@/casewell?host=/nowhere"
    refused = run("check", variables={"DATABASE_URL": nowhere})
    assert refused.returncode == 1
    assert "The PostgreSQL of DATABASE_URL cannot be reached" in refused.stderr
    assert "hush" not in refused.stderr
