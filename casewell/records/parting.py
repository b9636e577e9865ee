"""What goes back when a merge is undone: what moved, and what was added to it since. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Place = tuple[str, int]  # the name of a key, and a row's id


class Row(NamedTuple):
    """A row that the patient who stays has now: is it newer than the merge, and of what is it?"""

    is_new: bool
    parents: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Parting:
    """`going` goes back; each of `mixed` ties what goes to what stays."""

    going: set[Place]
    mixed: list[Place]


def parted(rows: Mapping[Place, Row], moved: set[Place]) -> Parting:
    """Which rows go back of those that are there now.

    Rows that are of one another stay together: a visit, its case, its invoice and what paid that.
    Where one of them moved, all go back, so that what was added since goes along. Where another
    of them was there before the merge, they cannot be parted.

    >>> case, visit, theirs = ("case", 1), ("visit", 2), ("visit", 3)
    >>> rows = {case: Row(False), visit: Row(True, (case,)), theirs: Row(True)}
    >>> parted(rows, {case}).going == {case, visit}
    True
    >>> parted(rows | {theirs: Row(False, (case,))}, {case}).mixed
    [('visit', 3)]
    """
    going: set[Place] = set()
    mixed: list[Place] = []
    for group in _groups(rows):
        if not group & moved:
            continue
        stays = {place for place in group - moved if not rows[place].is_new}
        going |= group
        mixed += _ties(rows, group, moved, stays) if stays else []
    return Parting(going, sorted(mixed))


def _groups(rows: Mapping[Place, Row]) -> Iterator[set[Place]]:
    """The rows that are tied to one another, directly or by others."""
    tied: dict[Place, set[Place]] = defaultdict(set)
    for place, row in rows.items():
        for parent in row.parents:
            tied[place].add(parent)
            tied[parent].add(place)
    seen: set[Place] = set()
    for first in rows:
        if first not in seen:
            group, waiting = set(), [first]
            while waiting:
                place = waiting.pop()
                if place not in group:
                    group.add(place)
                    waiting += tied[place]
            seen |= group
            yield group


def _ties(
    rows: Mapping[Place, Row], group: set[Place], moved: set[Place], stays: set[Place]
) -> list[Place]:
    """The rows that are of both sides: themselves of the one and of something of the other."""

    def touches(place: Place, side: set[Place]) -> bool:
        return place in side or any(parent in side for parent in rows[place].parents)

    found = [p for p in group if touches(p, moved) and touches(p, stays)]
    return found or [place for place in group if rows[place].is_new]
