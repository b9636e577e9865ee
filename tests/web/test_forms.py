"""Forms of records: what is wrong at the field, what somebody else changed, once and not twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from casewell.audit.models import Change
from casewell.cases.models import PatientCase
from casewell.patients.models import Patient
from tests.web.pages import booked
from tests.world import NOON

if TYPE_CHECKING:
    from django.test import Client

    from tests.world import Practice

NAMES = {"first_name": "Ada", "last_name": "Rossi"}


def test_a_stale_edit_shows_what_was_changed_and_is_kept_when_sent_again(
    northside: Practice, desk: Client
) -> None:
    url = f"/northside/patients/{northside.ada.pk}/edit"
    seen = northside.ada.updated_at.isoformat()
    desk.post(url, NAMES | {"occupation": "Nurse", "seen": seen})

    stale = desk.post(url, NAMES | {"occupation": "Chef", "seen": seen})

    shown = stale.content.decode()
    assert stale.status_code == 422
    assert "changed occupation from “” to “Nurse”" in shown
    assert 'value="Chef"' in shown
    assert Patient.objects.get().occupation == "Nurse"

    newer = Patient.objects.get().updated_at.isoformat()
    again = desk.post(url, NAMES | {"occupation": "Chef", "seen": newer})
    assert again.status_code == 302
    assert Patient.objects.get().occupation == "Chef"


def test_the_same_form_sent_twice_acts_once_and_leads_to_the_same_page(
    northside: Practice, desk: Client
) -> None:
    form = booked(northside, once="a-token")

    answers = [desk.post("/northside/bookings/new", form) for _ in range(2)]

    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert northside.account.bookings.count() == 1


def test_a_refused_form_may_be_mended_and_sent_with_the_same_token(
    northside: Practice, desk: Client
) -> None:
    wrong = desk.post("/northside/bookings/new", booked(northside, time="", once="t"))
    right = desk.post("/northside/bookings/new", booked(northside, once="t"))

    assert [wrong.status_code, right.status_code] == [422, 302]


def test_a_full_case_says_what_to_do_and_keeps_what_was_typed(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=1)
    northside.attend(knee)
    form = booked(northside, case=knee.pk, notes="Brings the scans")

    answer = desk.post("/northside/bookings/new", form)

    assert answer.status_code == 422
    assert "Choose another case, or book without one." in answer.content.decode()
    assert "Brings the scans" in answer.content.decode()


def test_a_new_patient_and_a_new_case_are_made_with_the_booking(
    northside: Practice, desk: Client
) -> None:
    form = booked(northside, patient="", case="new", new_patient="yes") | {
        "patient_new-first_name": "Eve",
        "patient_new-last_name": "Lin",
        "case_new-name": "Shoulder",
        "case_new-max_sessions": "6",
    }

    answer = desk.post("/northside/bookings/new", form)

    assert answer.status_code == 302
    eve = Patient.objects.get(last_name="Lin")
    [shoulder] = PatientCase.objects.filter(attendees__patient=eve)
    assert (shoulder.name, shoulder.max_sessions) == ("Shoulder", 6)
    assert Patient.objects.matching("lin").get() == eve


def test_leaving_the_case_out_though_one_is_open_is_said_after_saving(
    northside: Practice, desk: Client
) -> None:
    northside.case()
    northside.case("Hip")

    answer = desk.post("/northside/bookings/new", booked(northside), follow=True)

    assert "2 open cases, none chosen" in answer.content.decode()


def test_lowering_the_limit_below_the_count_is_kept_with_a_warning(
    northside: Practice, desk: Client
) -> None:
    knee = northside.case(max_sessions=5)
    for day in range(3):
        northside.attend(knee, NOON + timedelta(days=day))

    answer = desk.post(
        f"/northside/cases/{knee.pk}/edit",
        {"name": "Knee", "limit_kind": "sessions", "max_sessions": "2"},
        follow=True,
    )

    assert "3 of 2 sessions: more than its limit" in answer.content.decode()
    assert PatientCase.objects.get().max_sessions == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"issue_date": "2026-03-04", "expiry_date": "2026-03-03"}, "expire before it was issued"),
        ({"limit_kind": "sessions"}, "Say how much the limit is"),
        ({"limit_kind": "sessions", "max_sessions": "-1"}, "greater than or equal to"),
        ({"limit_kind": "sessions", "max_sessions": "100000"}, "less than or equal to 200"),
        ({"referral_period": "months"}, "Say how many months"),
        ({"contact": "17"}, "Choose a doctor from the contacts"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_a_case_that_makes_no_sense_is_refused_at_its_field(
    northside: Practice, desk: Client, fields: dict[str, str], sentence: str
) -> None:
    url = f"/northside/patients/{northside.ada.pk}/cases/new"

    answer = desk.post(url, {"name": "Knee"} | fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_every_form_leaves_its_change_row(northside: Practice, desk: Client) -> None:
    desk.post(f"/northside/patients/{northside.ada.pk}/edit", NAMES | {"city": "Glebe"})

    [row] = Change.objects.of(northside.ada)
    assert (row.verb, row.changes["city"], row.user) == (
        "edited",
        ["", "Glebe"],
        northside.member.user,
    )
