"""Letters on pages: begun, written with a look at the paper, finalised, sent, listed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from casewell.accounts.roles import Role
from casewell.audit.models import OutgoingMail
from casewell.cases.models import DutyDone, Programme
from casewell.letters.models import Communication, Letter, LetterTemplate
from tests.letters.desk import dva_case, letter, template, words_on
from tests.web.pages import LONG, said, text_of
from tests.web.test_pages import statements_of
from tests.world import NOON, signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

pytestmark = pytest.mark.usefixtures("at_noon")
REPORT = "end_of_cycle_report"


def typed(one: Letter, **fields: Any) -> dict[str, Any]:
    """What the form of a draft sends."""
    return {
        "seen": one.updated_at.isoformat(),
        "recipient": one.recipient_id or "",
        "case": one.case_id or "",
        "duty_code": one.duty_code,
        "practitioner": one.practitioner_id,
        "business": one.business_id,
        "title": one.title,
        "body": one.version.body,
    } | fields


def at(one: Letter, below: str = "") -> str:
    return f"/northside/letters/{one.pk}{below}"


def test_a_report_is_written_from_its_duty_finalised_and_done(
    northside: Practice, desk: Client
) -> None:
    case = dva_case(northside)
    shown = desk.get(f"/northside/cases/{case.pk}").content.decode()
    assert 'aria-label="Write: End-of-cycle report' in shown
    address = f"/northside/patients/{northside.ada.pk}/letters"
    begun = desk.post(address, {"case": case.pk, "duty": REPORT})

    [one] = Letter.objects.all()
    assert begun.headers["Location"] == at(one, "/edit")
    assert (one.case, one.recipient, one.duty_code) == (case, case.contact, REPORT)
    assert (
        'aria-label="Write on: End-of-cycle report'
        in desk.get(f"/northside/cases/{case.pk}").content.decode()
    )
    form = text_of(desk.get(at(one, "/edit")))
    assert "8 of 12 sessions were used" in form
    desk.post(at(one, "/edit"), typed(one, body="Better, {patient first name}.", then="final"))

    one.refresh_from_db()
    assert one.is_final
    page = text_of(desk.get(at(one)))
    assert "Better, Ada ." in page
    assert "Version 3 final" in page
    [done] = DutyDone.objects.filter(archived_at=None)
    assert (done.code, one.duty_done) == (REPORT, done)
    page = desk.get(f"/northside/cases/{case.pk}").content.decode()
    assert f'href="{at(one)}"' in page
    assert "the letter" in page


def test_a_letter_from_the_patients_page_lands_in_the_only_open_case(
    northside: Practice, desk: Client
) -> None:
    northside.case("Old shoulder", closed_at=NOON)
    knee = northside.case("Left knee", contact=northside.doctor())
    address = f"/northside/patients/{northside.ada.pk}/letters"
    chooser = desk.get(address).content.decode()
    assert f'name="case" value="{knee.pk}"' in chooser

    desk.post(address, {"template": template(northside, "progress-report").pk})
    desk.post(address, {"case": "none", "template": template(northside, "to-patient").pk})

    to_patient, report = Letter.objects.order_by("-pk")
    assert (report.case, report.recipient) == (knee, knee.contact)
    assert (to_patient.case, to_patient.recipient) == (None, None)
    shown = text_of(desk.get(f"/northside/patients/{northside.ada.pk}"))
    assert f"{report.title} draft to Dr Jane Lee" in shown
    assert report.title in text_of(desk.get(f"/northside/cases/{knee.pk}"))


def test_a_referral_that_lacks_something_is_asked_for_by_letter(
    northside: Practice, desk: Client
) -> None:
    programme = Programme.adopt(northside.account, "au-medicare-gpccmp", by=northside.by)
    wanted = programme.letter_must_contain
    case = dva_case(northside, visits=0, programme=programme, letter_contains=wanted[:1])
    page = f"/northside/cases/{case.pk}"
    assert "Ask for what is missing" in text_of(desk.get(page))
    ask = {"case": case.pk, "purpose": "complete_referral"}
    desk.post(f"/northside/patients/{northside.ada.pk}/letters", ask)

    [one] = Letter.objects.all()
    paper = text_of(desk.get(at(one)))
    assert wanted[1] in paper
    assert f"– {wanted[0]}" not in paper
    case.letter_contains = wanted
    case.save()
    assert "Ask for what is missing" not in text_of(desk.get(page))


def test_what_is_typed_is_looked_at_without_being_saved(northside: Practice, desk: Client) -> None:
    one = letter(northside, "Dear {patient first name}", practitioner=northside.amy)
    body = "**Hello** {patient nam}, {condition}<script>alert(1)</script>"
    looked = desk.post(at(one, "/edit"), typed(one, body=body, look="yes"))

    assert looked.status_code == 200
    assert "No such field: {patient nam} . It stays in the letter as it is typed." in text_of(
        looked
    )
    assert "Nothing is known of: condition." in text_of(looked)
    page = looked.content.decode()
    assert "<strong>Hello</strong>" in page
    assert "<script>alert" not in page
    assert one.versions.count() == 1


def test_of_two_who_write_at_once_the_second_sees_what_the_first_did(
    northside: Practice, desk: Client
) -> None:
    one = letter(northside)
    first, second = typed(one, title="First", body="1"), typed(one, title="Second", body="2")
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        desk.post(at(one, "/edit"), first)
        refused = desk.post(at(one, "/edit"), second)

    assert refused.status_code == 422
    assert "Somebody changed this while you were editing." in text_of(refused)
    assert ">\n2</textarea>" in refused.content.decode()
    one.refresh_from_db()
    one.finalise(by=northside.by)
    one.refresh_from_db()
    late = desk.post(at(one, "/edit"), typed(one, body="Too late"))
    assert late.status_code == 422
    assert "What you typed is still here, to be copied." in text_of(late)
    assert "Too late" in late.content.decode()
    assert one.version.body == "1"
    assert desk.get(at(one, "/edit")).headers["Location"] == at(one)


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


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": LONG}, "at most 255 characters"),
        ({"body": "x" * 50_001}, "at most 50000 characters"),
        ({"duty_code": "end_of_cycle_report"}, "A case is needed"),
        ({"case": "1234567"}, "Select a valid choice."),
        ({"recipient": "9" * 30}, "Select a valid choice."),
    ],
)
def test_a_draft_that_cannot_be_is_refused_and_keeps_what_was_typed(
    northside: Practice, desk: Client, fields: dict[str, str], told: str
) -> None:
    dva_case(northside, visits=0)
    one = letter(northside)
    refused = desk.post(at(one, "/edit"), typed(one, body="Kept words") | fields)

    assert refused.status_code == 422
    assert told in text_of(refused)
    assert one.versions.count() == 1


def test_what_nobody_offers_begins_no_letter(northside: Practice, desk: Client) -> None:
    address = f"/northside/patients/{northside.ada.pk}/letters"
    knee = northside.case("Left knee")
    for sent in ({"template": "1234567"}, {"case": "77"}, {"case": knee.pk, "duty": "x"}):
        assert desk.post(address, sent).status_code == 404
    northside.ada.archive(by=northside.by)
    assert desk.get(address).status_code == 422
    assert Letter.objects.count() == 0


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


def test_templates_are_listed_copied_changed_looked_at_and_archived(
    northside: Practice, admin: Client
) -> None:
    here = "/northside/settings/letter-templates"
    assert "DVA: end-of-cycle report Referrer" in text_of(admin.get(here))
    dva = template(northside, "dva-end-of-cycle")
    copy = admin.get(f"{here}/new?like={dva.pk}").content.decode()
    assert 'value="DVA: end-of-cycle report (copy)"' in copy
    assert '<option value="au-dva-cycle" selected>' in copy
    assert '<option value="end_of_cycle_report" selected>' in copy
    sent = {"name": "Ours", "purpose": "report", "addressee": "referrer", "title": "On {x}"}
    looked = admin.post(f"{here}/new", sent | {"body": "Dear {recipient name}", "look": "yes"})
    assert "No such field: {x}" in text_of(looked)
    assert "Dear Dr Jane Lee" in text_of(looked)
    assert not LetterTemplate.objects.filter(name="Ours").exists()
    empty = admin.post(f"{here}/new", sent | {"body": ""})
    assert empty.status_code == 422

    admin.post(f"{here}/new", sent | {"body": "Dear {recipient name}"})

    ours = LetterTemplate.objects.get(name="Ours")
    admin.post(f"{here}/{ours.pk}/archive")
    assert "Ours" in text_of(admin.get(f"{here}?archived=yes"))
    assert "Ours" not in text_of(admin.get(f"/northside/patients/{northside.ada.pk}/letters"))
    admin.post(f"{here}/{ours.pk}/restore")
    ours.refresh_from_db()
    assert ours.archived_at is None
    counts = [statements_of(admin, here), statements_of(admin, f"{here}/{ours.pk}")]
    assert counts == [6, 7]
