"""schemathesis over the description, against a served installation: no 5xx, no schema break.

`bin/test` runs a short part of it, seeded; `bin/soak` all phases, 20,000 cases at least.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from casewell.api.openapi.names import operation_id
from casewell.api.routes import table
from tests.audit.mail_server import mail_server
from tests.served import Site, copy_of_demo, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

    from tests.soak import Trials

PROGRAM = Path(sys.executable).parent / "schemathesis"
# Not among them: that whatever the description does not name is refused. By the contract,
# unknown parameters and properties, and numbers out of range, are let pass.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
    "use_after_free",
)
SHORT = ("--phases", "fuzzing,stateful", "--max-examples", "1")
OPERATIONS = 40  # of a short run, chosen by its seed
# One worker: in several threads Python's own parser, which it uses, may fail (cpython#106905).
IN_FULL = ("--max-examples", "90", "--workers", "1")


@pytest.fixture(scope="module")
def fuzzed(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """A site of its own, because nothing in it stays as it was, without a limit of calls."""
    name, data = f"fuzzed_{os.getpid()}", tmp_path_factory.mktemp("fuzzed")
    with django_db_blocker.unblock():
        copy_of_demo(name, data)
    with mail_server() as post:
        yield from served(data, name, post, CASEWELL_API_RATE=str(10**9))


def test_the_description_holds_for_whatever_is_sent(
    fuzzed: Site, trials: Trials, tmp_path: Path
) -> None:
    least = trials(OPERATIONS, 20_000)
    owner = ("--account", "demo", "--user", "admin@demo.example")
    key = fuzzed.run("apikey", "create", *owner).split()[-1]
    report, said = explored(fuzzed.address, key, tmp_path, trials)
    cases = report["test_cases"]["generated"]
    trials.note("cases", cases)
    trials.note("operations", report["operations"]["tested"])
    assert report["failures"] == report["errors"] == [], said
    assert cases >= least


def explored(address: str, key: str, folder: Path, trials: Trials) -> tuple[dict[str, Any], str]:
    """The report of a run, and what schemathesis says. Fails where it came to no report."""
    found = folder / "report.json"
    command = [str(PROGRAM), "--no-color", "run", f"{address}/v1/openapi.json"]
    command += ["--auth", f"{key}:", "--checks", ",".join(CHECKS), "--seed", str(trials.seed)]
    command += ["--report", "json", "--report-json-path", str(found), "--no-shrink"]
    command += ["--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off"]
    command += ["--generation-database", "none", *_how_much(trials)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout[-20_000:] + done.stderr[-2_000:]
    assert found.exists(), said
    return json.loads(found.read_text()), said


def _how_much(trials: Trials) -> list[str]:
    """All of it, or once each some operations."""
    if trials.in_full:
        return list(IN_FULL)
    names = sorted(operation_id(route) for route in table().routes)
    chosen = random.Random(trials.seed).sample(names, OPERATIONS)  # noqa: S311 - no secret
    return [*SHORT, *(part for name in chosen for part in ("--include-operation-id", name))]
