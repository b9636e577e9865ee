"""The text of a letter: a small part of Markdown, read into blocks that carry no markup.

    # Heading, ## smaller, ### smallest
    **bold**, *italic*, - a list, 1. a numbered one, --- begins a new page

A line's end stays one. Anything else, such as HTML, links or pictures, is text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

PARAGRAPH, HEADING, ITEM, NEW_PAGE = "paragraph", "heading", "item", "new page"
DEEPEST_HEADING, DEEPEST_ITEM = 3, 4
# Signs that turn the direction of all that follows them, to its end or beyond.
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


@dataclass(frozen=True)
class Run:
    """Signs of one look. `field` is what they were filled in for, `unknown` one nobody knows."""

    text: str
    bold: bool = False
    italic: bool = False
    field: str = ""
    unknown: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, item of a list, or the start of a page; `mark` is the item's.

    `level` is that of a heading, from 1, or how deep an item is, from 0.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    mark: str = ""

    @property
    def words(self) -> str:
        return "".join(run.text for run in self.runs)


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"maxNesting": 100})
    return reader.enable(["heading", "list", "hr", "emphasis", "escape", "newline"])


_READER = _reader()


def cleaned(text: str) -> str:
    r"""The text without signs that are none: those that control machines, or turn directions.

    >>> cleaned("a\x00\u202eb\r\nc\td")
    'ab\nc d'
    """
    lines = LINE_ENDS.sub("\n", text).replace("\t", " ").translate(TURNS)
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))


def read(text: str) -> list[Block]:
    """The blocks of a text as it was typed.

    >>> [(block.kind, block.words) for block in read("# Knee\\nSee <b>\\n\\n- good")]
    [('heading', 'Knee'), ('paragraph', 'See <b>'), ('item', 'good')]
    """
    return list(_blocks(_READER.parse(cleaned(text))))


class _Reading:
    """Where the reader of tokens stands; `block` says what one of them makes, if anything."""

    def __init__(self) -> None:
        self.lists: list[Iterator[str]] = []  # the marks still to come of each list that is open
        self.heading = 0
        self.mark = ""

    def block(self, token: Token) -> Block | None:
        if token.type == "hr":
            return Block(NEW_PAGE)
        if token.type == "inline":
            return self._written(tuple(_runs(token.children or ())))
        if token.type == "heading_open":
            self.heading = min(int(token.tag[1]), DEEPEST_HEADING)
        return self._of_list(token)

    def _of_list(self, token: Token) -> Block | None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(_marks(token))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            self.mark = next(self.lists[-1])
        elif token.type == "list_item_close" and self.mark:
            return self._written(())  # nothing stood behind its mark
        return None

    def _written(self, runs: tuple[Run, ...]) -> Block:
        heading, mark = self.heading, self.mark
        self.heading, self.mark = 0, ""
        if heading:
            return Block(HEADING, runs, heading)
        if self.lists:
            return Block(ITEM, runs, min(len(self.lists) - 1, DEEPEST_ITEM), mark)
        return Block(PARAGRAPH, runs)


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    reading = _Reading()
    found = (reading.block(token) for token in tokens)
    return (block for block in found if block)


def _marks(token: Token) -> Iterator[str]:
    number = int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None
    while True:
        yield "•" if number is None else f"{number}."
        number = None if number is None else number + 1


def _runs(tokens: Iterable[Token]) -> Iterator[Run]:
    bold = italic = 0
    for token in tokens:
        bold += {"strong_open": 1, "strong_close": -1}.get(token.type, 0)
        italic += {"em_open": 1, "em_close": -1}.get(token.type, 0)
        text = "\n" if token.type in ("softbreak", "hardbreak") else token.content
        if text:
            yield Run(text, bold > 0, italic > 0)


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs, neighbours of one look as one, so that a field is whole."""
    found: list[Run] = []
    for run in runs:
        if found and replace(found[-1], text="") == replace(run, text=""):
            found[-1] = replace(run, text=found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)


def runs_rightwards(words: str) -> bool:
    """Whether the first letter is one of a script that is written from right to left.

    >>> runs_rightwards("12 שלום"), runs_rightwards("Dr שלום"), runs_rightwards("")
    (True, False, False)
    """
    strong = (d for d in map(unicodedata.bidirectional, words) if d in ("L", "R", "AL"))
    return next(strong, "L") != "L"
