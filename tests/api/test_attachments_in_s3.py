"""Files of patients through the API where files are kept in an S3 bucket."""

from __future__ import annotations

import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import time_machine
from django.core.files.storage import default_storage

from casewell.patients.attachment import remove_unkept
from casewell.patients.incoming import remove_unclaimed
from tests.api.uploading import LETTER, form_of
from tests.web.files import served

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def send_to_bucket(url: str, fields: dict[str, str], content: bytes = LETTER) -> int:
    """Send the form as a program does; the status."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="letter.pdf"\r\n'
    body = "".join(parts).encode() + f"--{mark}\r\n{head}\r\n".encode()
    body += content + f"\r\n--{mark}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    request = urllib.request.Request(url, body, kind)  # noqa: S310 - our own server
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return int(answer.status)


def sent(program: Program, practice: Practice, content: bytes = LETTER) -> dict[str, Any]:
    """What attaches a file of Ada's that was sent to the bucket."""
    url, fields = form_of(program, practice)
    # The server that stands for S3 does not fill the name in.
    fields["key"] = fields["key"].replace("${filename}", "letter.pdf")
    assert send_to_bucket(url, fields, content) == 201
    return {"patient_id": practice.ada.pk, "upload_url": url + fields["key"]}


def keys(prefix: str) -> list[str]:
    storage: Any = default_storage
    return [one.key for one in storage.bucket.objects.filter(Prefix=prefix)]


def test_a_file_is_sent_to_the_bucket_attached_and_read_back(
    program: Program,
    northside: Practice,
    bucket: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    url, fields = form_of(program, northside)
    assert url == bucket + "/"
    assert {"policy", "x-amz-signature", "x-amz-date", "x-amz-credential"} <= set(fields)
    sending = sent(program, northside)

    with django_capture_on_commit_callbacks(execute=True):
        made = program.post("/patient_attachments", sending)

    assert (made["filename"], made["content_type"]) == ("letter.pdf", "application/pdf")
    answer = program.send("GET", f"/patient_attachments/{made['id']}/content")
    assert served(answer) == LETTER
    assert keys("uploads/") == []
    assert len(keys(f"attachments/{northside.account.pk}/")) == 1
    status, body = program.call("POST", "/patient_attachments", sending)
    assert (status, body["code"]) == (422, "upload_missing")


def test_what_never_came_is_missing_and_what_is_too_large_is_refused(
    program: Program, northside: Practice, bucket: str, settings: Any
) -> None:
    url, fields = form_of(program, northside)
    sending = {"patient_id": northside.ada.pk, "upload_url": url + fields["key"]}
    assert program.call("POST", "/patient_attachments", sending)[1]["code"] == "upload_missing"

    sending = sent(program, northside)
    settings.LARGEST_FILE = 10
    assert program.call("POST", "/patient_attachments", sending)[1]["code"] == "file_refused"
    assert keys("attachments/") == []


def test_what_nobody_claims_leaves_the_bucket_after_a_day(
    program: Program, northside: Practice, bucket: str
) -> None:
    program.post("/patient_attachments", sent(program, northside))
    assert remove_unclaimed(northside.account.pk) == 0
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        assert remove_unclaimed(northside.account.pk) == 1
    assert keys("uploads/") == []
    assert remove_unkept(northside.account.pk) == 0
