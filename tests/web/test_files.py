"""Files over HTTP: taken in, listed, described, put into cases, archived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.test import Client

from casewell.accounts.roles import Role
from casewell.cases.models import CaseAttachment
from casewell.patients.models import PatientAttachment
from casewell.web.history import entries_of
from casewell.web.history_rows import changes_of_case, changes_of_patient
from tests.files import keep_file, sent
from tests.web.files import send, served, url
from tests.web.pages import booked, text_of
from tests.web.test_pages import statements_of

if TYPE_CHECKING:
    from tests.world import Practice


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
    body = booked(northside, case="new") | {"case_new-name": "Knee"}
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
