"""A letter's text as HTML, for its preview: only what is written here is markup."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from casewell.letters.text import HEADING, ITEM, NEW_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.utils.safestring import SafeString

    from casewell.letters.text import Block, Run

BREAK = mark_safe("<br>")
# The page around the letter has the first two levels of headings itself.
HEADINGS = {
    1: '<h3 dir="auto">{}</h3>',
    2: '<h4 dir="auto">{}</h4>',
    3: '<h5 dir="auto">{}</h5>',
}


def html_of(blocks: Iterable[Block], *, for_author: bool = False) -> SafeString:
    """The blocks as HTML. Its author is also shown what is no field, and what says nothing."""
    found: list[SafeString] = []
    for is_list, some in groupby(stepwise(blocks), key=lambda block: block.kind == ITEM):
        drawn = [_block(block, for_author=for_author) for block in some]
        together = _together(drawn)
        found.append(
            format_html('<ul class="letter-items">{}</ul>', together) if is_list else together
        )
    return _together(found)


def stepwise(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, their headings of levels that skip none, as a page's outline wants them.

    >>> from casewell.letters.text import read
    >>> [block.level for block in stepwise(read("### a\\n# b\\n### c"))]
    [1, 1, 2]
    """
    some = list(blocks)
    levels, last = sorted({block.level for block in some if block.kind == HEADING}), 0
    for block in some:
        if block.kind == HEADING:
            last = min(levels.index(block.level), last) + 1
            yield replace(block, level=last)
        else:
            yield block


def _together(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _block(block: Block, *, for_author: bool) -> SafeString:
    words = _together(_run(run, for_author=for_author) for run in block.runs)
    if block.kind == NEW_PAGE:
        return mark_safe('<hr class="letter-page">')
    if block.kind == HEADING:
        return format_html(HEADINGS[block.level], words)
    if block.kind == ITEM:
        item = '<li data-depth="{}"><span aria-hidden="true">{}</span><div dir="auto">{}</div></li>'
        return format_html(item, block.level, block.mark, words)
    return format_html('<p dir="auto">{}</p>', words)


def _run(run: Run, *, for_author: bool) -> SafeString:
    said = format_html_join(BREAK, "{}", ((line,) for line in run.text.split("\n")))
    if run.field:
        said = _field(run, said, for_author=for_author)
    elif run.unknown and for_author:
        said = format_html('<mark data-unknown title="No such field">{}</mark>', said)
    if run.italic:
        said = format_html("<em>{}</em>", said)
    return format_html("<strong>{}</strong>", said) if run.bold else said


def _field(run: Run, said: SafeString, *, for_author: bool) -> SafeString:
    if not for_author:
        return format_html("<bdi>{}</bdi>", said)
    if run.text.strip():
        return format_html('<bdi class="letter-field" title="{}">{}</bdi>', run.field, said)
    return format_html('<mark data-empty title="Nothing is known">no {}</mark>', run.field)
