"""`bin/casewell apps check`: the rule at the terminal, without a database."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING

import pytest

from tests.config.commands import casewell

if TYPE_CHECKING:
    from pathlib import Path

# A command that asked for a database would fail at once.
NO_DATABASE = {"DATABASE_URL": "postgresql://nobody@/nothing?host=/nowhere"}
PATTERN = ["--pattern", "*.example.com/patients"]


def test_an_approved_address_is_told_with_what_is_opened(tmp_path: Path) -> None:
    url = ["--url", "https://AU.example.com/patients"]
    checked = casewell("apps", "check", *PATTERN, *url, "--patient", "42", variables=NO_DATABASE)

    opened = "https://au.example.com/patients?patient_id=42"
    assert (checked.returncode, checked.stdout) == (0, f"Approved.\nOpens {opened}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([*PATTERN, "--url", "https://fr.eu.example.com/patients"], "The address is refused (wild"),
        (["--pattern", "*.com", "--url", "https://a.com/"], "The pattern is refused (public_suf"),
    ],
)
def test_a_refused_one_is_told_with_code_and_sentence(arguments: list[str], words: str) -> None:
    checked = casewell("apps", "check", *arguments, variables=NO_DATABASE)

    assert (checked.returncode, checked.stderr) == (1, "")
    assert checked.stdout.startswith(words)


@pytest.mark.parametrize("missing", [[], PATTERN, [*PATTERN, "--url", "x", "--patient", "0"]])
def test_what_is_missing_is_asked_for(missing: list[str]) -> None:
    checked = casewell("apps", "check", *missing, variables=NO_DATABASE)

    assert (checked.returncode, checked.stdout) == (1, "")
    assert "Traceback" not in checked.stderr
    assert checked.stderr.startswith(("Give --pattern", "A patient's id"))


def test_private_names_are_admitted_by_a_setting_and_a_wrong_one_is_named() -> None:
    asked = ["apps", "check", "--pattern", "http://*.clinic.internal/p"]
    url = ["--url", "http://app.clinic.internal/p"]
    setting = "CASEWELL_APP_PRIVATE_SUFFIXES"

    assert casewell(*asked, *url, variables=NO_DATABASE).returncode == 1
    assert casewell(*asked, *url, variables=NO_DATABASE | {setting: "internal"}).returncode == 0
    wrong = casewell(*asked, *url, variables=NO_DATABASE | {setting: "co.uk"})
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith(f"{setting}: 'co.uk' has a public ending")


def test_lines_of_json_are_answered_one_by_one_garbage_as_well() -> None:
    good = {"pattern": "*.example.com", "url": "https://au.example.com"}
    lines = [
        json.dumps(good),
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"pattern": "*.example.com"}',
        '{"pattern": 1, "url": {}}',
        '{"pattern": "*.example.com", "url": "https://\\ud800.example.com"}',
        json.dumps(good | {"url": "https://example.com"}),
    ]
    checked = casewell("apps", "check", "--json", typed="\n".join(lines), variables=NO_DATABASE)

    assert (checked.returncode, checked.stderr) == (0, "")
    answers = [json.loads(line) for line in checked.stdout.splitlines()]
    assert answers[0] == {
        "pattern_valid": True,
        "approved": True,
        "reason": None,
        "launch_url_for_patient_1": "https://au.example.com/?patient_id=1",
    }
    assert [answer["reason"] for answer in answers[1:]] == [
        *["not_read"] * 7,
        "character",
        "wildcard_depth",
    ]
    assert all("error" in answer for answer in answers[1:8])


def test_ten_thousand_lines_take_seconds() -> None:
    lines = [
        json.dumps({"pattern": f"*.p{n}.example.com", "url": f"https://a{n}.p{n}.example.com/"})
        for n in range(10_000)
    ]
    before = processor_s()
    checked = casewell("apps", "check", "--json", typed="\n".join(lines), variables=NO_DATABASE)

    assert checked.stdout.count('"approved": true') == 10_000
    assert processor_s() - before < 20


def processor_s() -> float:
    """What the commands took of the processor, in seconds: it holds on a busy machine too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
