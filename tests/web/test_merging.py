"""Pages of merging: the other one proposed, both side by side, merged, led on, undone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casewell.accounts.roles import Role
from casewell.patients.models import Patient
from casewell.records.duplicates import likely_duplicates
from casewell.records.models import Merge
from tests.web.pages import said, text_of
from tests.world import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

BORN = date(1961, 3, 12)
MOBILE = {"phone_type": "Mobile", "number": "0400 000 001"}


@pytest.fixture
def admin(northside: Practice) -> Client:
    northside.account.admit(northside.member.user, role=Role.ADMINISTRATOR)
    return signed_in(northside.member)


@pytest.fixture
def twin(northside: Practice) -> Patient:
    """Ada a second time."""
    return northside.patient("Ada", "Rossi", email="ada@example.com")


def page_of(practice: Practice, patient: Patient, more: str = "") -> str:
    return f"/{practice.account.slug}/patients/{patient.pk}{more}"


def merge_address(practice: Practice, kept: Patient, gone: Patient) -> str:
    return page_of(practice, kept, f"/merge?with={gone.pk}")


def test_those_who_may_be_the_same_are_proposed_with_the_reason(northside: Practice) -> None:
    ours = {"date_of_birth": BORN, "email": "ada@example.com", "medicare": "2123456701"}
    ada = northside.patient("Ada", "Rossi", phone_numbers=[MOBILE], **ours)
    name = northside.patient("Adà", "Rossi", date_of_birth=BORN)
    phone = northside.patient(
        "A.", "R.", phone_numbers=[{"phone_type": "Work", "number": "+61 400 000 001"}]
    )
    email = northside.patient("Somebody", "Else", email="ADA@example.com")
    card = northside.patient("Bea", "Rossi", medicare="2123456701", medicare_reference_number="2")
    northside.patient("Cleo", "Wu", date_of_birth=BORN)  # born on the same day
    northside.patient("Ada", "Rossi", email="ada@example.com").archive(by=northside.by)

    found = {one.patient.pk: one.why for one in likely_duplicates(ada)}

    assert found == {
        name.pk: "same name and birth date",
        phone.pk: "same phone",
        email.pk: "same email",
        card.pk: "same Medicare card",
    }
    assert likely_duplicates(northside.patient("Nobody", "Known")) == []


def test_a_search_and_the_likely_ones_lead_to_the_comparison(
    northside: Practice, admin: Client
) -> None:
    Patient.objects.filter(pk=northside.ada.pk).update(email="ada@example.com")
    twin = northside.patient("Ada", "Rossi", email="ada@example.com")

    answer = admin.get(page_of(northside, northside.ada, "/merge"))

    assert f'href="?with={twin.pk}"' in answer.content.decode()
    assert "same email" in text_of(answer)
    assert 'name="with"' in answer.content.decode()


def test_both_are_shown_side_by_side_with_what_moves(
    northside: Practice, admin: Client, twin: Patient
) -> None:
    for _ in range(2):
        northside.attend(northside.case(patient=twin))
    northside.attend()

    text = text_of(admin.get(merge_address(northside, northside.ada, twin)))

    assert "Cases 0 and 2 more 2" in text
    assert "Appointments 1 and 2 more 2" in text
    assert "Take over ada@example.com" in text
    assert "Merge into Ada Rossi" in text


@pytest.mark.parametrize("each", [1, 3])
def test_the_comparison_takes_as_many_statements_however_much_there_is(
    northside: Practice, admin: Client, twin: Patient, each: int
) -> None:
    for _ in range(each):
        northside.attend(northside.case(patient=twin))
    with CaptureQueriesContext(connection) as sent:
        admin.get(merge_address(northside, northside.ada, twin))

    assert len([q for q in sent if q["sql"].startswith(("SELECT", "("))]) == 7


def test_merging_leads_to_the_one_that_stays_with_a_notice_and_undo(
    northside: Practice, admin: Client, twin: Patient
) -> None:
    case = northside.case("Shoulder", patient=twin)
    sent = {"with": twin.pk, "take": ["email"]}

    answer = admin.post(page_of(northside, northside.ada, "/merge"), sent)

    assert answer["Location"] == page_of(northside, northside.ada)
    assert said(answer) == ["Ada Rossi is merged into Ada Rossi."]
    shown = admin.get(page_of(northside, northside.ada))
    text = text_of(shown)
    assert "Shoulder" in text
    assert "Ada Rossi was merged into this patient" in text
    merge = Merge.objects.get()
    assert f"/merges/{merge.pk}/undo" in shown.content.decode()

    back = admin.post(f"/northside/merges/{merge.pk}/undo")
    assert back["Location"] == page_of(northside, twin)
    assert "Shoulder" in text_of(admin.get(page_of(northside, twin)))
    case.refresh_from_db()
    assert case.patient == twin


def test_every_page_of_the_former_id_leads_to_that_of_the_one_that_stays(
    northside: Practice, admin: Client, twin: Patient
) -> None:
    Merge.make(northside.ada, twin, by=northside.by)

    for part in ("", "/history?of=cases", "/edit", "/cases/new", "/invoices", "/merge"):
        answer = admin.get(page_of(northside, twin, part))
        assert (answer.status_code, answer["Location"]) == (
            302,
            page_of(northside, northside.ada, part),
        )
        assert "Ada Rossi was merged into Ada Rossi." in said(answer)
    sent = admin.post(page_of(northside, twin, "/alerts"), {"name": "Latex"})
    assert sent["Location"] == page_of(northside, northside.ada)
    assert said(sent)[-1] == "Ada Rossi was merged into Ada Rossi. Nothing was changed."
    assert northside.account.medical_alerts.count() == 0


def test_the_history_of_the_one_that_stays_tells_of_both(
    northside: Practice, admin: Client
) -> None:
    ben = northside.patient("Ben", "Wu")
    Merge.make(northside.ada, ben, by=northside.by)

    text = text_of(admin.get(page_of(northside, northside.ada, "/history")))

    assert "merged another patient into Ada Rossi Merged with Ben Wu" in text
    assert "merged Ben Wu into another patient Merged with Ada Rossi" in text


def test_the_list_of_merges_offers_undo_for_thirty_days(
    northside: Practice, admin: Client, twin: Patient
) -> None:
    merge = Merge.make(northside.ada, twin, by=northside.by)
    undo = f"/northside/merges/{merge.pk}/undo"

    assert undo in admin.get("/northside/settings/merges").content.decode()

    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        page = signed_in(northside.member).get("/northside/settings/merges")
        refused = signed_in(northside.member).post(undo)
    assert undo not in page.content.decode()
    assert "for good" in text_of(page)
    assert refused.status_code == 422
    assert "30 days" in text_of(refused)


def test_what_cannot_be_parted_is_told_and_nothing_is_changed(
    northside: Practice, admin: Client, twin: Patient
) -> None:
    visit, case = northside.attend(), northside.case(patient=twin)
    merge = Merge.make(northside.ada, twin, by=northside.by)
    case.refresh_from_db()
    visit.link_to(case, by=northside.by)

    answer = admin.post(f"/northside/merges/{merge.pk}/undo")

    assert answer.status_code == 422
    assert "belong to what came and to what was there" in text_of(answer)
    assert Merge.objects.standing().exists()


def test_the_same_one_twice_and_one_that_went_already_are_said(
    northside: Practice, admin: Client, twin: Patient
) -> None:
    same = admin.get(merge_address(northside, northside.ada, northside.ada))
    assert said(same) == ["That is the same. Choose the other one."]
    cleo = northside.patient("Cleo", "Wu")
    Merge.make(cleo, twin, by=northside.by)
    went = admin.get(merge_address(northside, northside.ada, twin))
    assert said(went)[-1] == "Ada Rossi was merged into another already. Choose the other one."
    sent = admin.post(page_of(northside, northside.ada, "/merge"), {"with": twin.pk})
    assert sent.status_code == 422


def test_a_double_click_merges_once(northside: Practice, admin: Client, twin: Patient) -> None:
    sent: dict[str, Any] = {"with": twin.pk, "once": "the-same-token"}
    answers = [admin.post(page_of(northside, northside.ada, "/merge"), sent) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {page_of(northside, northside.ada)}
    assert Merge.objects.count() == 1


def test_another_practices_patient_cannot_be_the_other_one(
    elsewhere: Practice, northside: Practice, admin: Client
) -> None:
    for send in (admin.get, admin.post):
        address = page_of(northside, northside.ada, "/merge")
        assert send(address, {"with": elsewhere.ada.pk}).status_code == 404
    assert Merge.objects.count() == 0


def test_who_may_not_merge_sees_no_button_and_no_undo(northside: Practice, twin: Patient) -> None:
    Merge.make(northside.ada, twin, by=northside.by)
    client = signed_in(northside.member)  # a receptionist

    page = client.get(page_of(northside, northside.ada)).content.decode()

    assert "/merge" not in page
    assert client.get(page_of(northside, northside.ada, "/merge")).status_code == 403
    assert client.get("/northside/settings/merges").status_code == 403
