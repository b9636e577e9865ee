"""A believable practice to try Casewell with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def load(today: date | None = None) -> None:
    """Make the demo's practices; needs Django set up, and an installation without accounts."""
    from casewell.demo.practices import load as load_all

    load_all(today)
