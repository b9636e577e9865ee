"""Letters that stand: sent, taken back, copied, listed with what was sent, and to whom shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casewell.accounts.roles import Role
from casewell.audit.models import OutgoingMail
from casewell.letters.models import Communication, Letter
from tests.letters.desk import dva_case, letter, template, words_on
from tests.web.pages import said, text_of
from tests.web.test_letters import REPORT, at, typed
from tests.web.test_pages import statements_of
from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")


def test_a_final_letter_goes_by_email_after_a_look_at_the_address(
    northside: Practice, desk: Client
) -> None:
    one = letter(northside, recipient=northside.doctor(email="lee@example.org"))
    refused = desk.get(at(one, "/email"))
    assert refused.status_code == 422
    one.finalise(by=northside.by)
    form = desk.get(at(one, "/email"))
    assert 'value="lee@example.org"' in form.content.decode()
    body = {"to": "clinic@example.org", "subject": "Letter", "message": "See the letter."}
    wrong = desk.post(at(one, "/email"), body | {"to": "no address"})
    assert wrong.status_code == 422
    assert OutgoingMail.objects.count() == 0

    sent = desk.post(at(one, "/email"), body)

    assert said(sent) == [f"“{one}” is on its way to clinic@example.org."]
    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.subject) == ("clinic@example.org", "Letter")
    assert "Email to clinic@example.org" in text_of(desk.get(at(one)))
    desk.post(at(one, "/printed"))
    list_page = desk.get(f"/northside/patients/{northside.ada.pk}/communications")
    assert "clinic@example.org Email on its way" in text_of(list_page)
    assert [c.get_type_code_display() for c in Communication.objects.order_by("id")] == [
        "Email",
        "Other",
    ]


def test_versions_are_kept_and_a_letter_is_taken_back_copied_archived_and_restored(
    northside: Practice, desk: Client
) -> None:
    one = letter(northside, "First words", title="Report")
    desk.post(at(one, "/final"))
    back = desk.post(at(one, "/draft"))
    assert back.headers["Location"] == at(one, "/edit")
    one.refresh_from_db()
    desk.post(at(one, "/edit"), typed(one, body="Second words"))
    latest, first = text_of(desk.get(at(one))), text_of(desk.get(at(one) + "?version=1"))

    assert "Second words" in latest
    assert "First words" in first
    assert "Version 1 of 3, as it was written" in first
    assert desk.get(at(one) + "?version=9").status_code == 404
    assert words_on(desk.get(at(one, "/letter.pdf?version=2")).content)[0].count("First words") == 1
    pdf = desk.get(at(one, "/letter.pdf?show=yes"))
    assert "Draft" in words_on(pdf.content)[0]
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert pdf.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    copied = desk.post(at(one, "/copy"))
    assert copied.headers["Location"] != at(one, "/edit")
    assert Letter.objects.count() == 2
    told = text_of(desk.get(f"/northside/patients/{northside.ada.pk}/history?of=letters"))
    for words in ("began", "finalised", "made", "a draft again", "the letter “Report”"):
        assert words in told
    desk.post(at(one, "/archive"))
    shown = desk.get(f"/northside/patients/{northside.ada.pk}").content.decode()
    assert "1 archived" in shown
    desk.post(at(one, "/restore"))
    one.refresh_from_db()
    assert one.archived_at is None


def test_pages_of_letters_take_few_statements_for_one_and_for_three(
    northside: Practice, desk: Client
) -> None:
    case, counts = dva_case(northside), []
    patient = f"/northside/patients/{northside.ada.pk}"
    for n in (1, 3):
        while Letter.objects.count() < n:
            one = letter(northside, "{condition}", case=case, duty_code=REPORT)
            one.finalise(by=northside.by)
            one.send("a@example.org", by=northside.by)
            draft = letter(northside, "{condition}", case=case)
        desk.get(at(one))  # notes that the desk is there
        template(northside, "progress-report")  # from then on there are all that ship
        pages = (at(one), at(draft, "/edit"), f"{patient}/letters", f"{patient}/communications")
        counts.append([statements_of(desk, page) for page in pages])

    assert counts[0] == counts[1] == [6, 10, 7, 6]


def test_who_may_not_see_letters_sees_none_of_them(northside: Practice) -> None:
    one = letter(northside, title="Secret")
    user = northside.member.user
    keeper = signed_in(northside.account.admit(user, role=Role.BOOKKEEPER))

    page = text_of(keeper.get(f"/northside/patients/{northside.ada.pk}"))

    assert "Secret" not in page
    assert "Secret" not in text_of(keeper.get(f"/northside/patients/{northside.ada.pk}/history"))
    assert "Letters" not in page
    assert keeper.get(at(one)).status_code == 403
