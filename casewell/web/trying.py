"""A pattern and an address, as they were typed to see what the rule says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from casewell.connections.addresses import LONGEST, Pattern
from casewell.connections.reasons import Refusal
from casewell.connections.verdicts import verdict

if TYPE_CHECKING:
    from django.http import HttpRequest

EXAMPLE_LABEL = "au"


def tried_address(request: HttpRequest, patient_id: int = 1) -> dict[str, Any]:
    """What was typed, and the verdict on it; None where nothing was.

    Where a pattern stands alone, an address that it admits stands beside it.
    """
    pattern, url = typed(request, "pattern"), typed(request, "url")
    url = url or _example_of(pattern)
    asked = bool(pattern or url)
    found = verdict(pattern, url, settings.APP_ALLOWANCES, patient_id) if asked else None
    return {"pattern": pattern, "url": url, "verdict": found}


def typed(request: HttpRequest, name: str) -> str:
    """A parameter without the space around it; a little more of it than the rule takes."""
    sent = request.POST if request.method == "POST" else request.GET
    return sent.get(name, "").strip()[: LONGEST + 100]


def _example_of(pattern: str) -> str:
    """The address of an exact pattern, or one of a wildcard's; empty where it is refused."""
    try:
        read = Pattern.parse(pattern, settings.APP_ALLOWANCES)
        return read.at(EXAMPLE_LABEL if read.is_wild else "").href
    except Refusal:
        return ""
