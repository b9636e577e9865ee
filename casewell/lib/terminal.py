"""Lines for the person at the terminal: answers on standard output, progress on standard error."""

from __future__ import annotations

import sys


def tell(line: str = "") -> None:
    """An answer, which other programs may read."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say(line: str) -> None:
    """How far the work is."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
