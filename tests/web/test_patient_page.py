"""The patient's page: how many used, how many left, until when, who referred, at one look."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from casewell.accounts.roles import Role
from casewell.appointments.models import Attendee, Booking
from casewell.tenancy.ids import new_id
from casewell.web.patient_page import case_list
from tests.web.pages import text_of
from tests.web.test_pages import statements_of
from tests.world import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from django.test import Client

    from casewell.cases.models import PatientCase
    from casewell.patients.models import Patient
    from tests.world import Practice

TODAY = date(2026, 3, 3)


def shown(admin: Client, patient: Patient, query: str = "") -> str:
    return text_of(admin.get(f"/northside/patients/{patient.pk}{query}"))


def daily(northside: Practice, count: int, last: datetime, case: PatientCase | None = None) -> None:
    """So many visits of Ada's, one a day, the last of them at `last`."""
    bookings = [northside.booking(last - timedelta(days=n)) for n in range(count)]
    account = northside.account
    Booking.objects.bulk_create(bookings, batch_size=500)
    Attendee.objects.bulk_create(
        [
            Attendee(
                id=new_id(), account=account, booking=booking, patient=northside.ada, case=case
            )
            for booking in bookings
        ],
        batch_size=500,
    )


def test_the_head_says_who_it_is_how_to_reach_them_and_what_to_be_careful_of(
    northside: Practice, admin: Client
) -> None:
    ada = northside.patient(
        "Adelaide",
        "Rossi",
        preferred_first_name="Ada",
        pronouns={"nominative": "she", "accusative": "her"},
        date_of_birth=timezone.localdate() - timedelta(days=366 * 10),
        phone_numbers=[{"phone_type": "Mobile", "number": "0400 000 000"}],
    )
    northside.account.medical_alerts.create(patient=ada, name="Latex allergy")

    answer = admin.get(f"/northside/patients/{ada.pk}")

    said = text_of(answer)
    for words in ("Rossi, Adelaide", "“ Ada ”", "(she/her)", "· 10 years", "Latex allergy"):
        assert words in said
    assert b'href="tel:0400000000"' in answer.content


def test_one_look_tells_used_booked_left_until_when_and_who_referred(
    northside: Practice, admin: Client
) -> None:
    jane = northside.doctor(company_name="Hill Street Medical", city="Brunswick")
    until = timezone.localdate() + timedelta(days=400)
    knee = northside.case(max_sessions=10, contact=jane, expiry_date=until)
    now = timezone.now()
    for days in (-9, -4, 5):
        northside.attend(knee, now + timedelta(days=days))

    said = shown(admin, northside.ada)

    assert "Left knee open · 7 left" in said
    assert "3 of 10 used 2 · booked 1 · left 7" in said
    assert f"expires {until.day} {until:%b %Y} Dr Jane Lee Hill Street Medical, Brunswick" in said


def test_open_cases_stand_first_and_what_is_over_is_folded_with_its_count(
    northside: Practice,
) -> None:
    gone = [
        northside.case(f"Expired {n}", expiry_date=TODAY - timedelta(days=n)) for n in range(1, 5)
    ]
    closed = northside.case("Closed")
    closed.close(by=northside.by)
    archived = northside.case("Archived")
    archived.archive(by=northside.by)
    new = northside.case("Open, new")

    rows = northside.ada.cases.with_usage().order_by("-id")
    found = case_list(rows, TODAY)

    assert found.now == [new, gone[0], gone[1]]
    assert found.rest == [gone[2], gone[3], closed, archived]
    assert found.rest_in_words == "2 expired, 1 closed, 1 archived"


def test_two_thousand_visits_and_forty_cases_are_few_statements_and_few_rows(
    northside: Practice, admin: Client
) -> None:
    cases = [northside.case(f"Case {n}", max_sessions=200) for n in range(40)]
    now = timezone.now()
    for number in range(4):
        daily(northside, 500, now - timedelta(days=500 * number + 1), cases[number])
    daily(northside, 35, now + timedelta(days=40))
    address = f"/northside/patients/{northside.ada.pk}"

    answer = admin.get(address)  # the first page of a session writes that down
    assert statements_of(admin, address) <= 10
    said = text_of(answer)

    assert "More cases: 30 open, 2 full" in said
    assert answer.content.count(b'scope="row"') == 20 + 10
    assert "Show all 10 of 35 shown" in said
    assert "All 35 are shown." in shown(admin, northside.ada, "?coming=all")
    assert "20 of 2000 shown" in said


def test_older_visits_come_in_steps_and_then_in_pages(northside: Practice, admin: Client) -> None:
    daily(northside, 530, timezone.now() - timedelta(days=1))

    first, second = shown(admin, northside.ada), shown(admin, northside.ada, "?shown=100")
    third = shown(admin, northside.ada, "?shown=500")
    last = admin.get(f"/northside/patients/{northside.ada.pk}?shown=500&page=2")

    assert "Show older 20 of 530 shown" in first
    assert "Show older 100 of 530 shown" in second
    assert "1–500 of 530" in third
    assert "Show older" not in third
    assert last.content.count(b'scope="row"') == 30


def test_a_visit_in_another_zone_is_told_by_the_clocks_of_its_business(
    northside: Practice, admin: Client
) -> None:
    northside.business.time_zone = "Australia/Perth"
    northside.business.save()
    northside.attend(at=NOON)

    assert "Tue 3 Mar 2026 9:00 am" in shown(admin, northside.ada)


def test_each_part_that_is_empty_offers_the_next_step(northside: Practice, admin: Client) -> None:
    answer = admin.get(f"/northside/patients/{northside.ada.pk}")

    said = text_of(answer)
    assert "No cases yet." in said
    assert "Nothing is booked. Book the next visit" in said
    assert f"/northside/patients/{northside.ada.pk}/cases/new".encode() in answer.content
    assert f"/northside/bookings/new?patient={northside.ada.pk}".encode() in answer.content


def test_archiving_says_what_it_means_and_is_undone_on_the_same_page(
    northside: Practice, admin: Client
) -> None:
    northside.attend(at=timezone.now() + timedelta(days=3))
    address = f"/northside/patients/{northside.ada.pk}"

    before = shown(admin, northside.ada)
    admin.post(f"{address}/archive")
    between = shown(admin, northside.ada)
    admin.post(f"{address}/restore")

    assert "1 coming visit stays booked" in before
    assert "Archived today" in between
    assert "Book appt." not in between
    assert "Archived" not in shown(admin, northside.ada)


def test_the_reader_who_may_not_change_sees_all_and_no_buttons(
    northside: Practice, admin: Client
) -> None:
    northside.ada.notes = "Prefers mornings"
    northside.ada.save()
    knee = northside.case(max_sessions=10, contact=northside.doctor())
    northside.account.admit(northside.member.user, role=Role.BOOKKEEPER)

    patient, case = shown(admin, northside.ada), text_of(admin.get(f"/northside/cases/{knee.pk}"))

    assert "Prefers mornings" in patient
    assert "Dr Jane Lee" in patient
    assert "Dr Jane Lee" in case
    for word in ("Edit", "Archive", "Book", "New case", "Medical alert"):
        assert word not in patient
        assert word not in case


def test_a_closed_case_says_who_closed_it_and_why(northside: Practice, admin: Client) -> None:
    knee = northside.case()
    knee.close("Moved away", by=northside.by)

    said = text_of(admin.get(f"/northside/cases/{knee.pk}"))

    assert re.search(r"Closed today .* by Rita Desk: Moved away\. No more visits can join\.", said)
    assert "Book appt." not in said
