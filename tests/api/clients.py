"""Programs of others that call the API, each in a process of its own, spoken to line by line."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.served import Site

FOLDER = Path(__file__).parent / "npm"
HOURS = count(30 * 24)  # each appointment has a time of its own, next month
CALLED = count()


@dataclass
class Client:
    """One of the npm packages in `FOLDER`, with a key of its own."""

    process: subprocess.Popen[str]

    def answer(self, *chain: tuple[Any, ...]) -> dict[str, Any]:
        """What came of calling methods one after the other, each `(name, *arguments)`."""
        said, heard = self.process.stdin, self.process.stdout
        assert said
        assert heard
        said.write(json.dumps([[name, arguments] for name, *arguments in chain]) + "\n")
        said.flush()
        line = heard.readline()
        assert line, f"the client ended at {chain}"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def gives(self, name: str, *arguments: Any) -> Any:
        """What the method gives to who calls it; a failure fails the test."""
        return self.chain((name, *arguments))

    def chain(self, *chain: tuple[Any, ...]) -> Any:
        """What the last of the methods gives."""
        answer = self.answer(*chain)
        assert "gave" in answer, (chain, answer)
        return answer["gave"]

    def fails(self, name: str, *arguments: Any) -> Any:
        """Status and body of the refusal that the method throws."""
        failed = self.answer((name, *arguments))["failed"]
        return failed["status"], failed["said"]


@contextmanager
def client_of(name: str, site: Site, key: str) -> Iterator[Client]:
    """The npm package of that name, calling the site."""
    environment = os.environ | {
        "CASEWELL_CLIENT": name,
        "CASEWELL_KEY": key,
        "CASEWELL_ADDRESS": site.address,
    }
    node = [os.environ.get("CASEWELL_NODE", "node"), "--no-deprecation"]
    process = subprocess.Popen(
        [*node, "--require", "./redirect.cjs", "speak.cjs"],
        cwd=FOLDER,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        yield Client(process)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def next_hour() -> datetime:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(hours=next(HOURS))


def new_patient(client: Client, **more: Any) -> dict[str, Any]:
    name = f"Npm{next(CALLED)}"
    sent = {"first_name": name, "last_name": "Client"} | more
    made: dict[str, Any] = client.gives("createPatient", sent)
    known = {key: value for key, value in sent.items() if key != "phone_number"}
    assert {key: made[key] for key in known} == known
    return made


def places(client: Client) -> dict[str, Any]:
    """Where and with whom appointments may be, ids as numbers, as these clients have them."""
    listed = {
        "business_id": client.gives("getBusinesses"),
        "practitioner_id": client.gives("getPractitioners"),
        "appointment_type_id": client.gives("getAppointmentTypes"),
    }
    rows = {
        name: gave if isinstance(gave, list) else gave[plural_of(name)]
        for name, gave in listed.items()
    }
    return {name: int(found[0]["id"]) for name, found in rows.items()}


def plural_of(name: str) -> str:
    return {"business_id": "businesses"}.get(name, f"{name.removesuffix('_id')}s")
