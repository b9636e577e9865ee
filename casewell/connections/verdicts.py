"""What the rule says of a pattern and an address together: for the command line and integrators."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from casewell.connections.addresses import Pattern, launch_address
from casewell.connections.reasons import Refusal

if TYPE_CHECKING:
    from casewell.connections.addresses import Address
    from casewell.connections.allowances import Allowances

    Spoken = dict[str, str | bool | None]

NOT_READ = "not_read"


@dataclass(frozen=True)
class Verdict:
    """Whether `url` is what `pattern` was approved for; what is opened, or what speaks against."""

    pattern_valid: bool
    launch: Address | None = None
    refusal: Refusal | None = None

    @property
    def approved(self) -> bool:
        return self.launch is not None


def verdict(pattern: str, url: str, allowances: Allowances, patient_id: int = 1) -> Verdict:
    """Ask the rule; nothing is fetched from the address."""
    try:
        entry = Pattern.parse(pattern, allowances)
    except Refusal as refusal:
        return Verdict(pattern_valid=False, refusal=refusal)
    try:
        opened = launch_address(entry, entry.label_of(url), patient_id)
    except Refusal as refusal:
        return Verdict(pattern_valid=True, refusal=refusal)
    return Verdict(pattern_valid=True, launch=opened)


@dataclass(frozen=True)
class Answer:
    """A verdict as JSON. `reason` is the code of what speaks against it, else null."""

    pattern_valid: bool
    approved: bool
    reason: str | None
    launch_url_for_patient_1: str | None


def answer(line: bytes, allowances: Allowances) -> str:
    """The verdict on one line `{"pattern": …, "url": …}`, as a line of JSON.

    A line that is no such object is answered with its `error`.
    """
    try:
        asked = json.loads(line.decode())
        pattern, url = asked["pattern"], asked["url"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return _unread()
    if not (isinstance(pattern, str) and isinstance(url, str)):
        return _unread()
    found = verdict(pattern, url, allowances)
    return json.dumps(
        asdict(
            Answer(
                pattern_valid=found.pattern_valid,
                approved=found.approved,
                reason=found.refusal.reason.value if found.refusal else None,
                launch_url_for_patient_1=found.launch.href if found.launch else None,
            )
        )
    )


def _unread() -> str:
    nothing = Answer(
        pattern_valid=False, approved=False, reason=NOT_READ, launch_url_for_patient_1=None
    )
    error = 'Each line is an object {"pattern": "…", "url": "…"} whose values are strings.'
    return json.dumps(asdict(nothing) | {"error": error}, ensure_ascii=False)
