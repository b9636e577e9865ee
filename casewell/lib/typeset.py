"""Drawing papers as PDF by typst, from a template of ours and words as JSON.

The words are only ever shown, never read as markup; so a paper opens no file and no connection.
"""

from __future__ import annotations

import functools
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

FONTS = Path(__file__).with_name("fonts")
TYPSTS_OWN = ("Libertinus Serif", "New Computer Modern")
LATE = "Noto Sans KR"  # Chinese names are for the one that has Chinese forms
_own = threading.local()  # a compiler serves one thread at a time


class CannotDraw(Exception):  # noqa: N818 - named for what happened
    """Typst refused; its words may quote the paper, so they are not here."""


@functools.cache
def families() -> tuple[str, ...]:
    """What papers are set in: Latin letters and their like first, then each other script's."""
    ours = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    first, last = TYPSTS_OWN
    return (first, *sorted(ours.families(), key=lambda family: family == LATE), last)


@functools.cache
def fonts() -> typst.Fonts:
    """Typst's own and ours; the machine's stand in for letters that those do not have."""
    return typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=True, font_paths=[str(FONTS)]
    )


def pdf_of(template: Path, words: Mapping[str, Any]) -> bytes:
    """The paper as PDF. Raises CannotDraw.

    The template reads `sys.inputs.words`: the words, and as `fonts` what to set them in.
    """
    told = json.dumps({**words, "fonts": families()})
    try:
        drawn = _compiler(template.parent).compile(
            _read(template), format="pdf", sys_inputs={"words": told}
        )
    except typst.TypstError as error:
        raise CannotDraw(template.name) from error
    if not isinstance(drawn, bytes):
        raise CannotDraw(template.name)
    return drawn


@functools.cache
def _read(template: Path) -> bytes:
    return template.read_bytes()


def _compiler(root: Path) -> typst.Compiler:
    known: dict[Path, typst.Compiler] = _own.__dict__.setdefault("compilers", {})
    if root not in known:
        known[root] = typst.Compiler(root=str(root), font_paths=fonts())
    return known[root]
