"""Letters on pages: begun, and written with a look at the paper."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from casewell.cases.models import DutyDone, Programme
from casewell.letters.models import Letter
from tests.letters.desk import dva_case, letter, template
from tests.web.pages import LONG, text_of
from tests.world import NOON

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
