"""Handing something to a bridge of the operator's over HTTP: claims, text messages.

The same key again is the same thing, never a second one; calls are made by the job worker alone.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from casewell.events.sending import Parcel, post

REFUSED, ASK_AGAIN = range(400, 500), (408, 425, 429)


@dataclass(frozen=True)
class Verdict:
    """What became of a sending: taken, refused for good with why, or to be tried again."""

    taken: bool
    reason: str = ""
    try_again: bool = False


def hand_over(url: str, secret: str, key: int, text: str) -> Verdict:
    """Post a JSON text to that address, with the secret as a bearer token."""
    headers = {"Idempotency-Key": str(key)}
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    outcome = asyncio.run(post(Parcel(url, headers, text.encode())))
    if outcome.is_success:
        return Verdict(taken=True)
    if outcome.status in REFUSED and outcome.status not in ASK_AGAIN:
        return Verdict(taken=False, reason=f"The gateway refused it ({outcome.status}).")
    said = outcome.reason or f"it answered {outcome.status}"
    return Verdict(taken=False, reason=f"Not sent: {said}.", try_again=True)
