"""Files of patients through the API, from sending one to reading it back."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.core.files.storage import default_storage

from casewell.accounts.roles import Role
from casewell.audit.models import Change
from casewell.cases.models import CaseAttachment
from casewell.patients.incoming import remove_unclaimed
from casewell.patients.models import PatientAttachment
from casewell.patients.tasks import remove_unkept_files
from casewell.tenancy.scope import account_scope
from tests.api.client import BASE, program_of
from tests.api.test_uploading import waiting
from tests.api.uploading import LETTER, form_of, send, told, uploaded
from tests.files import archive, keep_file
from tests.web.files import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.client import Program
    from tests.world import Practice


@pytest.mark.parametrize(
    "address",
    [
        lambda url, key: url + key,
        lambda url, key: f"{url}/{key}",
        lambda url, key: url + quote(key, safe=""),
        lambda url, key: f"https://other-name.example/{key}",
    ],
    ids=["url and key", "with a slash more", "encoded", "by another name of the host"],
)
def test_a_file_is_sent_attached_and_read_back(
    program: Program, northside: Practice, address: Callable[[str, str], str]
) -> None:
    url, fields = form_of(program, northside)
    key = told(send(fields, name="Surgeon's letter 100%.pdf"))["Key"]

    made = program.post(
        "/patient_attachments",
        {"patient_id": northside.ada.pk, "upload_url": address(url, key)},
    )

    assert made["filename"] == "Surgeon's letter 100%.pdf"
    assert (made["content_type"], made["size"]) == ("application/pdf", len(LETTER))
    assert made["processing_completed"] is True
    assert made["user"]["links"]["self"] == f"{BASE}/users/{northside.member.user_id}"
    content = made["content"]["links"]["self"]
    assert content == f"{BASE}/patient_attachments/{made['id']}/content"
    answer = program.send("GET", content.removeprefix(BASE))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert served(answer) == LETTER
    inside = program.get(f"/patients/{northside.ada.pk}/patient_attachments")
    assert inside["patient_attachments"] == [made]
    change = Change.objects.of(PatientAttachment.objects.get())[0]
    assert (change.verb, change.api_key is not None) == ("attached", True)


def test_the_name_that_is_asked_for_is_taken_without_its_path(
    program: Program, northside: Practice
) -> None:
    sent = {
        "patient_id": northside.ada.pk,
        "upload_url": uploaded(program, northside),
        "filename": "C:\\scans/../../etc/knee.pdf",
        "description": "The knee",
    }
    made = program.post("/patient_attachments", sent)
    assert (made["filename"], made["description"]) == ("knee.pdf", "The knee")


def test_a_file_is_attached_once(
    program: Program, northside: Practice, django_capture_on_commit_callbacks: Any
) -> None:
    sent = {"patient_id": northside.ada.pk, "upload_url": uploaded(program, northside)}
    program.post("/patient_attachments", sent)
    status, body = program.call("POST", "/patient_attachments", sent)
    assert (status, list(body["errors"]), body["code"]) == (422, ["upload_url"], "upload_missing")

    sent["upload_url"] = uploaded(program, northside)
    before = len(waiting(northside))
    with django_capture_on_commit_callbacks(execute=True):
        program.post("/patient_attachments", sent)
    assert len(waiting(northside)) == before - 1
    assert PatientAttachment.objects.count() == 2


def test_nobody_attaches_what_was_sent_for_another_patient_or_practice(
    program: Program, elsewhere: Practice, northside: Practice
) -> None:
    ours = uploaded(program, northside)
    token = ours.split("/")[-2]
    with account_scope(elsewhere.account):
        theirs = uploaded(program_of(elsewhere), elsewhere)
    for patient, address in (
        (northside.patient().pk, ours),
        (northside.ada.pk, theirs),
        (northside.ada.pk, ours.replace(token, token[::-1])),
        (northside.ada.pk, "https://elsewhere.example/letter.pdf"),
        (northside.ada.pk, f"http://testserver/uploads/{northside.account.pk}/../x"),
    ):
        sent = {"patient_id": patient, "upload_url": address}
        status, body = program.call("POST", "/patient_attachments", sent)
        assert (status, body["errors"]) == (
            422,
            {"upload_url": "No such upload: send the file first."},
        ), address
    sent = {"patient_id": elsewhere.ada.pk, "upload_url": theirs}
    status, body = program.call("POST", "/patient_attachments", sent)
    assert (status, body["errors"]) == (422, {"patient": "must exist"})
    assert PatientAttachment.objects.count() == 0


def test_a_trap_is_refused_and_leaves_nothing_among_the_files(
    program: Program, northside: Practice
) -> None:
    bomb = uploaded(program, northside, archive(b"0" * 1_000_000), "papers.zip")
    empty = uploaded(program, northside, b"")
    for address, why in ((bomb, "unpacks to far more"), (empty, "is empty")):
        sent = {"patient_id": northside.ada.pk, "upload_url": address}
        status, body = program.call("POST", "/patient_attachments", sent)
        assert (status, body["code"]) == (422, "file_refused")
        assert why in body["errors"]["upload_url"]
    kept = f"attachments/{northside.account.pk}"
    assert default_storage.listdir(kept)[1] == []


def test_what_nobody_claims_goes_after_a_day(program: Program, northside: Practice) -> None:
    uploaded(program, northside)
    [old] = waiting(northside)
    then = time.time() - 90_000
    os.utime(default_storage.path(f"uploads/{northside.account.pk}/{old}"), (then, then))
    address = uploaded(program, northside)
    program.post("/patient_attachments", {"patient_id": northside.ada.pk, "upload_url": address})

    remove_unkept_files(timestamp=0)
    assert old not in waiting(northside)
    assert default_storage.exists(PatientAttachment.objects.get().file.name)


def test_a_practice_that_was_sent_nothing_has_nothing_to_remove(northside: Practice) -> None:
    assert remove_unclaimed(northside.account.pk) == 0


def test_only_the_description_of_a_file_changes(program: Program, northside: Practice) -> None:
    file = keep_file(northside)
    path = f"/patient_attachments/{file.pk}"
    changed = program.patch(path, {"description": "MRI", "filename": "other.pdf"})
    assert (changed["description"], changed["filename"]) == ("MRI", "letter.pdf")
    assert program.patch(path, {"description": None})["description"] is None


def test_the_files_of_a_case_are_listed_inside_it(program: Program, northside: Practice) -> None:
    knee, file = northside.case(), keep_file(northside)
    keep_file(northside)
    CaseAttachment.put(file, knee, by=northside.by)
    CaseAttachment.put(file, northside.case("Back"), by=northside.by)

    inside = program.get(f"/patient_cases/{knee.pk}/patient_attachments")

    assert [one["id"] for one in inside["patient_attachments"]] == [str(file.pk)]
    assert inside["total_entries"] == 1


def test_the_content_of_an_archived_or_lost_file_is_not_there(
    program: Program, northside: Practice
) -> None:
    gone, lost = keep_file(northside), keep_file(northside)
    gone.archive(by=northside.by)
    default_storage.delete(lost.file.name)
    for file in (gone, lost):
        assert program.call("GET", f"/patient_attachments/{file.pk}/content")[0] == 404


def test_a_file_is_sent_for_a_patient_who_is_here_by_who_may_change_patients(
    program: Program, northside: Practice
) -> None:
    gone = northside.patient()
    gone.archive(by=northside.by)
    assert program.call("GET", f"/patients/{gone.pk}/attachment_presigned_post")[0] == 404
    northside.member.role = Role.BOOKKEEPER
    northside.member.save()
    path = f"/patients/{northside.ada.pk}/attachment_presigned_post"
    assert program_of(northside).call("GET", path)[0] == 403
