"""Pictures of files, drawn anew: nothing of the file's own bytes is ever shown in our pages.

The drawing is done by a child process with little memory and little time, which reads the file
from its input and can be lost without loss: a picture that is a trap takes nothing else with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO

from casewell.lib import preview_child
from casewell.lib.errors import RuleViolation

CHILD = preview_child.__file__
SECONDS = 15
AT_ONCE = 2  # of one server process: each may take a gigabyte
_free = threading.BoundedSemaphore(AT_ONCE)


class NoPreview(RuleViolation):
    """The file cannot be shown; it can be downloaded all the same."""

    code = "no_preview"


class TooManyPreviews(RuleViolation):
    """Others are being drawn; in a moment there is room."""

    code = "too_many_previews"


@dataclass(frozen=True)
class Picture:
    """A page of a file as a picture, and how many pages there are to show."""

    body: bytes
    content_type: str
    pages: int


def picture_of(file: IO[bytes], kind: str, page: int = 1) -> Picture:
    """That page, from 1, of an `image` or a `pdf`. Raises NoPreview, or TooManyPreviews."""
    if not _free.acquire(blocking=False):
        raise TooManyPreviews("Other previews are being drawn. Try again in a moment.")
    try:
        return _drawn(file.read(), kind, page)
    finally:
        _free.release()


def _drawn(content: bytes, kind: str, page: int) -> Picture:
    command = [sys.executable, "-I", CHILD, kind, str(page)]
    try:
        child = subprocess.run(  # noqa: S603 - our own program
            command, input=content, capture_output=True, timeout=SECONDS, check=True, env={}
        )
    except (subprocess.SubprocessError, BrokenPipeError) as error:
        raise NoPreview("Showing this file takes too much. Download it instead.") from error
    head, _, body = child.stdout.partition(b"\n")
    said = json.loads(head)
    if "refusal" in said:
        raise NoPreview(said["refusal"])
    return Picture(body, said["type"], int(said["pages"]))
