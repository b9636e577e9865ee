"""What the integrator's guide says of the API is so: its commands, filters, statuses, words."""

from __future__ import annotations

import itertools
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

from casewell.api import filters
from casewell.api.resources.attendees import AttendeeRow
from casewell.api.resources.case_periods import PeriodUse
from casewell.api.resources.case_rows import CaseRow
from casewell.api.resources.doors import WAYS
from casewell.cases.usage import Status
from tests.api.client import BASE

if TYPE_CHECKING:
    from typing import Any

    from tests.api.client import Program
    from tests.world import Practice

PAPER = (Path(__file__).resolve().parents[2] / "docs" / "integrator-guide.md").read_text()
CHAPTER = PAPER.partition("\n## The API\n")[2].partition("\n## ")[0]
CURLS = re.findall(r"^```\n(curl .*?)^```$", PAPER, re.MULTILINE | re.DOTALL)
KINDS: dict[str, type[filters.Kind]] = {
    "text": filters.Text,
    "number, id": filters.Number,
    "date": filters.Day,
    "date and time": filters.Moment,
    "true or false": filters.Flag,
    "list": filters.Holds,
}
PATIENT = "1897443798099"  # the guide's, who is Ada here


def asked(command: str) -> tuple[str, str, bytes | None, dict[str, str]]:
    """Method, path, body and headers of a curl command."""
    words = shlex.split(command.replace("\\\n", " "))
    given: dict[str, list[str]] = {}
    for name, value in itertools.pairwise(words):
        given.setdefault(name, []).append(value)
    headers = dict(one.split(": ", 1) for one in given["--header"])
    body = given["--data"][0].encode() if "--data" in given else None
    method = given.get("--request", ["POST" if body else "GET"])[0]
    url = urlsplit(words[-1])
    path = f"{url.path.removeprefix('/v1')}?{url.query}".rstrip("?")
    return method, path, body, {name.replace("-", "_"): text for name, text in headers.items()}


@pytest.mark.parametrize("command", CURLS, ids=lambda one: one.split("/v1/")[1][:40])
def test_each_command_of_the_guide_succeeds(
    program: Program, northside: Practice, command: str
) -> None:
    method, path, body, headers = asked(command)
    answer = program.send(method, path.replace(PATIENT, str(northside.ada.pk)), body, **headers)

    assert answer.status_code == (201 if method == "POST" else 200), answer.content
    assert '--user "$KEY:"' in command


def test_there_are_as_many_commands_as_were_looked_at() -> None:
    assert len(CURLS) == PAPER.count("\ncurl ") == 5


def test_the_answer_to_the_guides_list_is_as_it_stands_there(program: Program) -> None:
    shown = next(one for one in re.findall(r"```json\n(.*?)```", CHAPTER, re.DOTALL))
    path = asked(next(one for one in CURLS if "sort=" in one))[1]
    here = shown.replace("https://casewell.example/v1", BASE)

    assert program.get(path) == json.loads(here)


def test_each_type_has_the_operators_of_the_guide_and_its_example_is_understood(
    program: Program,
) -> None:
    rows = re.findall(r"^\| ([^|]+) \| ((?:`[^`]+` ?)+) \| `(/[^`]+)` \|$", CHAPTER, re.MULTILINE)

    assert [kind for kind, *_ in rows] == list(KINDS)
    for kind, operators, example in rows:
        assert tuple(re.findall(r"`([^`]+)`", operators)) == KINDS[kind].operators, kind
        path, _, query = example.partition("?")
        collection = path.removeprefix("/")
        found = program.get(f"{path}?{quote(query, safe='=&%[]:,*<>~')}")
        assert isinstance(found[collection], list), example


def added(row: Any) -> set[str]:
    return set(row.__struct_fields__)


def test_the_additions_of_the_guide_are_those_of_the_answers() -> None:
    table = CHAPTER.partition("### What Casewell adds")[2]
    of_cases, _, of_attendees = table.partition("| attendees |")
    named = set(re.findall(r"`(\w+)`", of_cases.partition("| cases |")[2]))
    first = {line.split("|")[2] for line in of_cases.splitlines() if line.startswith("| ")}
    fields = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}

    beside = added(CaseRow) - {"id"}
    assert fields <= beside
    assert {"status", "period_usage", "sessions_left", "funding_type"} <= fields
    assert added(PeriodUse) <= named
    assert "case_position" in of_attendees
    assert "case_position" in added(AttendeeRow)
    assert re.findall(r"^- `(\w+)`", table, re.MULTILINE) == list(WAYS)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/patients?q[]=nothing:=1", 400, "nothing is not filterable"),
        ("/patients?q[]=id:~1", 400, "Valid operators for id"),
        ("/patients?q[]=id:=x", 400, "must be a number"),
        ("/patients?sort=nothing", 400, "not sortable"),
        ("/patients/17", 404, "Not Found"),
    ],
)
def test_what_is_asked_wrongly_is_refused_as_the_guide_says(
    program: Program, path: str, status: int, said: str
) -> None:
    answer = program.send("GET", path)

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert f"| {status} |" in PAPER


def test_the_words_of_a_cases_status_are_the_guides() -> None:
    row = next(line for line in CHAPTER.splitlines() if "| cases | `status`" in line)

    assert re.findall(r"`(\w+)`", row)[1:] == [one.value for one in Status]
