"""Draws one page of a file, in a process of its own that may take little: see `previews`.

`preview_child.py image|pdf PAGE` reads the file from its input and writes a line of JSON
(`{"type", "pages"}`, or `{"refusal"}`) and then the picture.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MEMORY = 1024**3
SECONDS = 10
LONGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
PAGES_SHOWN = 20
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


@dataclass
class Drawing:
    """One page, the format to write it in, and how many pages can be shown."""

    image: Image.Image
    kind: str
    pages: int


class NotDrawable(Exception):  # noqa: N818 - named for what happened
    """Why there is no picture, in words."""


def bound() -> None:
    """Take no more memory and time than these; write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def drawn_image(content: bytes) -> Drawing:
    """The picture as large as a screen, without what a camera wrote into it."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is smaller, and asked before anything is unpacked
    image: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise NotDrawable("This picture has too many pixels to be shown here.")
    kind = "JPEG" if image.format == "JPEG" else "PNG"
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    return Drawing(upright.convert("RGB" if kind == "JPEG" else "RGBA"), kind, pages=1)


def drawn_page(content: bytes, page: int) -> Drawing:
    """That page of a PDF, from 1."""
    from pypdfium2 import PdfDocument, PdfiumError  # type: ignore[import-untyped]

    try:
        document = PdfDocument(content)
        pages = min(len(document), PAGES_SHOWN)
        if not 1 <= page <= pages:
            raise NotDrawable("There is no such page.")
        one = document[page - 1]
        scale = min(LONGEST_SIDE / max(*one.get_size(), 1), 4)
        return Drawing(one.render(scale=scale, may_draw_forms=False).to_pil(), "PNG", pages)
    except PdfiumError as error:
        locked = "password" in str(error).lower()
        words = "is locked with a password" if locked else "cannot be read"
        raise NotDrawable(f"This PDF {words}. Download it to open it elsewhere.") from error


def main(kind: str, page: str) -> None:
    """Draw what stands at the input."""
    bound()
    content, body = sys.stdin.buffer.read(), io.BytesIO()
    try:
        drawing = drawn_page(content, int(page)) if kind == "pdf" else drawn_image(content)
        drawing.image.save(body, drawing.kind)
    except NotDrawable as why:
        said = {"refusal": str(why)}
    except (OSError, ValueError, SyntaxError, MemoryError):
        said = {"refusal": "This file is damaged, or is not what it seems."}
    else:
        said = {"type": f"image/{drawing.kind.lower()}", "pages": str(drawing.pages)}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
    sys.stdout.buffer.write(body.getvalue() if "type" in said else b"")


if __name__ == "__main__":
    main(*sys.argv[1:])
