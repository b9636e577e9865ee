"""A letter on paper: what typst is given, and the PDF."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from casewell.letters.merge import filled
from casewell.letters.text import cleaned, runs_rightwards
from casewell.lib.typeset import pdf_of

if TYPE_CHECKING:
    from casewell.letters.models import LetterVersion
    from casewell.letters.text import Block, Run

TEMPLATE = Path(__file__).with_name("letter.typ")
LARGEST_LOGO = (900, 300)  # pixels; more are not seen on paper
MOST_PIXELS = 40_000_000
HIGHEST_LOGO = 25  # millimetres
PIXEL = 25.4 / 96  # millimetres of one, as browsers have it
ISOLATE, END = "\u2068", "\u2069"


def drawn(version: LetterVersion, *, mark: str = "") -> bytes:
    """The version as PDF; `mark` stands in its foot, such as “Draft”. Raises CannotDraw."""
    words = words_of(version.title, version.body, version.said)
    logo = version.letter.business.logos.first()
    return pdf_of(
        TEMPLATE, words | {"mark": mark, "logo": logo_of(bytes(logo.content)) if logo else None}
    )


def words_of(title: str, body: str, said: dict[str, Any]) -> dict[str, Any]:
    """All that the paper says: `said` as `saying.said_by` has it."""
    fields: dict[str, str] = said.get("fields", {})
    head = said.get("head", {})
    height = min(said.get("logo_height", 100) * PIXEL, HIGHEST_LOGO)
    return {
        "title": _line(title),
        "head": {"name": _line(head.get("name", "")), "lines": _lines(head.get("lines", ()))},
        "to": _lines(said.get("to", ())),
        "date": _line(said.get("date", "")),
        "signed": _lines(said.get("signed", ())),
        "paper": said.get("paper", "a4"),
        "logo_height": height,
        "blocks": [_block(block) for block in filled(body, fields)],
    }


def logo_of(content: bytes) -> list[int] | None:
    """The picture as a small PNG, byte by byte; None where it is no picture that can be drawn."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    upright.thumbnail(LARGEST_LOGO)
    kept = io.BytesIO()
    upright.save(kept, "PNG")
    return list(kept.getvalue())


def _line(text: str) -> str:
    return " ".join(cleaned(text).split())


def _lines(texts: Any) -> list[str]:
    return [line for line in map(_line, texts) if line]


def _block(block: Block) -> dict[str, Any]:
    rightwards = runs_rightwards(block.words)
    return {
        "kind": block.kind,
        "level": block.level,
        "mark": block.mark,
        "rightwards": rightwards,
        "runs": [
            {"text": line, "bold": run.bold, "italic": run.italic}
            for run in block.runs
            for line in _with_breaks(_apart(run, rightwards))
        ],
    }


def _apart(run: Run, rightwards: bool) -> str:
    """What a field said, line by line apart from the direction of the words around it."""
    if not run.field or (run.text.isascii() and not rightwards):
        return run.text
    return "\n".join(f"{ISOLATE}{line}{END}" for line in run.text.split("\n"))


def _with_breaks(text: str) -> list[str]:
    r"""The lines of a text, a lone line end between each two.

    >>> _with_breaks("a\nb")
    ['a', '\n', 'b']
    """
    lines = [part for line in text.split("\n") for part in (line, "\n")]
    return [line for line in lines[:-1] if line]
