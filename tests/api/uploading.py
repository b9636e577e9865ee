"""A program that sends a file by the form it was given, field by field, the file last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.api.client import Program
    from tests.world import Practice

LETTER = b"%PDF-1.4\nDear colleague"


def form_of(program: Program, practice: Practice) -> tuple[str, dict[str, str]]:
    """Where to send a file of Ada's, and the fields."""
    form = program.get(f"/patients/{practice.ada.pk}/attachment_presigned_post")
    return form["url"], form["fields"]


def send(
    fields: dict[str, str], content: bytes = LETTER, name: str = "letter.pdf", **meta: Any
) -> HttpResponse:
    """The answer to the form, sent to the root of the host by nobody who has signed in."""
    file = SimpleUploadedFile(name, content)
    posted: Any = Client(enforce_csrf_checks=True).post("/", {**fields, "file": file}, **meta)
    return posted  # type: ignore[no-any-return]


def told(answer: HttpResponse) -> dict[str, str]:
    """What stands in the XML of an answer."""
    return dict(re.findall(r"<(\w+)>([^<]*)</\1>", answer.content.decode()))


def uploaded(
    program: Program, practice: Practice, content: bytes = LETTER, name: str = "letter.pdf"
) -> str:
    """The address of a file of Ada's that was sent."""
    url, fields = form_of(program, practice)
    answer = send(fields, content, name)
    assert answer.status_code == 201, answer.content
    return url + told(answer)["Key"]
