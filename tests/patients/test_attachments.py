"""Files of patients: what is kept, what is refused, and whose cases they may be in."""

from __future__ import annotations

import io
import os
import struct
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from casewell.audit.models import Change
from casewell.cases.models import CaseAttachment, WrongPatient
from casewell.lib.uploads import UNKNOWN, FileRefused, plain_name
from casewell.patients.attachment import FOLDER, remove_unkept
from casewell.patients.models import PatientAttachment
from casewell.tenancy.fields import CrossAccountError
from casewell.tenancy.ids import new_id
from casewell.tenancy.scope import account_scope
from tests.files import archive, keep_file, pdf, picture, sent

if TYPE_CHECKING:
    from tests.world import Practice

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def places(practice: Practice) -> list[str]:
    """Where the practice's bytes are."""
    folder = f"{FOLDER}/{practice.account.pk}"
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


def word_document() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as writer:
        writer.writestr("[Content_Types].xml", "<Types/>")
        writer.writestr("word/document.xml", "<w:document/>")
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("letter.pdf", pdf(1), "application/pdf"),
        ("letter.html", pdf(1), "application/pdf"),
        ("scan.png", picture(), "image/png"),
        ("scan.jpg", picture(kind="JPEG"), "image/jpeg"),
        ("scan.pdf", picture(kind="GIF"), "image/gif"),
        ("scan.webp", picture(kind="WEBP"), "image/webp"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>", UNKNOWN),
        ("page.png", b"<html><body onload=alert(1)>", UNKNOWN),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', UNKNOWN),
        ("run.pdf", b"MZ\x90\x00" + b"\0" * 64, UNKNOWN),
        ("note.txt", b"Knee better.", UNKNOWN),
        ("gif.html", b"GIF89a/*<script>*/=1;alert(1)//", "image/gif"),
        ("both.pdf", pdf(1) + archive(), "application/pdf"),
    ],
)
def test_a_file_is_what_its_bytes_say_whatever_its_name(
    northside: Practice, name: str, content: bytes, expected: str
) -> None:
    assert keep_file(northside, name, content).content_type == expected


def test_a_word_document_is_none_of_the_types_that_are_shown(northside: Practice) -> None:
    kept = keep_file(northside, "letter.docx", word_document())

    assert kept.content_type in {WORD, "application/zip", UNKNOWN}
    assert not kept.has_preview


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\scans\\knee.png", "knee.png"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("letter\u202efdp.exe", "letterfdp.exe"),
        ("\u200bknee\ufeff.pdf ", "knee.pdf"),
        ("CON.pdf", "CON.pdf"),
        ("רופא.pdf", "רופא.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("." + "x" * 300, "x" * 255),
    ],
)
def test_a_name_keeps_no_path_and_nothing_that_cannot_be_seen(name: str, kept: str) -> None:
    assert plain_name(name) == kept


def test_the_bytes_lie_under_a_random_name_in_the_practices_folder(northside: Practice) -> None:
    kept = keep_file(northside, "../Ada Rossi.pdf", pdf(1))

    folder, account, place = kept.file.name.split("/")
    assert (folder, account, len(place)) == (FOLDER, str(northside.account.pk), 32)
    assert kept.filename == "Ada Rossi.pdf"
    with kept.file.open() as file:
        assert file.read() == pdf(1)
    assert kept.user == northside.member.user


def bomb() -> bytes:
    """40 MB of nothing in 40 kB."""
    return archive(b"\0" * 40_000_000)


def liar() -> bytes:
    """An archive whose list says 4 GB of a file of a few bytes."""
    content = bytearray(archive())
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 2**32 - 2)
    return bytes(content)


def from_the_future() -> bytes:
    """An archive that says it needs a version that is not there yet."""
    content = bytearray(archive())
    content[content.index(b"PK\x01\x02") + 6] = 99
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This file is empty."),
        (b"x" * 1001, "This file is larger than 0 MB."),
        (bomb, "This archive unpacks to far more than it holds."),
        (liar, "This archive unpacks to far more than it holds."),
        (lambda: pdf(1) + bomb(), "This archive unpacks to far more than it holds."),
        (from_the_future, "This archive is damaged."),
    ],
    ids=["empty", "too large", "bomb", "liar", "bomb behind a letter", "unheard-of version"],
)
def test_what_is_empty_too_large_or_a_trap_is_refused_and_leaves_nothing(
    northside: Practice, settings: Any, content: Any, why: str
) -> None:
    if content == b"x" * 1001:
        settings.LARGEST_FILE = 1000
    body = content() if callable(content) else content

    with pytest.raises(FileRefused, match=why):
        keep_file(northside, "x.zip", body)

    assert (PatientAttachment.objects.count(), places(northside)) == (0, [])


def test_an_archive_of_papers_is_kept(northside: Practice) -> None:
    assert keep_file(northside, "papers.zip", archive(b"Knee " * 50)).size > 0


def test_bytes_whose_row_cannot_be_stored_are_not_kept(northside: Practice) -> None:
    stranger = northside.ada.__class__(pk=new_id(), account=northside.account)
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientAttachment.keep(stranger, sent(), by=northside.by)

    assert places(northside) == []


def test_what_a_killed_server_left_goes_after_a_day_and_what_is_kept_stays(
    northside: Practice,
) -> None:
    kept = keep_file(northside)
    folder = f"{FOLDER}/{northside.account.pk}"
    for name in ("old", "new"):
        default_storage.save(f"{folder}/{name}", SimpleUploadedFile(name, b"x"))
    then = time.time() - 90_000
    for place in (f"{folder}/old", kept.file.name):
        os.utime(default_storage.path(place), (then, then))

    assert remove_unkept(northside.account.pk) == 1
    assert sorted(places(northside)) == sorted(["new", kept.file.name.rsplit("/")[-1]])


def test_a_practice_without_files_has_nothing_to_remove(northside: Practice) -> None:
    assert remove_unkept(northside.account.pk) == 0


def test_an_archived_file_keeps_its_bytes_and_comes_back(northside: Practice) -> None:
    kept = keep_file(northside)

    kept.archive(by=northside.by)
    assert list(northside.ada.attachments.filter(archived_at=None)) == []
    assert len(places(northside)) == 1
    kept.restore(by=northside.by)

    assert list(northside.ada.attachments.filter(archived_at=None)) == [kept]
    verbs = Change.objects.of(kept).values_list("verb", flat=True)
    assert list(verbs) == ["restored", "archived", "attached"]


def test_a_file_is_in_several_cases_once_each_and_is_taken_out_again(northside: Practice) -> None:
    kept, knee, hip = keep_file(northside), northside.case(), northside.case("Hip")

    for case in (knee, hip, knee):
        CaseAttachment.put(kept, case, by=northside.by)
    assert set(kept.case_links.values_list("case", flat=True)) == {knee.pk, hip.pk}
    for _ in range(2):
        CaseAttachment.take_out(kept, knee, by=northside.by)

    assert list(kept.case_links.values_list("case", flat=True)) == [hip.pk]
    told = list(Change.objects.of(kept).values_list("verb", "changes__case"))
    assert told[:3] == [
        ("taken out of a case", [knee.pk, None]),
        ("put into a case", [None, hip.pk]),
        ("put into a case", [None, knee.pk]),
    ]


def test_a_file_is_in_no_case_of_another_patient_by_code_nor_by_the_database(
    northside: Practice,
) -> None:
    kept, theirs = keep_file(northside), northside.case(patient=northside.patient())

    with pytest.raises(WrongPatient):
        CaseAttachment.put(kept, theirs, by=northside.by)
    for patient in (northside.ada, theirs.patient):
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseAttachment.objects.create(
                account=northside.account, patient=patient, case=theirs, attachment=kept
            )

    assert CaseAttachment.objects.count() == 0


def test_a_file_is_in_no_case_of_another_practice(northside: Practice, elsewhere: Practice) -> None:
    kept = keep_file(northside)
    with account_scope(elsewhere.account):
        theirs = elsewhere.case()
        assert PatientAttachment.objects.count() == 0
        with pytest.raises(CrossAccountError):
            CaseAttachment(account=elsewhere.account, case=theirs, attachment=kept)
