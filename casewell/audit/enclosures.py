"""Files that go with e-mail: a message names its record, and the worker draws the file.

Records are above this layer: whoever has a kind of them says how one becomes a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class CannotEnclose(Exception):  # noqa: N818 - named for what happened
    """The file cannot be made, now or later; its text is for people."""


@dataclass(frozen=True)
class Enclosure:
    """A file as it is sent."""

    filename: str
    content: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True)
class Enclosed:
    """What is to be enclosed: a record, by its kind and its id."""

    kind: str
    record_id: int


_drawn: dict[str, Callable[[int], Enclosure]] = {}


def encloses(kind: str, draw: Callable[[int], Enclosure]) -> None:
    """Let messages enclose records of that kind; `draw` makes the file from a record's id.

    It is called by the worker, inside the account's scope, and raises CannotEnclose.
    """
    _drawn[kind] = draw


def enclosure_of(enclosed: Enclosed) -> Enclosure:
    """The file of that record. Raises CannotEnclose, KeyError for a kind nobody draws."""
    return _drawn[enclosed.kind](enclosed.record_id)
