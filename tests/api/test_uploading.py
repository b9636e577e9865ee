"""Sending a file by a presigned form to Casewell itself: what is taken in and what is not."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casewell.patients.incoming.place import FOLDER
from tests.api.uploading import LETTER, form_of, send, told

if TYPE_CHECKING:
    from tests.api.client import Program
    from tests.world import Practice


def waiting(practice: Practice) -> list[str]:
    """The files that were sent to a practice and wait."""
    folder = f"{FOLDER}/{practice.account.pk}"
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


def test_the_form_is_what_s3_hands_out(program: Program, northside: Practice) -> None:
    url, fields = form_of(program, northside)

    assert url == "http://testserver/"
    assert set(fields) == {
        *("acl", "key", "policy", "success_action_status"),
        *("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"),
    }
    assert (fields["acl"], fields["success_action_status"]) == ("private", "201")
    assert fields["key"].endswith("/${filename}")


def test_the_answer_is_what_s3_answers(program: Program, northside: Practice) -> None:
    url, fields = form_of(program, northside)
    fields["x-amz-date"] = "20300101T000000Z"

    answer = send(dict(reversed(fields.items())), name="Report & letter.pdf")

    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/xml"
    key = fields["key"].replace("${filename}", "Report &amp; letter.pdf")
    location = url + quote(key.replace("&amp;", "&"), safe="")
    assert answer.headers["Location"] == location
    assert answer.content.decode().partition("<PostResponse>")[2] == (
        f"<Location>{location}</Location><Bucket>casewell</Bucket><Key>{key}</Key>"
        f"<ETag>{answer.headers['ETag']}</ETag></PostResponse>"
    )
    assert len(waiting(northside)) == 1


def test_a_name_that_the_program_has_filled_in_is_kept(
    program: Program, northside: Practice
) -> None:
    _, fields = form_of(program, northside)
    fields["key"] = fields["key"].replace("${filename}", "scan.pdf")
    assert told(send(fields))["Key"] == fields["key"]


def altered(fields: dict[str, str], **other: str) -> dict[str, str]:
    return fields | {name.replace("_", "-"): text for name, text in other.items()}


def test_a_form_that_is_not_as_it_was_signed_is_refused(
    program: Program, northside: Practice
) -> None:
    _, fields = form_of(program, northside)
    _, others = form_of(program, northside)
    policy = base64.b64encode(base64.b64decode(fields["policy"]).replace(b"2026", b"2036"))
    for wrong in (
        altered(fields, policy=policy.decode()),
        altered(fields, x_amz_signature="0" * 64),
        altered(fields, x_amz_signature="ä"),
        altered(fields, key=others["key"]),
        altered(fields, key="letter.pdf"),
        altered(fields, key="x/" + fields["key"]),
        {name: text for name, text in fields.items() if name != "policy"},
        {"acl": "private"},
    ):
        answer = send(wrong)
        assert (answer.status_code, told(answer)["Code"]) == (403, "AccessDenied"), wrong
        assert answer.headers["Content-Type"] == "application/xml"
    assert waiting(northside) == []


def test_a_form_is_good_for_an_hour(program: Program, northside: Practice) -> None:
    _, fields = form_of(program, northside)
    soon = timezone.now() + timedelta(minutes=59)
    with time_machine.travel(soon):
        assert send(fields).status_code == 201
    with time_machine.travel(soon + timedelta(minutes=2)):
        assert told(send(fields))["Message"] == "The form has expired: ask for another."


def test_what_comes_without_a_file_or_before_its_fields_is_refused(
    program: Program, northside: Practice
) -> None:
    _, fields = form_of(program, northside)
    browser: Any = Client(enforce_csrf_checks=True)
    assert told(browser.post("/", fields))["Code"] == "InvalidArgument"
    assert told(browser.post("/", {"a": "b"}, "text/plain"))["Code"] == "MalformedPOSTRequest"
    assert told(browser.post("/", b"x", "multipart/form-data"))["Code"] == "MalformedPOSTRequest"
    assert browser.generic("POST", "/", b"").status_code == 411
    first = {"file": SimpleUploadedFile("letter.pdf", LETTER)} | fields
    assert told(browser.post("/", first))["Code"] == "AccessDenied"


@pytest.mark.parametrize("size", [1001, 2_000_000])
def test_a_file_that_is_too_large_is_not_kept(
    program: Program, northside: Practice, settings: Any, size: int
) -> None:
    settings.LARGEST_FILE = 1000
    _, fields = form_of(program, northside)

    answer = send(fields, b"x" * size)

    assert (answer.status_code, told(answer)["Code"]) == (400, "EntityTooLarge")
    assert waiting(northside) == []


def test_a_file_that_is_sent_again_takes_the_place_of_the_first(
    program: Program, northside: Practice
) -> None:
    _, fields = form_of(program, northside)
    send(fields)
    send(fields, b"better")
    [one] = waiting(northside)
    with default_storage.open(f"{FOLDER}/{northside.account.pk}/{one}") as file:
        assert file.read() == b"better"


def test_pages_at_the_root_are_as_they_were(northside: Practice) -> None:
    assert Client().get("/").status_code == 302
