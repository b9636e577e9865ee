"""Functions that make a typed row of a tuple of columns, written for each kind of row.

A row has up to sixty fields. One function that makes them all is three times as quick as one
function for each field, as it is for the standard library's dataclasses, which are made alike.
The text of such a function is made of our own declarations alone; addresses are given to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from casewell.api.layouts import Layout

LINK = '{{"links": {{"self": f"{{{before}}}{{{key}}}{{{after}}}"}}}}'
# By the kind of a field, the text of its value; `r` is the tuple. Moments come as PostgreSQL
# writes them, in UTC, and lose their fraction.
WRITTEN = {
    "id": "str(r[{at}])",
    "text": "(r[{at}] or None)",
    "moment": 'None if r[{at}] is None else f"{{r[{at}][:10]}}T{{r[{at}][11:19]}}Z"',
    "": "r[{at}]",
}


class Text:
    """The text of one function, and the values that it names."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.names: dict[str, Any] = {}

    def named(self, value: Any) -> str:
        """A name for a value inside the text."""
        name = f"v{len(self.names)}"
        self.names[name] = value
        return name

    def link(self, address: str, at: int, *, of: str = "") -> str:
        """A link to an address in which `{id}` is the column in that place, or what `of` names."""
        before, _, after = address.partition("{id}")
        key = of or f"r[{at}]"
        return LINK.format(before=self.named(before), after=self.named(after), key=key)


def maker_of(layout: Layout, base: str, known: list[str]) -> Callable[[Any], Any]:
    """What makes a row of a tuple of the `known` columns, with links below `base`."""
    place = {column: at for at, column in enumerate(known)}
    text = Text()
    for name, source in layout.sources.items():
        text.parts.append(layout.written(name, source, place, base, text))
    row = text.named(layout.row)
    function = f"lambda r: {row}({', '.join(text.parts)})"
    made: Callable[[Any], Any] = eval(function, text.names)  # noqa: S307 - of our declarations
    return made
