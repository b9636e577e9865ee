"""What was measured, and its page, bench/results/speed.md."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime

HEADS: tuple[str, ...] = ("operation", "ours ÷ limit", "requests a second", "the limit's")
HEADS += ("server CPU a request (ms)", "the limit's", "alone (ms)", "statements", "bytes sent")


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


@dataclass
class Figures:
    """The operations, and what a browser saw: page, what, figure; and what a write is made of."""

    operations: list[Operation] = field(default_factory=list)
    browser: list[tuple[str, str, int]] = field(default_factory=list)
    # What, of what part, milliseconds.
    writes: list[tuple[str, str, float]] = field(default_factory=list)
    # Computed in this process, without HTTP: what, of what, figure.
    computed: list[tuple[str, str, float]] = field(default_factory=list)
    # Fifty open calendars: what, and its figure.
    polling: list[tuple[str, str]] = field(default_factory=list)
    # Name, medians (ms) in the small and the large practice, statements in each.
    lists: list[tuple[str, float, float, int, int]] = field(default_factory=list)


def page_of(figures: Figures) -> str:
    lines = [
        "# Speed",
        "",
        f"`bin/bench`, {datetime.now(UTC).date()}, on {os.cpu_count()} cores, "
        f"Linux {platform.release()}, Python {platform.python_version()}; "
        f"load of the machine at the end: {os.getloadavg()[0]:.1f}.",
        "",
        "The limit is a bare WSGI function on the same server and database that runs the same",
        "SQL and answers the same bytes. Medians of rounds by turns, 8 connections.",
        "",
        f"| {' | '.join(HEADS)} |",
        f"|{'---|' * len(HEADS)}",
    ]
    lines += [
        f"| {one.name} | {one.ratio:.2f} | {one.per_second[0]:.1f} | {one.per_second[1]:.1f} "
        f"| {one.cpu_ms[0]:.0f} | {one.cpu_ms[1]:.0f} | {one.alone_ms:.0f} "
        f"| {one.statements} | {one.sent} |"
        for one in figures.operations
    ]
    lines += ["", "What a write through the API is made of, medians:", ""]
    lines += ["| write | part | ms |", "|---|---|---|"]
    lines += [f"| {name} | {part} | {taken:.1f} |" for name, part, taken in figures.writes]
    lines += ["", "Free times, computed in this process, medians (ms) and counts:", ""]
    lines += ["| what | of it | figure |", "|---|---|---|"]
    lines += [f"| {name} | {part} | {figure:.1f} |" for name, part, figure in figures.computed]
    lines += _polling(figures)
    lines += _lists(figures)
    lines += ["", "In Chromium, 1440 × 900, medians of as many visits:", ""]
    lines += ["| page | what | figure |", "|---|---|---|"]
    lines += [f"| {name} | {what} | {value} |" for name, what, value in figures.browser]
    return "\n".join(lines) + "\n"


def _polling(figures: Figures) -> list[str]:
    lines = ["", "Fifty open calendars of a week of 1,000 bookings, each asking every 3 s:", ""]
    lines += ["| what | figure |", "|---|---|"]
    return lines + [f"| {what} | {figure} |" for what, figure in figures.polling]


def _lists(figures: Figures) -> list[str]:
    lines = ["", "A practice of 1,000 visits and one of 100,000, asked by turns, medians:", ""]
    lines += [
        "| page | of 1,000 (ms) | of 100,000 (ms) | ratio | statements |",
        "|---|---|---|---|---|",
    ]
    return lines + [
        f"| {name} | {small:.0f} | {large:.0f} | {large / small:.2f} | {few}, {many} |"
        for name, small, large, few, many in figures.lists
    ]
