"""What the contract tests need to know of a resource."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.world import Practice

Body = dict[str, Any]


def nothing(_: Practice) -> Body:
    return {}


@dataclass(frozen=True)
class Example:
    """`make` stores a record and returns its id. `body` has every property that a new record may
    have, `change` those that a change may have, where these are others.

    `unanswered` are properties that answers do not give back under their name.
    """

    make: Callable[[Practice], int]
    body: Callable[[Practice], Body] = nothing
    change: Callable[[Practice], Body] | None = None
    unanswered: frozenset[str] = field(default_factory=frozenset)
    # Which of the contract's kinds it is, where there are several.
    variant: str = ""
    # The address that is called to show it, where there is no list of its own.
    shown: Callable[[Practice], str] | None = None
    # What `/cancel` is sent.
    cancel: Body = field(default_factory=dict)
