"""A clock to put forward, and what a verifier says when it refuses."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from examples.connected_app.verify import (
    LaunchRefused,
    PublishedKeys,
    UsedTokens,
    Verifier,
    _usable,
)

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Clock:
    """A clock that tests put forward."""

    ahead: float = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def time(self) -> float:
        return time.time() + self.ahead


def refusal(verifier: Verifier, token: str, patient_id: str = "42") -> str:
    """The code with which it is refused; a test fails where it is believed."""
    with pytest.raises(LaunchRefused) as refused:
        verifier.verify(token, patient_id)
    assert str(refused.value).endswith(".")
    return refused.value.code


def verifier_with(issuer: str, audience: str, keys: dict[str, Any], file: Path) -> Verifier:
    """The example's, with keys that it need not fetch."""
    published = PublishedKeys("https://casewell.example/keys")
    published._keys = dict(_usable(keys["keys"]))
    published._fetched_at = published._asked_at = published._clock()
    return Verifier(issuer=issuer, audience=audience, keys=published, used=UsedTokens(file))
