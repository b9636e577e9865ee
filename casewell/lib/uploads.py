"""What an uploaded file is, told from its bytes, and what is refused."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
from pathlib import PureWindowsPath
from typing import IO

import puremagic

from casewell.lib.errors import RuleViolation

LONGEST_NAME = 255
HEAD = 8192  # bytes that tell a type
MOST_TIMES = 200  # how much larger an archive may become when it is unpacked
MOST_UNPACKED = 2 * 1024**3
UNKNOWN = "application/octet-stream"
# Told by their content alone; everything else is served as bytes of unknown type.
KNOWN = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/tiff",
        "image/heic",
        "application/msword",
        "application/rtf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.text",
        "audio/mpeg",
        "audio/wav",
        "video/mp4",
        "video/quicktime",
        "application/zip",
    }
)


class FileRefused(RuleViolation):
    """The file is empty, too large, or a trap."""

    code = "file_refused"


def plain_name(name: str) -> str:
    """The last part of a name without its path and without what cannot be seen.

    >>> plain_name("C:\\\\scans\\\\../letter\\u202egpj.pdf"), plain_name("/")
    ('lettergpj.pdf', 'file')
    """
    last = PureWindowsPath(name.replace("/", "\\\\")).name
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = seen.rpartition(".")
    room = LONGEST_NAME - len(ending) - 1
    return (f"{stem[:room]}.{ending}" if dot and stem else seen[:LONGEST_NAME]) or "file"


def content_type(file: IO[bytes], name: str) -> str:
    """The type told by the file's own first bytes, `UNKNOWN` where they tell none we serve."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    try:
        found = puremagic.magic_string(head, name)
    except puremagic.PureError:
        return UNKNOWN
    return next((match.mime_type for match in found if match.mime_type in KNOWN), UNKNOWN)


def refuse_unsafe(file: IO[bytes], size: int, *, most: int) -> None:
    """Raise FileRefused for an empty file, one of more than `most` bytes, or a zip bomb."""
    if size == 0:
        raise FileRefused("This file is empty.")
    if size > most:
        raise FileRefused(f"This file is larger than {most // 1024**2} MB.")
    file.seek(0)
    if zipfile.is_zipfile(file):
        _refuse_bomb(file, size)
    file.seek(0)


def _refuse_bomb(file: IO[bytes], size: int) -> None:
    """Look at what the archive says of itself; nothing is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise FileRefused("This archive is damaged.") from error
    if unpacked > min(size * MOST_TIMES, MOST_UNPACKED):
        raise FileRefused("This archive unpacks to far more than it holds.")
