"""Files over HTTP: taken in, listed, served without harm, and a case on one page."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from casewell.accounts.roles import Role
from casewell.cases.models import CaseAttachment
from casewell.lib import previews
from casewell.patients.models import PatientAttachment
from casewell.web.history import changes_of_case, changes_of_patient, entries_of
from tests.files import keep_file, pdf, picture, sent
from tests.web.test_pages import statements_of
from tests.web.test_patient_page import text_of
from tests.world import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import Practice


def url(name: str, pk: int) -> str:
    return reverse(name, args=["northside", pk])


def send(desk: Client, northside: Practice, *files: Any, **fields: Any) -> Any:
    address = url("patient-files", northside.ada.pk)
    headers = {"accept": "application/json"} if fields.pop("script", False) else {}
    return desk.post(address, {"files": list(files), **fields}, headers=headers)


def served(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:  # `close()` itself would close the test's database
        close()
    return content


def test_several_files_are_kept_at_once_and_the_refused_one_says_why(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case()

    answer = send(desk, northside, sent(), sent("no.txt", b""), sent("b.txt", b"x"), case=knee.pk)
    page = desk.get(answer.headers["Location"])

    assert answer.status_code == 302
    assert "no.txt: This file is empty." in page.content.decode()
    assert sorted(northside.ada.attachments.values_list("filename", flat=True)) == [
        "b.txt",
        "letter.pdf",
    ]
    assert knee.attachment_links.count() == 2


def test_a_script_hears_of_one_file_in_json_and_sends_it_twice_to_keep_it_once(
    northside: Practice, desk: Client
) -> None:
    good = send(desk, northside, sent(), script=True, once="abc")
    again = send(desk, northside, sent(), script=True, once="abc")
    bad = send(desk, northside, sent("e.txt", b""), script=True, once="def")

    assert (good.status_code, again.status_code, bad.status_code) == (201, 302, 422)
    assert bad.json() == {"refusal": "This file is empty."}
    assert PatientAttachment.objects.count() == 1
    assert send(desk, northside, script=True).json() == {"refusal": "Choose a file first."}


def test_a_file_of_more_than_may_be_is_named_and_the_others_are_kept(
    northside: Practice, desk: Client, settings: Any
) -> None:
    settings.LARGEST_FILE = 3_000_000  # more than is held in memory

    answer = send(desk, northside, sent("huge.bin", b"x" * 3_200_000), sent("b.txt", b"y"))

    page = desk.get(answer.headers["Location"]).content.decode()
    assert "huge.bin: This file is larger than 2 MB." in page
    assert [one.filename for one in PatientAttachment.objects.all()] == ["b.txt"]


def test_a_body_that_is_far_too_large_is_refused_unread(
    northside: Practice, desk: Client, settings: Any
) -> None:
    address = url("patient-files", northside.ada.pk)
    claims: Any = {"CONTENT_LENGTH": str(2 * 1024**3)}

    refused = desk.generic("POST", address, b"", **claims)
    stranger = Client().generic("POST", address, b"", **claims)

    assert (refused.status_code, stranger.status_code) == (413, 302)
    assert "send at most 200 MB, 50 MB a file" in refused.content.decode()
    assert stranger.headers["Location"].startswith("/sign-in/")


def test_another_patients_case_is_not_there(northside: Practice, desk: Client) -> None:
    theirs = northside.case(patient=northside.patient())

    assert send(desk, northside, sent(), case=theirs.pk).status_code == 404
    assert PatientAttachment.objects.count() == 0
    assert not default_storage.exists(f"attachments/{northside.account.pk}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Überweisung “Knie”.pdf", pdf(1)),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
    ],
)
def test_the_original_is_downloaded_under_its_name_and_can_run_nothing(
    northside: Practice, desk: Client, name: str, content: bytes
) -> None:
    kept = keep_file(northside, name, content)

    answer = desk.get(url("file", kept.pk))

    assert served(answer) == content
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Type"] in {"application/pdf", "application/octet-stream"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "private, no-store"
    if name.startswith("Ü"):
        assert "filename*=utf-8''%C3%9Cberweisung" in answer.headers["Content-Disposition"]


def test_a_file_whose_bytes_are_lost_says_so(northside: Practice, desk: Client) -> None:
    kept = keep_file(northside)
    default_storage.delete(kept.file.name)

    for name in ("file", "file-preview"):
        answer = desk.get(url(name, kept.pk))
        assert answer.status_code == 422
        assert b"is not where it was kept" in answer.content


def shown(desk: Client, kept: PatientAttachment, page: int = 1) -> Any:
    return desk.get(url("file-preview", kept.pk), {"page": page})


def test_pictures_and_pages_are_drawn_anew(northside: Practice, desk: Client) -> None:
    secret = Image.Exif()
    secret[0x010E] = "Ada's own words"
    photo = keep_file(northside, "a.jpg", picture(2400, 1200, "JPEG", exif=secret))
    letter = keep_file(northside, "a.pdf", pdf(3))

    drawn, page = shown(desk, photo), shown(desk, letter, 2)

    assert (drawn.headers["Content-Type"], page.headers["Content-Type"]) == (
        "image/jpeg",
        "image/png",
    )
    assert Image.open(io.BytesIO(drawn.content)).size == (1600, 800)
    assert b"Ada's own words" not in drawn.content
    assert (page.headers["X-Pages"], drawn.headers["X-Pages"]) == ("3", "1")
    assert page.headers["Content-Security-Policy"].startswith("sandbox")
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", b"hello", "This sort of file cannot be shown here."),
        ("a.pdf", b"%PDF-1.7 and nothing more", "This PDF cannot be read."),
        ("a.png", picture()[:60], "This file is damaged"),
        ("a.png", lambda: picture(9000, 9000), "too many pixels"),
        ("a.gif", b"GIF89a/*<script>*/=1;alert(1)//", ""),
    ],
    ids=["text", "no pdf", "cut off", "pixel bomb", "polyglot"],
)
def test_what_cannot_be_shown_says_why_and_shows_nothing_of_itself(
    northside: Practice, desk: Client, name: str, content: Any, why: str
) -> None:
    body = content() if callable(content) else content

    answer = shown(desk, keep_file(northside, name, body))

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert b"script" not in answer.content
    assert answer.headers["Content-Type"] == "text/plain"


def test_a_page_that_is_not_there_and_too_many_at_once_are_refused(
    northside: Practice, desk: Client
) -> None:
    letter = keep_file(northside, "a.pdf", pdf(1))
    assert "no such page" in shown(desk, letter, 2).content.decode()

    taken = [previews._free.acquire(blocking=False) for _ in range(previews.AT_ONCE)]
    try:
        answer = shown(desk, letter)
    finally:
        for _ in taken:
            previews._free.release()
    assert (taken, answer.status_code, answer.headers["Retry-After"]) == ([True, True], 503, "1")
    assert shown(desk, letter).status_code == 200


def test_a_drawing_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(previews, "CHILD", str(endless))
    monkeypatch.setattr(previews, "SECONDS", 0.5)

    for _ in range(previews.AT_ONCE + 1):  # its place is free again each time
        with pytest.raises(previews.NoPreview, match="takes too much"):
            previews.picture_of(io.BytesIO(picture()), "image")


def test_description_and_cases_are_set_and_what_others_ticked_stays(
    northside: Practice, desk: Client
) -> None:
    kept, knee, hip = keep_file(northside), northside.case(), northside.case("Hip")
    back = northside.case("Back")
    CaseAttachment.put(kept, knee, by=northside.by)
    CaseAttachment.put(kept, back, by=northside.by)  # by somebody else, after the form was drawn

    answer = desk.post(
        url("file-edit", kept.pk),
        {"description": "Plan of March", "cases": [hip.pk], "were": f"{knee.pk}"},
    )

    assert answer.status_code == 302
    kept.refresh_from_db()
    assert kept.description == "Plan of March"
    assert set(kept.case_links.values_list("case", flat=True)) == {hip.pk, back.pk}


def test_another_patients_case_is_no_choice_of_a_file(northside: Practice, desk: Client) -> None:
    kept, theirs = keep_file(northside), northside.case("Theirs", patient=northside.patient())

    answer = desk.post(url("file-edit", kept.pk), {"description": "", "cases": [theirs.pk]})

    assert answer.status_code == 422
    assert "Theirs" not in answer.content.decode()
    assert kept.case_links.count() == 0


def test_a_file_is_archived_with_an_undo_at_hand(northside: Practice, desk: Client) -> None:
    kept, page = keep_file(northside), url("patient", northside.ada.pk)

    answer = desk.post(url("file-archive", kept.pk), {"next": f"{page}#files"})
    assert answer.headers["Location"] == f"{page}?gone={kept.pk}#files"
    said = text_of(desk.get(answer.headers["Location"].split("#")[0]))
    assert "“ letter.pdf ” is archived" in said
    assert "No files yet" in said

    desk.post(url("file-restore", kept.pk), {"next": f"{page}#files"})
    assert "No files yet" not in text_of(desk.get(page))


def test_a_scheduler_sees_files_and_changes_none(northside: Practice, desk: Client) -> None:
    kept = keep_file(northside)
    northside.account.admit(northside.member.user, role=Role.SCHEDULER)

    page = desk.get(url("patient", northside.ada.pk)).content.decode()

    assert "letter.pdf" in page
    assert "Add files" not in page
    assert served(desk.get(url("file", kept.pk))) == b"%PDF-1.4\n"
    assert desk.post(url("file-archive", kept.pk)).status_code == 403


def test_lists_of_files_take_one_statement_whatever_their_number(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case()
    pages = [url("case", knee.pk), url("patient", northside.ada.pk), ""]
    desk.get(pages[0])
    counts = []
    for _ in range(2):
        kept = keep_file(northside, f"{'long ' * 40}.pdf")
        CaseAttachment.put(kept, knee, by=northside.by)
        pages[2] = url("file-edit", kept.pk)
        counts.append([statements_of(desk, page) for page in pages])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


def test_of_many_files_the_latest_are_listed_and_the_rest_on_demand(
    northside: Practice, desk: Client
) -> None:
    first = keep_file(northside, "first.pdf")
    for n in range(30):
        keep_file(northside, f"{n}.pdf")
    page = url("patient", northside.ada.pk)

    assert first.filename not in desk.get(page).content.decode()
    assert first.filename in desk.get(f"{page}?files=all").content.decode()


def test_the_letter_comes_with_the_new_case_of_a_booking_or_nothing_does(
    northside: Practice, desk: Client
) -> None:
    body = {
        "patient": northside.ada.pk,
        "practitioner": northside.amy.pk,
        "business": northside.business.pk,
        "appointment_type": northside.standard.pk,
        "date": "2026-03-05",
        "time": "10:00",
        "case": "new",
        "case_new-name": "Knee",
    }
    bad = desk.post(
        "/northside/bookings/new", body | {"case_new-letters": [sent(), sent("no.pdf", b"")]}
    )
    assert bad.status_code == 422
    assert "no.pdf: This file is empty." in bad.content.decode()
    assert (PatientAttachment.objects.count(), northside.ada.cases.count()) == (0, 0)

    good = desk.post(
        "/northside/bookings/new", body | {"case_new-letters": [sent(), sent("b.pdf")]}
    )
    assert good.status_code == 302, good.content
    [case] = northside.ada.cases.all()
    names = case.attachment_links.values_list("attachment__filename", flat=True)
    assert sorted(names) == ["b.pdf", "letter.pdf"]


def test_the_history_tells_of_files_in_words(northside: Practice, desk: Client) -> None:
    knee, kept = northside.case(), keep_file(northside)
    desk.post(url("file-edit", kept.pk), {"description": "Plan", "cases": [knee.pk], "were": ""})
    kept.refresh_from_db()
    CaseAttachment.take_out(kept, knee, by=northside.by)
    kept.archive(by=northside.by)

    entries = entries_of(northside.account, changes_of_patient(northside.ada, "files"))
    of_case = entries_of(northside.account, changes_of_case(knee))

    assert [f"{e.before}{e.about}{e.after}" for e in entries] == [
        "archived the file “letter.pdf”",
        "took the file “letter.pdf” out of a case",
        "put the file “letter.pdf” into a case",
        "changed the description of the file “letter.pdf”",
        "added the file “letter.pdf”",
    ]
    told = [(line.label, line.former, line.latter) for e in entries for line in e.lines]
    assert told == [
        ("Case", "Left knee", ""),
        ("Case", "", "Left knee"),
        ("Description", "", "Plan"),
    ]
    assert len(of_case) == 2


def text_in(answer: Any) -> tuple[int, str]:
    """How many pages the PDF has, and what it says."""
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    pages = len(document)
    document.close()
    return pages, " ".join(text.split())


def test_a_summary_says_on_one_page_what_is_used_left_and_until_when(
    northside: Practice, desk: Client
) -> None:
    jane = northside.doctor(provider_number="2429591L", company_name="Hill Medical")
    knee = northside.case(
        max_sessions=10, contact=jane, referral_type="medicare", expiry_date="2027-03-04"
    )
    for days in range(3):
        northside.attend(knee, NOON + timedelta(days=days))
    northside.attend(knee, NOON, cancelled_at=NOON)

    answer = desk.get(url("case-summary", knee.pk))
    pages, said = text_in(answer)
    to_doctor = text_in(desk.get(url("case-summary", knee.pk) + "?to=referrer"))[1]

    assert pages == 1
    assert (
        "Left knee – Ada Rossi.pdf".replace("–", "%E2%80%93").replace(" ", "%20")
        in (answer.headers["Content-Disposition"])
    )
    for words in (
        "Northside Physio",
        "3 of 10 sessions",
        "Left 7",
        "Until 4 Mar 2027",
        "2429591L",
        "3 Thu 5 Mar 2026, 12:00 pm Amy Shaw",
        "By our records",
    ):
        assert words in said
    assert said.startswith("Northside Physio Hill Street Ada Rossi")
    assert to_doctor.startswith("Northside Physio Hill Street Dr Jane Lee Hill Medical")


@pytest.mark.parametrize(
    "name", ["#panic() $x$ *b* \\ ] \" '", "مرحبا עברית 漢字 😀👩‍⚕️", "x" * 255, "\u202eknee\u2066"]
)
def test_a_summary_shows_any_text_as_it_is_and_stays_on_its_page(
    northside: Practice, desk: Client, name: str
) -> None:
    long = "Wolfeschlegelsteinhausenberger " * 8
    lee = northside.doctor(first_name=long, last_name=long, company_name=long)
    patient = northside.patient(last_name=name, first_name=long)
    case = northside.case(name, patient=patient, condition=long, employer=long, contact=lee)
    for hour in range(45):
        northside.attend(case, NOON + timedelta(hours=hour))

    answer = desk.get(url("case-summary", case.pk))

    pages, said = text_in(answer)
    assert (answer.status_code, pages) == (200, 1)
    assert "5 earlier ones are not listed here." in said
    if name.startswith("#"):
        assert "#panic() $x$ *b* \\ ] \" '" in said


def test_an_empty_case_has_a_summary(northside: Practice, desk: Client) -> None:
    pages, said = text_in(desk.get(url("case-summary", northside.case().pk)))

    assert (pages, "None yet." in said, "Left no limit" in said) == (1, True, True)
