"""What was measured, its data and its page: bench/results/speed.json and speed.md."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.soak import processor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

DATA, PAGE = "speed.json", "speed.md"
OPERATIONS, WRITES, FREE_TIMES, POLLING, LISTS, PAGES = (
    "Operations",
    "Writes",
    "Free times",
    "Open calendars",
    "Lists of 100,000",
    "Pages",
)
# What each section is about, and the heads of its columns.
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    OPERATIONS: (
        "The limit is a bare WSGI function on the same server and database that runs the same SQL "
        "and answers the same bytes. Medians of rounds by turns, 8 connections.",
        (
            "operation", "ours ÷ limit", "requests a second", "the limit's",
            "server CPU a request (ms)", "the limit's", "alone (ms)", "statements", "bytes sent",
        ),
    ),
    WRITES: (
        "What a write through the API is made of, medians.",
        ("write and part", "ms"),
    ),
    FREE_TIMES: (
        "Computed in this process, medians (ms) and counts.",
        ("what and of it", "figure"),
    ),
    POLLING: (
        "Fifty open calendars of a week of 1,000 bookings, each asking every 3 s.",
        ("what", "figure"),
    ),
    LISTS: (
        "A practice of 1,000 visits and one of 100,000, asked by turns, medians.",
        ("page", "of 1,000 (ms)", "of 100,000 (ms)", "ratio", "statements"),
    ),
    PAGES: (
        "In Chromium, 1440 × 900, medians of as many visits.",
        ("page and what", "figure"),
    ),
}  # fmt: skip


@dataclass
class Operation:
    """Pairs are ours and the limit's; milliseconds, and bytes as sent."""

    name: str
    per_second: tuple[float, float]
    cpu_ms: tuple[float, float]
    alone_ms: float
    statements: int
    sent: int

    @property
    def ratio(self) -> float:
        return self.per_second[0] / self.per_second[1]

    @property
    def row(self) -> tuple[Any, ...]:
        """As the page shows it."""
        pairs = (*self.per_second, *self.cpu_ms)
        return (self.name, self.ratio, *pairs, self.alone_ms, self.statements, self.sent)


@dataclass
class Figures:
    """What was measured, by section and name; each with the run that it is of.

    They are kept in bench/results/speed.json beside the page, so that a run of some of them, or
    one that was ended, leaves the others as they are.
    """

    sections: dict[str, dict[str, list[Any]]] = field(default_factory=dict)

    @classmethod
    def kept(cls, folder: Path) -> Figures:
        """Those of former runs."""
        file = folder / DATA
        return cls(json.loads(file.read_text()) if file.exists() else {})

    def put(self, section: str, rows: Iterable[Sequence[Any]], folder: Path) -> None:
        """Take rows, whose first cells are their names, and write all down."""
        known = self.sections.setdefault(section, {})
        for name, *cells in rows:
            known[name] = [*cells, run()]
        (folder / DATA).write_text(json.dumps(self.sections, indent=1) + "\n")
        (folder / PAGE).write_text(page_of(self))

    def rows(self, section: str) -> Iterator[list[Any]]:
        return ([name, *cells] for name, cells in self.sections.get(section, {}).items())


def run() -> str:
    """When that was, on what, and how busy it was."""
    return (
        f"{datetime.now(UTC).date()}, {os.cpu_count()} cores ({processor()}), "
        f"load {os.getloadavg()[0]:.1f}"
    )


def page_of(figures: Figures) -> str:
    """The page, in Markdown."""
    lines = ["# Speed", "", f"`bin/bench`, on Linux, Python {platform.python_version()}."]
    for section, (about, heads) in SECTIONS.items():
        cells = [" | ".join(map(_text, row)) for row in figures.rows(section)]
        if cells:
            lines += ["", f"## {section}", "", about, ""]
            lines += [f"| {' | '.join((*heads, 'run'))} |", "|" + "---|" * (len(heads) + 1)]
            lines += [f"| {row} |" for row in cells]
    return "\n".join(lines) + "\n"


def _text(cell: Any) -> str:
    return (
        f"{cell:.2f}"
        if isinstance(cell, float) and cell < 10
        else (f"{cell:.0f}" if isinstance(cell, float) else str(cell))
    )
