"""The example app changes a patient in Casewell and files notes there, through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.examples.installation import field_of

if TYPE_CHECKING:
    from typing import Any

    from tests.examples.conftest import Visitor
    from tests.examples.installation import Installation

NOTES = ("POST", "/v1/patient_attachments")
FILES = ("POST", "/")


def test_a_field_is_changed_in_casewell_and_shown_as_it_is_there(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42", email="old@example.com")
    page = sam.opens("42")
    casewell.answers["PATCH", "/v1/patients/42"] = (
        200,
        {"id": "42", "first_name": "Mia", "email": "mia@example.com"},
    )
    path = f"{page.request.path}/email"
    changed = sam.follow(sam.post(path, page, email=" MIA@example.com "))
    (call,) = [call for call in casewell.calls if call.method == "PATCH"]

    assert call.body == {"email": "MIA@example.com"}
    assert "mia@example.com" in changed.text
    assert "old@example.com" not in changed.text


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (403, {"message": "no"}, "may not do this"),
        (
            422,
            {"message": "Validation Failed", "errors": {"email": "is no e-mail address"}},
            "Not changed: Casewell did not accept it: email is no e-mail address.",
        ),
    ],
)
def test_a_change_that_casewell_refuses_says_why_beside_what_was_typed(
    casewell: Installation, sam: Visitor, status: int, answer: Any, said: str
) -> None:
    casewell.knows("42", email="old@example.com")
    page = sam.opens("42")
    casewell.answers["PATCH", "/v1/patients/42"] = (status, answer)
    refused = sam.post(f"{page.request.path}/email", page, email="mia")

    assert refused.status_code == 422
    assert said in refused.text
    assert field_of(refused.text, "email") == "mia"
    assert "old@example.com" in sam.get(page.request.path).text


def test_who_is_only_in_the_app_has_nothing_to_change_in_casewell(
    casewell: Installation, sam: Visitor
) -> None:
    page = sam.get("/patients/1")

    assert "Change in Casewell" not in page.text
    assert sam.post("/patients/1/email", page, email="a@example.com").status_code == 404
    assert casewell.calls == []


def test_a_note_is_filed_once_as_a_file_of_the_patient(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42")
    casewell.takes_files_of("42")
    page = sam.opens("42")
    once = field_of(page.text, "once")
    for _ in range(2):  # a double click
        sent = sam.post(f"{page.request.path}/notes", page, text="Knee is better.", once=once)
        assert sent.location == page.request.path
    form, file, call = casewell.calls[-3:]

    assert [one.path for one in casewell.calls].count("/v1/patient_attachments") == 1
    assert form.path == "/v1/patients/42/attachment_presigned_post"
    assert b"Knee is better." in file.body
    assert file.body.index(b'name="policy"') < file.body.index(b'name="file"')
    assert "Authorization" not in file.headers  # the form may lead to another host
    assert call.headers["Idempotency-Key"] == once
    assert call.body == {
        "patient_id": "42",
        "upload_url": f"{casewell.address}/up/stride-1.txt",
        "description": "Exercise programme – Sam Ortega",
    }
    shown = sam.get(page.request.path).text
    assert shown.count("Knee is better.") == 1
    assert "filed in Casewell" in shown
    assert "Send again" not in shown


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (404, None, "no Casewell API answers"),
        (403, {"message": "no"}, "may not do this"),
        (
            422,
            {"message": "Validation Failed", "errors": {"title": "can't be blank"}},
            "title can&#39;t be blank",
        ),
        (422, {"message": "must be an object"}, "must be an object"),
        (422, [], "it did not say why"),
    ],
)
def test_a_note_that_cannot_be_attached_is_kept_and_sent_later(
    casewell: Installation, sam: Visitor, status: int, answer: Any, said: str
) -> None:
    casewell.knows("42")
    casewell.takes_files_of("42")
    casewell.answers[NOTES] = (status, answer)
    page = sam.opens("42")
    kept = sam.follow(sam.post(f"{page.request.path}/notes", page, text="Rest", once="a1"))
    assert "not sent yet: " in kept.text
    assert said in kept.text

    casewell.answers[NOTES] = (201, {"id": "7"})
    sent = sam.follow(sam.post(f"{page.request.path}/notes/1/send", page))
    assert "filed in Casewell" in sent.text
    assert "not sent yet" not in sent.text
    sam.post(f"{page.request.path}/notes/1/send", page)
    first, second = [call for call in casewell.calls if call.path == NOTES[1]]
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"] == "a1"
    assert first.body == second.body
    files = [call for call in casewell.calls if call.path == FILES[1]]
    assert len(files) == (2 if status == 422 else 1)  # what was refused is sent anew


@pytest.mark.parametrize(
    ("form", "file", "said"),
    [
        ((200, {"url": "http://127.0.0.1:1/"}), 201, "answer could not be read"),
        ((200, {"url": "http://127.0.0.1:1/", "fields": {"key": "k"}}), 201, "cannot be reached"),
        (None, 403, "the file could not be sent (403)"),
    ],
)
def test_a_file_that_cannot_be_sent_says_why_and_nothing_is_attached(
    casewell: Installation, sam: Visitor, form: Any, file: int, said: str
) -> None:
    casewell.knows("42")
    casewell.takes_files_of("42")
    if form:
        casewell.answers["GET", "/v1/patients/42/attachment_presigned_post"] = form
    casewell.answers[FILES] = (file, None)
    page = sam.opens("42")
    kept = sam.follow(sam.post(f"{page.request.path}/notes", page, text="Rest", once="a1"))

    assert said in kept.text
    assert NOTES[1] not in [call.path for call in casewell.calls]


def test_a_note_of_nothing_or_of_too_much_is_refused_with_what_was_typed(
    casewell: Installation, sam: Visitor
) -> None:
    casewell.knows("42")
    page = sam.opens("42")
    for text in ("  ", "x" * 5001):
        answer = sam.post(f"{page.request.path}/notes", page, text=text)
        assert answer.status_code == 422
        assert text.strip() in answer.text
    assert sam.post(f"{page.request.path}/notes/9/send", page).status_code == 404
