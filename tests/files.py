"""Files as people send them, and some that nobody should."""

from __future__ import annotations

import functools
import io
import zipfile
from typing import TYPE_CHECKING

import pypdfium2  # type: ignore[import-untyped]
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casewell.patients.models import PatientAttachment

if TYPE_CHECKING:
    from tests.world import Practice


def sent(name: str = "letter.pdf", content: bytes = b"%PDF-1.4\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def keep_file(
    practice: Practice, name: str = "letter.pdf", content: bytes = b"%PDF-1.4\n"
) -> PatientAttachment:
    """A file of Ada's."""
    return PatientAttachment.keep(practice.ada, sent(name, content), by=practice.by)


def picture(width: int = 40, height: int = 30, kind: str = "PNG", **options: object) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 60)).save(body, kind, **options)
    return body.getvalue()


@functools.cache
def pdf(pages: int = 2) -> bytes:
    """Empty pages of A4."""
    document, body = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(body)
    return body.getvalue()


def archive(of: bytes = b"hello", name: str = "a.txt") -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr(name, of)
    return body.getvalue()
